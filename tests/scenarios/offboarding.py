"""What people do in the stories of offboarding, and how the tenant looks to them."""

import copy
from dataclasses import fields
from typing import Any
from uuid import UUID

from bot.domain.audit import AuditEntry
from bot.domain.ids import RequestId, WorkspaceId
from bot.domain.offboarding import OffboardingRequest, StepResult
from sandbox.graph.portal import Portal
from sandbox.graph.tenant import Tenant
from sandbox.seeds.entra_ids import seeded_id
from store import audit, offboarding
from store.engine import Database
from tests.scenarios.office import Office
from tests.scenarios.people import APPROVALS, RUTH
from tests.scenarios.screen import Json, button, input_labelled

ALL_ACTIONS = [
    "Disable account",
    "Revoke sessions",
    "Remove group memberships",
    "Remove authentication methods",
]


async def opens_form(office: Office, who: str = RUTH, about: str = "") -> Json:
    """Somebody types /offboard and waits for the form."""
    await office.types(who, f"/offboard {about}".strip())
    return await office.sees_modal(who, "Leaver", "Actions")


def allows_methods(office: Office) -> None:
    """An administrator grants what the removal of methods needs."""
    Portal(office.entra).consent({"grant": ["UserAuthenticationMethod.ReadWrite.All"]})


async def finds(office: Office, who: str, typed: str) -> list[Json]:
    """What the type-ahead offers."""
    view = office.modal(who)
    block = input_labelled(view, "Leaver")
    answer = await office.slack.options(
        who,
        block["element"]["action_id"],
        typed,
        block_id=block["block_id"],
        view_id=view["id"],
    )
    found: list[Json] = answer["options"]
    return found


async def reviews(
    office: Office, who: str = RUTH, leaver: str = "Dana Cole", **fields: Any
) -> Json:
    """Somebody fills the form for a leaver and waits for the plan."""
    await opens_form(office, who)
    offered = await finds(office, who, leaver)
    (chosen,) = [
        each for each in offered if each["text"]["text"].startswith(f"{leaver} (")
    ]
    filled = {"leaver": chosen, "reason": "Last day on Friday", "ticket": "HR-1234"}
    await office.submits(who, **filled | fields)
    return await office.sees_modal(who, "Show every step")


async def asks(
    office: Office, who: str = RUTH, leaver: str = "Dana Cole", **fields: Any
) -> Json:
    """Somebody asks for an offboarding; returns the card in the approvals channel."""
    await reviews(office, who, leaver, **fields)
    await office.submits(who)
    await office.sees_modal(who, "Approval is requested")
    await office.slack.close_view(who, office.modal(who)["id"])
    return await office.sees_message(
        APPROVALS, f"Offboarding: {leaver}", "Waiting for approval"
    )


def as_now(office: Office, card: Json) -> Json:
    """The same message as it stands now."""
    (found,) = [
        each for each in office.messages(APPROVALS, RUTH) if each["ts"] == card["ts"]
    ]
    return found


def request_id_on(card: Json) -> RequestId:
    """The request behind a card: the key that its buttons carry."""
    return RequestId(UUID(button(card, "Details")["value"]))


async def stored(
    office: Office, card: Json
) -> tuple[OffboardingRequest, tuple[StepResult, ...]]:
    """A request and its steps as the running bot stores them."""
    return await stored_in(office.bot.core.database, card)


async def stored_in(
    database: Database, card: Json
) -> tuple[OffboardingRequest, tuple[StepResult, ...]]:
    """A request and its steps as they are stored in a database."""
    key = request_id_on(card)
    async with database.snapshots() as session:
        request = await offboarding.get(session, key)
        return request, await offboarding.steps(session, key)


async def trail(office: Office) -> list[AuditEntry]:
    """The audit trail of the running bot, which must be whole."""
    return await trail_in(office.bot.core.database)


async def trail_in(database: Database) -> list[AuditEntry]:
    """The audit trail in a database, which must be whole."""
    async with database.snapshots() as session:
        check = await audit.verify(session)
        assert check.ok, check.reason
        workspace = WorkspaceId("T0CONTOSO")
        return [entry async for entry in audit.entries(session, workspace)]


class Snapshot:
    """A tenant as it was at one moment, to tell exactly what changed since."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant, self._before = tenant, _facts(tenant)

    def changes(self) -> dict[str, Any]:
        """Every path whose value differs now, with its present value."""
        before, after = self._before, _facts(self._tenant)
        return {
            path: after.get(path)
            for path in before.keys() | after.keys()
            if before.get(path) != after.get(path)
        }


def _facts(tenant: Tenant) -> dict[str, Any]:
    """The whole tenant, flattened to paths that end in plain values or lists."""
    found: dict[str, Any] = {}
    for each in fields(tenant):
        if each.name == "audits":
            continue  # what Microsoft writes down of each change, itself no change
        _flatten(each.name, copy.deepcopy(getattr(tenant, each.name)), found)
    return found


def _flatten(path: str, value: Any, found: dict[str, Any]) -> None:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            _flatten(f"{path}/{key}", inner, found)
    else:
        found[path] = value


def user_id(login: str) -> str:
    """The object ID of a seeded user."""
    return seeded_id("user", login)


def group_id(name: str) -> str:
    """The object ID of a seeded group."""
    return seeded_id("group", name)
