"""The modal in which a connected tenant's name, channels and approvers change."""

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.tenants import Field, Tenant, TenantSettings
from bot.views.connect import (
    Trouble,
    approvers_field,
    blamed,
    channel_fields,
    name_field,
)
from bot.views.errors import error_text
from bot.views.rotate import tenant_field
from bot.views.tenants import TenantAction
from bot.views.text import (
    Block,
    View,
    channel,
    context,
    foreign,
    modal,
    person,
    section,
)


class SettingsAction(StrEnum):
    """Action and callback IDs."""

    TENANT_CHOSEN = "settings.tenant_chosen"
    SUBMITTED = "settings.submitted"


def settings_view(
    tenants: Sequence[Tenant],
    tenant: Tenant,
    settings: TenantSettings,
    trouble: Trouble | None = None,
) -> View:
    """The form, filled in with `settings` of `tenant`, one of `tenants`.

    Block IDs carry the tenant's ID: another tenant's fields must not inherit what was
    typed for this one.
    """
    suffix = block_suffix(str(tenant.id))
    banner = [] if trouble is None else [section(error_text(trouble.error))]
    choice = (
        [tenant_field(tenants, str(tenant.id), action=SettingsAction.TENANT_CHOSEN)]
        if len(tenants) > 1
        else []
    )
    return modal(
        "Tenant settings",
        [*banner, *choice, *blamed(_fields(settings, suffix), _under(trouble, suffix))],
        callback_id=SettingsAction.SUBMITTED,
        submit="Save",
        close="Cancel",
        private_metadata=str(tenant.id),
    )


def block_suffix(key: str) -> str:
    """What a tenant's block IDs end in."""
    return f":{key}"


def saved_text(tenant: Tenant) -> str:
    """Said when it is saved."""
    people = ", ".join(person(user) for user in tenant.approvers)
    return (
        f":white_check_mark: *The settings of {foreign(tenant.name)} are saved.*\n"
        f"Alerts go to {channel(tenant.alerts_channel)}, requests to "
        f"{channel(tenant.approvals_channel)}. Approvers: {people}."
    )


def saved_view(tenant: Tenant) -> View:
    """Shown when it is saved."""
    return modal(
        "Settings saved",
        [
            section(saved_text(tenant)),
            context(
                "Messages already posted stay where they are. Requests that wait for a "
                "decision can be decided by the new approvers."
            ),
        ],
        callback_id=TenantAction.SETTINGS,
        close="Done",
    )


def _fields(settings: TenantSettings, suffix: str) -> list[Block]:
    return [
        name_field(settings.name, suffix=suffix),
        *channel_fields(
            settings.alerts_channel, settings.approvals_channel, suffix=suffix
        ),
        approvers_field(settings.approvers, suffix=suffix),
    ]


def _under(trouble: Trouble | None, suffix: str) -> Trouble | None:
    if trouble is None or trouble.field not in set(Field):
        return None
    return Trouble(trouble.error, f"{trouble.field}{suffix}")
