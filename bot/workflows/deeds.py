"""What each planned step does in Graph, and how the directory shows that it is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.ids import ObjectId
from bot.domain.plans import Action, Leaver, PlannedStep
from bot.graph import authentication_methods, groups, users
from bot.graph.authentication_methods import AuthenticationMethod
from bot.graph.client import GraphClient


@dataclass(frozen=True)
class Deed:
    """One change: read whether it is so, make it so, and the words for both.

    Attributes:
        is_so: reads the directory; never believes an answer to a write.
        do: writes once.
        proof: what was seen after the change.
        already: what was seen before anything was done.
    """

    is_so: Callable[[], Awaitable[bool]]
    do: Callable[[], Awaitable[None]]
    proof: str
    already: str


def deed_of(
    step: PlannedStep, leaver: Leaver, graph: GraphClient, *, before: str | None
) -> Deed:
    """The deed of a planned step.

    Args:
        before: what `state_before` read when the step began.
    """
    user = leaver.object_id
    match step.action:
        case Action.DISABLE_ACCOUNT:
            return _disable(graph, leaver)
        case Action.REVOKE_SESSIONS:
            return _revoke(graph, user, before)
        case Action.REMOVE_GROUPS:
            return _leave_group(graph, user, ObjectId(UUID(step.target_id)))
        case Action.REMOVE_METHODS:
            return _remove_method(graph, user, step)


async def state_before(
    step: PlannedStep, leaver: Leaver, graph: GraphClient
) -> str | None:
    """What has to be remembered to tell later that the step made a difference.

    Returns:
        For revoking sessions the instant until which they were revoked already, since
        afterwards nothing else tells a new revocation from an old one. Else None.
    """
    if step.action is not Action.REVOKE_SESSIONS:
        return None
    valid_from = await _sessions_valid_from(graph, leaver.object_id)
    return valid_from.isoformat() if valid_from else None


def _disable(graph: GraphClient, leaver: Leaver) -> Deed:
    async def is_so() -> bool:
        user = await users.get_user(graph, leaver.object_id)
        return user.account_enabled is False

    async def do() -> None:
        await users.set_account_enabled(graph, leaver.object_id, False)

    # The next sync from on-premises may undo it.
    too = " Disable it in Active Directory too." if leaver.is_synced else ""
    return Deed(
        is_so,
        do,
        proof=f"Read back: the account is disabled.{too}",
        already=f"The account was disabled already.{too}",
    )


def _revoke(graph: GraphClient, user: ObjectId, before: str | None) -> Deed:
    revoked_until = datetime.fromisoformat(before) if before else None

    async def is_so() -> bool:
        valid_from = await _sessions_valid_from(graph, user)
        if valid_from is None:
            return False
        return revoked_until is None or valid_from > revoked_until

    async def do() -> None:
        await users.revoke_sessions(graph, user)

    return Deed(
        is_so,
        do,
        proof="Read back: sessions from before are no longer valid. Access tokens that "
        "are out already may live for up to an hour.",
        already="",
    )


def _leave_group(graph: GraphClient, user: ObjectId, group: ObjectId) -> Deed:
    async def is_so() -> bool:
        return not await groups.is_member(graph, group, user)

    async def do() -> None:
        await groups.remove_member(graph, group, user)

    return Deed(
        is_so,
        do,
        proof="Read back: no longer a member.",
        already="Was not a member any more.",
    )


def _remove_method(graph: GraphClient, user: ObjectId, step: PlannedStep) -> Deed:
    method = AuthenticationMethod(step.target_id, step.variety, step.target_name)

    async def is_so() -> bool:
        return not await authentication_methods.is_registered(
            graph, user, step.variety, step.target_id
        )

    async def do() -> None:
        await authentication_methods.remove_method(graph, user, method)

    return Deed(
        is_so,
        do,
        proof="Read back: the method is gone.",
        already="The method was gone already.",
    )


async def _sessions_valid_from(graph: GraphClient, user: ObjectId) -> datetime | None:
    return (await users.get_user(graph, user)).sign_in_sessions_valid_from
