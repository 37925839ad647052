"""The connect modal: its form, the wait while it is checked, and its outcome."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.clouds import Cloud
from bot.domain.errors import BotError
from bot.domain.tenants import NAME_MAX, SECRET_MAX, Field, SignInKind, Tenant
from bot.views.inputs import channel_select, people_select, radio, select, text_input
from bot.views.tenants import connection_blocks
from bot.views.text import (
    Block,
    View,
    context,
    divider,
    field,
    modal,
    option,
    section,
    sentences,
)

GUID_EXAMPLE = "8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001"
TYPED_GUID_MAX = 100  # room for white space pasted along


class ConnectAction(StrEnum):
    """Action and callback IDs."""

    OPEN = "connect.open"
    SIGN_IN_CHOSEN = "connect.sign_in_chosen"
    SUBMITTED = "connect.submitted"


class ConnectShown(StrEnum):
    """Callback IDs of modals that are only read."""

    CHECKING = "connect.checking"
    OUTCOME = "connect.outcome"


@dataclass(frozen=True)
class ConnectForm:
    """What was typed and chosen, to be shown again. Has no place for a secret."""

    name: str = ""
    cloud: Cloud = Cloud.GLOBAL
    tenant_id: str = ""
    client_id: str = ""
    sign_in: SignInKind = SignInKind.SECRET
    alerts_channel: str = ""
    approvals_channel: str = ""
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Why a form is shown again: what was wrong, and the field to blame, if any.

    Slack takes errors under fields only as the answer to a submission, within 3 s.
    What is found out later is drawn: on top, and again under the field.

    Attributes:
        hint: one more sentence that may help.
    """

    error: BotError
    field: str | None = None
    hint: str = ""


def connect_view(form: ConnectForm, trouble: Trouble | None = None) -> View:
    """The form, empty or filled in again."""
    blocks = (
        []
        if trouble is None
        else trouble_blocks(trouble, "Not connected", form.sign_in)
    )
    if trouble is None:
        blocks.append(
            section(
                "Register an app for Gatehouse in Entra first; its *Overview* page "
                "shows both IDs."
            )
        )
    return modal(
        "Connect a tenant",
        blocks + blamed(_form_fields(form), trouble),
        callback_id=ConnectAction.SUBMITTED,
        submit="Connect",
        close="Cancel",
    )


def checking_view(title: str = "Connect a tenant", *, what: str = "") -> View:
    """Shown while Entra and Graph are asked."""
    words = what or "Signing in to Entra and reading what the app may do."
    return modal(
        title,
        [
            section(f":hourglass_flowing_sand: *Checking …*\n{words}"),
            context(
                "This takes a few seconds. You may close this window: the outcome "
                "then reaches you as a direct message."
            ),
        ],
        callback_id=ConnectShown.CHECKING,
    )


def outcome_view(tenant: Tenant, consent_link: str | None = None) -> View:
    """What connecting, or checking again, found out."""
    return modal(
        "Tenant connected" if tenant.granted else "Consent is missing",
        connection_blocks(tenant, consent_link),
        callback_id=ConnectShown.OUTCOME,
        close="Done",
    )


def trouble_blocks(trouble: Trouble, title: str, kind: SignInKind) -> list[Block]:
    """The banner on top of a form that is shown again."""
    what = (
        "client secret value"
        if kind is SignInKind.SECRET
        else "certificate and private key"
    )
    return [
        section(
            f":warning: *{title}.* {sentences(trouble.error.message)}\n"
            f"*Next:* {sentences(trouble.error.remedy)}"
            + (f"\n{trouble.hint}" if trouble.hint else "")
        ),
        context(
            f"The {what} must be pasted again: Gatehouse does not keep what it could "
            "not use. Everything else is as you left it."
        ),
        divider(),
    ]


def blamed(blocks: list[Block], trouble: Trouble | None) -> list[Block]:
    """Put a red flag under the field that is to blame."""
    if trouble is None or trouble.field is None:
        return blocks
    told = sentences(trouble.error.brief)
    flag = context(f":triangular_flag_on_post: *{told}*")
    return [
        each
        for block in blocks
        for each in ([block, flag] if block["block_id"] == trouble.field else [block])
    ]


def _form_fields(form: ConnectForm) -> list[Block]:
    return [
        name_field(form.name),
        field(
            Field.CLOUD,
            "Cloud",
            select(
                Field.CLOUD,
                [option(cloud.label, cloud) for cloud in Cloud],
                chosen=form.cloud,
            ),
            hint="GCC (not High) is Global.",
        ),
        _guid_field(
            Field.TENANT_ID, "Directory (tenant) ID", form.tenant_id, GUID_EXAMPLE
        ),
        _guid_field(Field.CLIENT_ID, "Application (client) ID", form.client_id, ""),
        _sign_in_field(form.sign_in),
        credential_field(form.sign_in),
        *channel_fields(form.alerts_channel, form.approvals_channel),
        approvers_field(form.approvers),
    ]


def name_field(initial: str, *, suffix: str = "") -> Block:
    """What people call the tenant."""
    return field(
        f"{Field.NAME}{suffix}",
        "Name",
        text_input(
            Field.NAME, initial=initial, most=NAME_MAX, placeholder="Contoso production"
        ),
        hint="What people here call this tenant.",
    )


def channel_fields(
    alerts: str, approvals: str, *, suffix: str = ""
) -> tuple[Block, Block]:
    """Where Gatehouse speaks about the tenant."""
    return (
        field(
            f"{Field.ALERTS_CHANNEL}{suffix}",
            "Alerts channel",
            channel_select(Field.ALERTS_CHANNEL, chosen=alerts),
            hint="Expiring credentials and missing consent are told here. "
            "/invite @Gatehouse first.",
        ),
        field(
            f"{Field.APPROVALS_CHANNEL}{suffix}",
            "Approvals channel",
            channel_select(Field.APPROVALS_CHANNEL, chosen=approvals),
            hint="Its members may ask for an offboarding; use a private channel.",
        ),
    )


def approvers_field(chosen: tuple[str, ...], *, suffix: str = "") -> Block:
    """Who decides."""
    return field(
        f"{Field.APPROVERS}{suffix}",
        "Approvers",
        people_select(Field.APPROVERS, chosen=chosen),
        hint="Choose two or more: nobody can approve their own request.",
    )


def sign_in_options() -> list[Block]:
    """The two ways an app proves itself."""
    return [
        option("Client secret", SignInKind.SECRET),
        option("Certificate", SignInKind.CERTIFICATE),
    ]


def credential_field(kind: SignInKind) -> Block:
    """The field of the secret or of the certificate; always drawn empty."""
    if kind is SignInKind.SECRET:
        return field(
            Field.SECRET,
            "Client secret value",
            text_input(Field.SECRET, most=SECRET_MAX),
            hint="The Value column of Certificates & secrets, not the Secret ID. It is "
            "stored encrypted and never shown again.",
        )
    return field(
        Field.CERTIFICATE,
        "Certificate and private key (PEM)",
        text_input(
            Field.CERTIFICATE,
            multiline=True,
            placeholder="-----BEGIN CERTIFICATE----- … -----BEGIN PRIVATE KEY----- …",
        ),
        hint="Both blocks, one after the other, without chain. Slack takes at most "
        "3,000 characters, so the certificate needs a 2,048-bit RSA key and a short "
        "subject, such as CN=Gatehouse.",
    )


def _sign_in_field(chosen: SignInKind) -> Block:
    return field(
        Field.SIGN_IN,
        "Sign in with",
        radio(ConnectAction.SIGN_IN_CHOSEN, sign_in_options(), chosen=chosen),
        dispatch=True,
    )


def _guid_field(block: Field, label: str, initial: str, example: str) -> Block:
    return field(
        block,
        label,
        text_input(block, initial=initial, most=TYPED_GUID_MAX, placeholder=example),
    )
