"""From Graph's error body to a typed error.

Graph's codes differ between the services behind it, also in upper and lower case;
where one code stands for several things the message has to tell them apart.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.permissions import AppRole, roles_meeting
from bot.graph.decoding.cleaning import mended
from bot.graph.errors import (
    DefaultMethodError,
    GraphError,
    ObjectNotFoundError,
    PermissionMissingError,
    PrivilegedTargetError,
    TokenRefusedError,
    UnavailableError,
    UnlicensedError,
    WriteRefusal,
    WriteRefusedError,
)

# What the refusals for want of a licence ask for, by their code.
_LICENCES = {
    "authentication_requestfromnonpremiumtenantorb2ctenant": (
        "Microsoft Entra ID P1 or higher"
    ),
    "aadpremiumlicenserequired": (
        "Microsoft Entra ID P2 or Microsoft Entra ID Governance"
    ),
}
# Said by any service that a tenant does not have; the permission tells which.
_NOT_APPLICABLE = "not applicable to target tenant"
_NAMED_ROLE = re.compile(
    r"permission\(s\): ?(?P<names>[A-Za-z0-9.,\- ]+?)(?: to call|$)"
)


@dataclass(frozen=True)
class Refusal:
    """An error answer of Graph, taken apart."""

    status: int
    code: str = ""
    message: str = ""
    request_id: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """The attributes that every GraphError keeps."""
        return {
            "status": self.status,
            "graph_code": self.code,
            "request_id": self.request_id,
        }


def read_refusal(status: int, body: object, headers: Mapping[str, str]) -> Refusal:
    """Take an error answer apart; a body that is not Graph's leaves code "" .

    What it says is stored and shown, so NUL and halves of characters are mended.
    """
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return Refusal(status, request_id=headers.get("request-id"))
    inner = error.get("innerError") or error.get("innererror") or {}
    told = _said_in(inner, "request-id") or None if isinstance(inner, dict) else None
    return Refusal(
        status=status,
        code=_said_in(error, "code"),
        message=_said_in(error, "message"),
        request_id=headers.get("request-id") or told,
    )


def _said_in(error: Mapping[str, Any], name: str) -> str:
    return str(mended(str(error.get(name) or "")))


def refused(
    refusal: Refusal,
    *,
    needs: AppRole | None,
    granted: Collection[str],
    is_write: bool,
) -> GraphError:
    """Word a 4xx answer that no retry will change.

    Args:
        needs: the permission that the call named.
        granted: the roles of the token that was sent.
    """
    if (licence := _licence_of(refusal, needs)) is not None:
        return _unlicensed(refusal, licence)
    if refusal.status == 401:
        return _token_refused(refusal)
    if refusal.status == 403:
        return _forbidden(refusal, needs, granted, is_write=is_write)
    if refusal.status == 404:
        return _not_found(refusal)
    if is_write:
        return _write_refused(refusal)
    return _not_understood(refusal)


def lacks(needs: AppRole | None, granted: Collection[str]) -> bool:
    """Whether none of the roles that serve for `needs` is granted."""
    return needs is not None and roles_meeting(needs).isdisjoint(granted)


def _forbidden(
    refusal: Refusal,
    needs: AppRole | None,
    granted: Collection[str],
    *,
    is_write: bool,
) -> GraphError:
    if named := _NAMED_ROLE.search(refusal.message):
        return PermissionMissingError(named["names"].strip(), **refusal.facts)
    if needs is not None and lacks(needs, granted):
        return PermissionMissingError(needs.value, **refusal.facts)
    if is_write:
        return _privileged(refusal)
    return GraphError(
        "Microsoft Graph refused a read, although the permission for it is granted.",
        remedy="If the permission was granted a moment ago, check again in a few "
        "minutes; else give the request-id to Microsoft's support.",
        **refusal.facts,
    )


def _privileged(refusal: Refusal) -> GraphError:
    return PrivilegedTargetError(
        "Microsoft refused this change although the permission is granted: it protects "
        "people who hold an administrator role, or are in a role-assignable group.",
        remedy="Have an administrator make this change, or assign the app's service "
        "principal the directory role Privileged Authentication Administrator.",
        **refusal.facts,
    )


def _token_refused(refusal: Refusal) -> GraphError:
    return TokenRefusedError(
        "Microsoft Graph refused two tokens in a row.",
        remedy="Check that the connection's cloud is the tenant's own and that this "
        "machine's clock is right; then check again.",
        **refusal.facts,
    )


def _not_found(refusal: Refusal) -> GraphError:
    return ObjectNotFoundError(
        "The directory has no such object (any more).",
        remedy="If it was made a moment ago, try again in a minute; else it was "
        "deleted.",
        **refusal.facts,
    )


def _licence_of(refusal: Refusal, needs: AppRole | None) -> str | None:
    """The licence that the tenant lacks; None for a refusal about something else."""
    if (licence := _LICENCES.get(refusal.code.lower())) is not None:
        return licence
    if _NOT_APPLICABLE not in refusal.message.lower():
        return None
    is_intune = needs is not None and needs.startswith("DeviceManagement")
    return "Microsoft Intune" if is_intune else "a licence for the service asked"


def _unlicensed(refusal: Refusal, licence: str) -> GraphError:
    return UnlicensedError(
        "The tenant has no licence for this.",
        remedy=f"It needs {licence}; without it this part stays off.",
        **refusal.facts,
    )


def _not_understood(refusal: Refusal) -> GraphError:
    return GraphError(
        f"Microsoft Graph did not accept a question of Gatehouse: {_said(refusal)}",
        remedy="This is a fault of Gatehouse, or this cloud lacks the feature: report "
        "it with the request-id.",
        **refusal.facts,
    )


def _said(refusal: Refusal) -> str:
    return (refusal.message or refusal.code or f"status {refusal.status}")[:200]


@dataclass(frozen=True)
class _Rule:
    """A write rule: a piece of Graph's message, and its words for people."""

    piece: str
    reason: WriteRefusal
    message: str
    remedy: str


_RULES = (
    _Rule(
        "current default authentication method",
        WriteRefusal.DEFAULT_METHOD,
        "This is the default authentication method; it goes only as the last one.",
        "Remove the other methods first, then this one.",
    ),
    _Rule(
        "without first deleting alternate mobile",
        WriteRefusal.ALTERNATE_PHONE_FIRST,
        "The mobile number stays while an alternate mobile number is there.",
        "Remove the alternate mobile number first.",
    ),
    _Rule(
        "removed object references do not exist",
        WriteRefusal.NOT_A_MEMBER,
        "The user is not a member of this group.",
        "Nothing to do.",
    ),
    _Rule(
        "mail-enabled security groups and or distribution list",
        WriteRefusal.MAIL_ENABLED,
        "Only Exchange can change the members of this group.",
        "Remove the member in the Exchange admin center.",
    ),
    _Rule(
        "on-premises mastered",
        WriteRefusal.SYNCED,
        "An on-premises directory is the master of this object.",
        "Make the change in the on-premises Active Directory.",
    ),
    _Rule(
        "dynamic membership",
        WriteRefusal.DYNAMIC,
        "A rule decides who is in this group.",
        "Change the user's attributes, or the group's membership rule.",
    ),
    _Rule(
        "must have at least one owner",
        WriteRefusal.LAST_OWNER,
        "The group's last owner cannot be removed.",
        "Add another owner first.",
    ),
)


def _write_refused(refusal: Refusal) -> GraphError:
    said = refusal.message.lower()
    for rule in _RULES:
        if rule.piece in said:
            kind = _ERRORS.get(rule.reason, WriteRefusedError)
            return kind(rule.reason, rule.message, remedy=rule.remedy, **refusal.facts)
    return WriteRefusedError(
        WriteRefusal.OTHER,
        f"Microsoft refused this change: {_said(refusal)}",
        remedy="Make the change in the Entra admin center, which may say more.",
        **refusal.facts,
    )


_ERRORS: Mapping[WriteRefusal, type[WriteRefusedError]] = {
    WriteRefusal.DEFAULT_METHOD: DefaultMethodError
}


def failing(refusal: Refusal) -> UnavailableError:
    """Word a service that kept failing until patience ran out."""
    return UnavailableError(
        f"Microsoft Graph keeps failing (status {refusal.status}).",
        remedy="Try again in a few minutes; Microsoft's service health page may say "
        "more.",
        **refusal.facts,
    )
