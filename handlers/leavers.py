"""Whom somebody means by a mention, an address or a message's author."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId, ObjectId, SlackUserId
from bot.graph.users import User
from bot.views.offboarding_form import FoundUser, Match
from handlers.listening import Turn

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_MAILTO = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")
_ADDRESS = re.compile(r"[\w.+'#-]+@[\w.-]+\Z")


@dataclass(frozen=True)
class Meant:
    """Whom a form is about before the leaver is chosen.

    Attributes:
        person: a Slack person; their e-mail address leads to the account.
        address: an address as typed.
        unclear: words that are neither.
    """

    person: SlackUserId | None = None
    address: str | None = None
    unclear: str = ""

    @property
    def is_anybody(self) -> bool:
        """Whether somebody was named at all."""
        return bool(self.person or self.address or self.unclear)


def meant_by(text: str) -> Meant:
    """Read what follows the command."""
    text = text.strip()
    if found := _MENTION.match(text):
        return Meant(person=SlackUserId(found.group(1)))
    if found := _MAILTO.match(text):
        return Meant(address=found.group(1).strip())
    if _ADDRESS.match(text):
        return Meant(address=text)
    return Meant(unclear=text)


async def in_tenants(
    turn: Turn, tenants: Sequence[ConnectionId], meant: Meant
) -> tuple[ConnectionId | None, Match | None]:
    """Choose the only tenant, or the only one in which the person has an account."""
    if len(tenants) == 1:
        return tenants[0], await in_tenant(turn, tenants[0], meant)
    if not meant.is_anybody:
        return None, None
    matches = await asyncio.gather(*(in_tenant(turn, each, meant) for each in tenants))
    hits = [
        (tenant, match)
        for tenant, match in zip(tenants, matches, strict=True)
        if match is not None and match.user is not None
    ]
    return hits[0] if len(hits) == 1 else (None, None)


async def in_tenant(turn: Turn, tenant: ConnectionId, meant: Meant) -> Match | None:
    """Look the person's account up in one tenant; None where nobody was named."""
    if not meant.is_anybody:
        return None
    if meant.unclear:
        return Match(meant.unclear, problem="this is neither a person nor an address.")
    address = meant.address
    try:
        if meant.person is not None:
            address = (await turn.access.directory.person(meant.person)).email
        if address is None:
            return Match(None, slack_id=meant.person)
        found = await turn.services.offboarding.leavers.match(tenant, address)
    except (BotError, TimeoutError) as error:
        why = error.message if isinstance(error, BotError) else "Graph is too slow."
        problem = f"the account could not be looked up: {why}"
        return Match(address, slack_id=meant.person, problem=problem)
    user = found_user(found) if found is not None else None
    return Match(address, user, meant.person)


def found_user(user: User) -> FoundUser:
    """An Entra user as the form shows it."""
    return FoundUser(
        ObjectId(user.id), user.name, user.user_principal_name, user.job_title or ""
    )
