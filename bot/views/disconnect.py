"""The modal in which a tenant is disconnected, confirmed by typing its name."""

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.tenants import NAME_MAX, Tenant
from bot.views.connect import Trouble, blamed
from bot.views.errors import error_text
from bot.views.inputs import text_input
from bot.views.rotate import tenant_field
from bot.views.tenants import TenantAction
from bot.views.text import Block, View, field, foreign, modal, section

CONFIRM_BLOCK = "confirm_name"


class DisconnectAction(StrEnum):
    """Callback IDs."""

    SUBMITTED = "disconnect.submitted"


def disconnect_view(
    tenants: Sequence[Tenant], chosen: str = "", trouble: Trouble | None = None
) -> View:
    """The question, for one tenant or with a choice among several."""
    one = tenants[0] if len(tenants) == 1 else None
    banner = [] if trouble is None else [section(error_text(trouble.error))]
    return modal(
        "Disconnect a tenant",
        [
            *banner,
            section(
                "*Disconnecting stops all watching at once* and removes the stored "
                "credential, alerts and what was read. Offboarding requests that wait "
                "are voided. The audit trail is kept. Nothing changes in Entra."
            ),
            *([] if one else [tenant_field(tenants, chosen)]),
            *blamed([_confirm_field(one)], trouble),
        ],
        callback_id=DisconnectAction.SUBMITTED,
        submit="Disconnect",
        close="Cancel",
        private_metadata=str(one.id) if one else "",
    )


def disconnected_text(tenant: Tenant, voided: int) -> str:
    """Said when it is done."""
    requests = f" Voided offboarding requests: {voided}." if voided else ""
    return (
        f":white_check_mark: *{foreign(tenant.name)} is disconnected.* Its credential "
        f"and what was read are removed; the audit trail is kept.{requests}\n"
        "*Next:* if nothing else uses the app's secret, delete it in Entra."
    )


def disconnected_view(tenant: Tenant, voided: int) -> View:
    """Shown when it is done."""
    return modal(
        "Disconnected",
        [section(disconnected_text(tenant, voided))],
        callback_id=TenantAction.DISCONNECT,
        close="Done",
    )


def _confirm_field(one: Tenant | None) -> Block:
    wanted = f"the name {one.name}" if one else "the tenant's name"
    return field(
        CONFIRM_BLOCK,
        "Name, to confirm",
        text_input(CONFIRM_BLOCK, most=NAME_MAX),
        hint=f"Type {wanted}.",
    )
