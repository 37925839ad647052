"""What users did last, and which authentication methods they registered."""

from sandbox.bulk.collection import Collection, Columns
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.graph.schema_activity import REGISTRATION

_METHODS = (
    "[]",
    '["mobilePhone"]',
    '["microsoftAuthenticatorPush","softwareOneTimePasscode"]',
    '["mobilePhone","microsoftAuthenticatorPush","fido2"]',
)


def sign_in_activity(number: int, version: int) -> str:
    """Return when a user signed in last as JSON; null for one in ten."""
    if number % 10 == 3:
        return "null"
    day = f"2026-{1 + number % 9:02}-{1 + (number + version) % 28:02}"
    request = object_id(Kind.REQUEST, number)
    silent = f"{day}T08:09:10Z" if number % 7 else "0001-01-01T00:00:00Z"
    return (
        f'{{"lastSignInDateTime":"{day}T08:{number % 60:02}:00Z",'
        f'"lastSignInRequestId":"{request}",'
        f'"lastNonInteractiveSignInDateTime":"{silent}",'
        '"lastNonInteractiveSignInRequestId":"",'
        f'"lastSuccessfulSignInDateTime":"{day}T07:{number % 60:02}:00Z",'
        f'"lastSuccessfulSignInRequestId":"{request}"}}'
    )


def _registered(number: int, version: int) -> int:
    return (number + version) % len(_METHODS)


def _strong(number: int, version: int) -> str:
    return "true" if _registered(number, version) else "false"


def registrations_of(users: Collection) -> Collection:
    """Return the report on the users who are there now, each under its own id."""
    columns: Columns = {
        "userPrincipalName": users.columns["userPrincipalName"],
        "userDisplayName": users.columns["displayName"],
        "userType": lambda n, v: users.columns["userType"](n, v).lower(),
        "isAdmin": lambda n, _: "true" if n % 97 == 0 else "false",
        "isSsprRegistered": _strong,
        "isSsprEnabled": lambda _, __: "true",
        "isSsprCapable": _strong,
        "isMfaRegistered": _strong,
        "isMfaCapable": _strong,
        "isPasswordlessCapable": lambda n, v: (
            "true" if _registered(n, v) == 3 else "false"
        ),
        "methodsRegistered": lambda n, v: _METHODS[_registered(n, v)],
        "lastUpdatedDateTime": lambda n, v: (
            f'"2026-08-{1 + (n + v) % 28:02}T03:04:05.6195833Z"'
        ),
    }
    return users.seen_as(REGISTRATION, columns)
