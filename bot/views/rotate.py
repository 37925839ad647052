"""The modal in which a tenant's credential is replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.tenants import Field, SignInKind, Tenant
from bot.graph.clouds import credentials_link
from bot.views.connect import (
    Trouble,
    blamed,
    credential_field,
    sign_in_options,
    trouble_blocks,
)
from bot.views.inputs import radio, select
from bot.views.tenants import TenantAction, credential_text
from bot.views.text import (
    OPTION_MAX,
    Block,
    View,
    clip,
    context,
    field,
    foreign,
    link,
    modal,
    option,
    section,
)

TENANT_BLOCK = "tenant"
TENANTS_MAX = 100  # options of a menu


class RotateAction(StrEnum):
    """Action and callback IDs."""

    SIGN_IN_CHOSEN = "rotate.sign_in_chosen"
    SUBMITTED = "rotate.submitted"


@dataclass(frozen=True)
class RotateForm:
    """What was chosen, to be shown again. Has no place for a secret."""

    tenants: Sequence[Tenant]
    chosen: str = ""  # connection ID
    sign_in: SignInKind = SignInKind.SECRET


def rotate_view(form: RotateForm, trouble: Trouble | None = None) -> View:
    """The form, for one tenant or with a choice among several."""
    blocks = (
        [] if trouble is None else trouble_blocks(trouble, "Not replaced", form.sign_in)
    )
    return modal(
        "Rotate credential",
        [
            *blocks,
            section(
                "The new credential is tried first. Only when it works does it take "
                "the place of the old one; until then nothing changes."
            ),
            *_of_one(form.tenants),
            *blamed(_fields(form), trouble),
        ],
        callback_id=RotateAction.SUBMITTED,
        submit="Rotate",
        close="Cancel",
        private_metadata=str(form.tenants[0].id) if len(form.tenants) == 1 else "",
    )


def tenant_field(
    tenants: Sequence[Tenant], chosen: str, *, action: str = TENANT_BLOCK
) -> Block:
    """A menu of tenants by name."""
    return field(
        TENANT_BLOCK,
        "Tenant",
        select(
            action,
            [option(each.name, str(each.id)) for each in tenants[:TENANTS_MAX]],
            chosen=chosen,
            placeholder="Choose a tenant",
        ),
        dispatch=action != TENANT_BLOCK,
    )


def rotated_text(tenant: Tenant) -> str:
    """Said when it worked."""
    return (
        f":white_check_mark: *{foreign(tenant.name)} now signs in with the new "
        f"credential.*\n{credential_text(tenant)}. Once nothing else uses the old one, "
        "remove it on the app registration's "
        f"{_credentials_page(tenant)} page."
    )


def rotated_view(tenant: Tenant) -> View:
    """Shown when it worked."""
    return modal(
        "Credential rotated",
        [section(rotated_text(tenant))],
        callback_id=TenantAction.ROTATE,
        close="Done",
    )


def _fields(form: RotateForm) -> list[Block]:
    choose_tenant = (
        [] if len(form.tenants) == 1 else [tenant_field(form.tenants, form.chosen)]
    )
    return [
        *choose_tenant,
        field(
            Field.SIGN_IN,
            "Sign in with",
            radio(RotateAction.SIGN_IN_CHOSEN, sign_in_options(), chosen=form.sign_in),
            dispatch=True,
        ),
        credential_field(form.sign_in),
    ]


def _of_one(tenants: Sequence[Tenant]) -> list[Block]:
    if len(tenants) != 1:
        return []
    tenant = tenants[0]
    name = foreign(clip(tenant.name, OPTION_MAX))
    return [
        context(
            f"*{name}* now: {credential_text(tenant)}. Make the new one on its "
            f"{_credentials_page(tenant)} page."
        )
    ]


def _credentials_page(tenant: Tenant) -> str:
    address = credentials_link(tenant.cloud, tenant.client_id)
    return link(address, "Certificates & secrets")
