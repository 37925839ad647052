"""What administrators do with tenants in the stories, and what is stored then."""

from itertools import pairwise
from typing import Any

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.ids import ConnectionId, WorkspaceId
from bot.domain.tenants import AppCredential, SignInKind, Tenant
from sandbox.graph.portal import Portal
from sandbox.slack.acts.outcomes import Submission
from store import audit, tenants
from tests.scenarios.office import CONNECTION, Office
from tests.scenarios.people import ADA, CLIENT_ID
from tests.scenarios.screen import Json, input_labelled, words_in

CONNECTED = "Tenant connected"  # the modal's words once it is


async def opens(office: Office, who: str = ADA) -> Json:
    """Somebody types the command and looks at the form."""
    await office.types(who, "/entra connect")
    return await office.sees_modal(who, "Sign in with")


async def fills_in(office: Office, **changes: Any) -> Submission:
    """Ada opens the form and submits it with some fields other than right."""
    await opens(office)
    return await office.submits(ADA, **{**CONNECTION, **changes})


async def written_down(office: Office, *actions: AuditAction) -> list[AuditEntry]:
    """The audit entries of these actions, oldest first."""
    async with office.bot.core.database.snapshots() as session:
        return [
            entry
            async for entry in audit.entries(session, WorkspaceId("T0CONTOSO"))
            if entry.action in actions
        ]


def initial(view: Json, label: str) -> Any:
    """What a field shows before anybody types."""
    element = input_labelled(view, label)["element"]
    for name, value in element.items():
        if name.startswith("initial_"):
            return value["text"]["text"] if name == "initial_option" else value
    return None


def flagged(view: Json) -> str | None:
    """The label of the field under which a red flag stands."""
    blocks = view["blocks"]
    for before, block in pairwise(blocks):
        if ":triangular_flag_on_post:" in words_in(block):
            return str(before["label"]["text"])
    return None


def typed_in(view: Json, label: str) -> str:
    """What stands in a text field."""
    block = input_labelled(view, label)
    state = view["state"]["values"][block["block_id"]]
    return str(state[block["element"]["action_id"]]["value"])


async def the_tenant(office: Office) -> Tenant:
    """The one tenant as it is stored."""
    (tenant,) = await office.bot.core.services.tenants.list_connected()
    return tenant


async def stored_credential(office: Office) -> AppCredential:
    """What would sign in now."""
    core, tenant = office.bot.core, await the_tenant(office)
    async with core.database.sessions() as session:
        return await tenants.credential_of(session, tenant.id, core.keys)


def add_secret(office: Office, days: float = 365) -> str:
    """Ada makes a new secret in the portal."""
    wanted = {"app": CLIENT_ID, "add_secret": {"displayName": "2027", "days": days}}
    return str(Portal(office.entra).app(wanted)["secretText"])


async def disconnects(office: Office, typed: str = "Contoso") -> None:
    """Ada asks to disconnect and types a name to confirm."""
    await office.types(ADA, "/entra disconnect")
    await office.sees_modal(ADA, "stops all watching at once")
    await office.submits(ADA, **{"Name, to confirm": typed})


async def also_connected(office: Office, name: str) -> None:
    """A second registration of the same tenant, stored as if it had been connected."""
    core, first = office.bot.core, await the_tenant(office)
    facts = vars(first) | {
        "id": ConnectionId(first.tenant_id),
        "client_id": first.id,
        "name": name,
    }
    credential = AppCredential(
        SignInKind.SECRET, "any8Q~thing-that-is-never-tried-here"
    )
    async with core.database.sessions.begin() as session:
        await tenants.add(session, Tenant(**facts), credential, core.keys)
