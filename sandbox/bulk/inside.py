"""What a few apps hold inside: trusts without a secret, and provisioning jobs."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.bulk.collection import Collection, Column
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.memberships import is_anchor_principal
from sandbox.bulk.shape import Shape

Json = dict[str, Any]
_NEVER = "0001-01-01T00:00:00Z"
_CODES = ("Active", "Quarantine", "Paused", "Active")


class FederatedCredentials:
    """The federated credentials of app registrations: one app in fifty has some."""

    def __init__(self, applications: Collection) -> None:
        self._applications = applications

    def of(self, number: int) -> list[Json]:
        """Return those of one app; a change of the app adds one."""
        if number % 50 != 7:
            return []
        count = 1 + number % 2 + self._applications.versions.get(number, 0)
        return [_credential(number, which) for which in range(min(count, 20))]

    def column(self) -> Column:
        """Return the column that $expand=federatedIdentityCredentials adds."""
        return lambda number, _: json.dumps(self.of(number), separators=(",", ":"))

    def everything(self) -> Iterator[Json]:
        """Yield all of them, each with the id of its app."""
        for number in self._applications.live(range(self._applications.size)):
            app = object_id(Kind.APPLICATION, number)
            for credential in self.of(number):
                yield {"applicationId": app, **credential}


def _credential(number: int, which: int) -> Json:
    return {
        "id": object_id(Kind.FEDERATED, number * 100 + which),
        "name": f"deploy-{which}",
        "issuer": "https://ci.bulk.example",
        "subject": f"repo:bulk/app{number}:ref:refs/heads/branch-{which}",
        "audiences": ["api://AzureADTokenExchange"],
        "description": None,
    }


class ProvisioningJobs:
    """The jobs of service principals: one in about a hundred is provisioned."""

    def __init__(self, shape: Shape, principals: Collection) -> None:
        self._own, self._principals = shape.applications, principals

    def of(self, number: int) -> list[Json]:
        """Return the jobs of one service principal."""
        gallery_app = number % 15 != 4 and number < self._own
        if number % 97 != 5 or not gallery_app or not is_anchor_principal(number):
            return []
        return [_job(number, self._principals.versions.get(number, 0))]

    def everything(self) -> Iterator[Json]:
        """Yield all of them, each with the id of its service principal."""
        for number in self._principals.live(range(self._principals.size)):
            principal = object_id(Kind.SERVICE_PRINCIPAL, number)
            for job in self.of(number):
                yield {"servicePrincipalId": principal, **job}


def _job(number: int, version: int) -> Json:
    code = _CODES[(number // 97 + version) % len(_CODES)]
    failed = code == "Quarantine"
    error = {"code": "Unauthorized", "message": "401", "tenantActionable": True}
    ended = f"2026-09-{1 + version % 28:02}T04:05:06.7Z"
    last = {
        "state": "Failed" if failed else "Succeeded",
        "timeBegan": ended,
        "timeEnded": ended,
        "error": error if failed else None,
    }
    quarantine = {
        "currentBegan": ended,
        "reason": "EncounteredQuarantineException",
        "seriesBegan": ended,
        "seriesCount": 3,
        "error": error,
    }
    return {
        "id": f"scim.{number:032x}.bulk",
        "templateId": "scim",
        "schedule": {
            "expiration": None,
            "interval": "PT40M",
            "state": "Disabled" if code == "Paused" else "Active",
        },
        "status": {
            "code": code,
            "lastExecution": None if code == "Paused" else last,
            "quarantine": quarantine if failed else None,
            "steadyStateLastAchievedTime": _NEVER if code == "Paused" else ended,
        },
        "synchronizationJobSettings": [],
    }
