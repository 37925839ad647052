"""What entries of the logs look like."""

from typing import Any

from sandbox.bulk.apps import client_id
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.people import DOMAIN
from sandbox.bulk.shape import Shape
from sandbox.seeds.entra_ids import TENANT_ID

Json = dict[str, Any]
_ACTIVITIES = (
    ("Update user", "UserManagement"),
    ("Add member to group", "GroupManagement"),
    ("Consent to application", "ApplicationManagement"),
    ("Add owner to application", "ApplicationManagement"),
    ("Add member to role", "RoleManagement"),
)
_CODES = (0, 0, 0, 0, 50126, 0, 0, 65001, 0, 50074)


class Entries:
    """Writes entries about the people and apps of a directory that stay in it."""

    def __init__(self, shape: Shape) -> None:
        self._users = shape.anchors
        self._apps = min(10, shape.service_principals)

    def _user(self, number: int) -> Json:
        who = number % self._users
        return {
            "id": object_id(Kind.USER, who),
            "displayName": f"User {who}",
            "userPrincipalName": f"user{who}@{DOMAIN}",
        }

    def audit(self, number: int, time: str) -> Json:
        """Return an entry of the directory's audit log."""
        activity, category = _ACTIVITIES[number % len(_ACTIVITIES)]
        failed = number % 17 == 2
        target = {"type": "User", "modifiedProperties": [], **self._user(number * 7)}
        return {
            "id": f"Directory_{number:08x}_{object_id(Kind.ENTRY, number)}",
            "category": category,
            "correlationId": object_id(Kind.REQUEST, number),
            "result": "failure" if failed else "success",
            "resultReason": "Risky application detected" if failed else "",
            "activityDisplayName": activity,
            "activityDateTime": time,
            "loggedByService": "Core Directory",
            "operationType": "Update",
            "initiatedBy": {"user": self._user(number), "app": None},
            "targetResources": [target],
            "additionalDetails": [],
        }

    def sign_in(self, number: int, time: str) -> Json:
        """Return a sign-in."""
        user, code = self._user(number * 3), _CODES[number % len(_CODES)]
        app = number % self._apps
        return {
            "id": object_id(Kind.ENTRY, number),
            "createdDateTime": time,
            "userDisplayName": user["displayName"],
            "userPrincipalName": user["userPrincipalName"],
            "userId": user["id"],
            "appId": client_id(app),
            "appDisplayName": f"App {app}",
            "ipAddress": f"198.51.100.{number % 250}",
            "clientAppUsed": "Browser",
            "correlationId": object_id(Kind.REQUEST, number),
            "conditionalAccessStatus": "notApplied",
            "isInteractive": True,
            "resourceDisplayName": "Microsoft Graph",
            "status": {
                "errorCode": code,
                "failureReason": "Refused." if code else "Other.",
                "additionalDetails": None,
            },
        }

    def provisioned(self, number: int, time: str) -> Json:
        """Return an entry of the provisioning log."""
        failed = number % 9 == 4
        error = {"errorCode": "Unauthorized", "reason": "401", "additionalDetails": ""}
        app = number % self._apps
        return {
            "id": object_id(Kind.ENTRY, number),
            "activityDateTime": time,
            "tenantId": TENANT_ID,
            "jobId": f"scim.{app:032x}.bulk",
            "cycleId": object_id(Kind.REQUEST, number),
            "changeId": object_id(Kind.REQUEST, number + 1),
            "provisioningAction": "update",
            "durationInMilliseconds": 100 + number % 900,
            "servicePrincipal": {
                "id": object_id(Kind.SERVICE_PRINCIPAL, app),
                "displayName": f"App {app}",
            },
            "sourceIdentity": {**self._user(number), "identityType": "User"},
            "targetIdentity": {"id": None, "displayName": f"user{number}@target"},
            "provisioningStatusInfo": {
                "status": "failure" if failed else "success",
                "errorInformation": error if failed else None,
            },
            "provisioningSteps": [],
            "modifiedProperties": [],
        }
