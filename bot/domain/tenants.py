"""A connected tenant, and the shape of what people type to connect one."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bot.domain.clouds import Cloud
from bot.domain.errors import InputError
from bot.domain.ids import (
    ChannelId,
    ClientId,
    ConnectionId,
    ObjectId,
    SlackUserId,
    TenantId,
    WorkspaceId,
)
from bot.domain.permissions import PermissionReport

NAME_MAX = 60
SECRET_MAX = 200  # today's values have 40 characters
PEM_MAX = 20_000


class SignInKind(StrEnum):
    """How the app proves itself to Entra."""

    SECRET = "client_secret"  # noqa: S105 - a kind, not a secret
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class AppCredential:
    """What signs in: the secret's value, or a certificate with its private key (PEM).

    Lives only on the way between the modal, the sign-in and the encrypted column;
    never in a log, view, message or workflow. Its repr shows the kind alone.
    """

    kind: SignInKind
    value: str = field(repr=False)


class TenantStatus(StrEnum):
    """Where a connection stands. Only ACTIVE and FAILING ones are scanned."""

    ACTIVE = "active"
    FAILING = "failing"  # sign-in fails; an alert says why
    DISCONNECTED = "disconnected"


@dataclass(frozen=True)
class TenantSettings:
    """What administrators may change of a connected tenant, beside its credential."""

    name: str
    alerts_channel: ChannelId
    approvals_channel: ChannelId
    approvers: tuple[SlackUserId, ...]


@dataclass(frozen=True)
class Tenant:
    """One connected tenant of one workspace. Holds nothing that signs in.

    `credential_ends_at`, `credential_hint` and `credential_key_id` tell which of the
    registration's credentials is ours; None where it could not be told (no
    permission, or no hint matches).
    """

    id: ConnectionId
    workspace_id: WorkspaceId
    name: str  # chosen in the modal
    cloud: Cloud
    tenant_id: TenantId
    client_id: ClientId
    sign_in_kind: SignInKind
    alerts_channel: ChannelId
    approvals_channel: ChannelId
    approvers: tuple[SlackUserId, ...]
    connected_by: SlackUserId
    connected_at: datetime
    status: TenantStatus = TenantStatus.ACTIVE
    display_name: str = ""  # the tenant's own, from Graph; "" before it could be read
    verified_domains: tuple[str, ...] = ()  # default domain first
    app_object_id: ObjectId | None = None  # our registration's object ID
    credential_key_id: UUID | None = None
    credential_hint: str | None = None
    credential_ends_at: datetime | None = None
    granted: frozenset[str] = frozenset()  # app roles at the last check
    delegated: frozenset[str] | None = None  # as in PermissionReport
    requested: frozenset[str] | None = None
    problems: tuple[str, ...] = ()  # what the last check could not read, and why
    checked_at: datetime | None = None
    last_scan_at: datetime | None = None  # last scan that was complete

    @property
    def settings(self) -> TenantSettings:
        """What may be changed without connecting anew."""
        return TenantSettings(
            self.name, self.alerts_channel, self.approvals_channel, self.approvers
        )

    @property
    def report(self) -> PermissionReport:
        """What the connection may do, as the last check found it."""
        return PermissionReport(
            self.granted, self.delegated, self.requested, self.cloud
        )

    @property
    def is_connected(self) -> bool:
        """Whether it is more than the memory of a connection."""
        return self.status is not TenantStatus.DISCONNECTED


@dataclass(frozen=True)
class ConnectInput:
    """The connect modal as submitted, shape-checked by `read_connect_input`."""

    workspace_id: WorkspaceId
    name: str
    cloud: Cloud
    tenant_id: TenantId
    client_id: ClientId
    credential: AppCredential
    alerts_channel: ChannelId
    approvals_channel: ChannelId
    approvers: tuple[SlackUserId, ...]


@dataclass(frozen=True)
class Connection:
    """What a proof against Graph found out about one connection.

    Attributes:
        problems: plain sentences on what could not be read and why, worded for the
            outcome view; empty when everything was read.
    """

    display_name: str
    verified_domains: tuple[str, ...]
    report: PermissionReport
    app_object_id: ObjectId | None = None
    credential_key_id: UUID | None = None
    credential_hint: str | None = None
    credential_ends_at: datetime | None = None
    problems: tuple[str, ...] = ()


class Field(StrEnum):
    """Fields of the connect modal; also the block IDs under which errors show."""

    NAME = "name"
    CLOUD = "cloud"
    TENANT_ID = "tenant_id"
    CLIENT_ID = "client_id"
    SIGN_IN = "sign_in"
    SECRET = "secret"  # noqa: S105 - a field's name
    CERTIFICATE = "certificate"
    ALERTS_CHANNEL = "alerts_channel"
    APPROVALS_CHANNEL = "approvals_channel"
    APPROVERS = "approvers"


_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SECRET_TODAY = re.compile(r"[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}")


def read_guid(text: str, *, field: Field, label: str) -> UUID:
    """Read a GUID as people paste it: surrounded by spaces, in any case.

    Raises:
        InputError: not a GUID in the 8-4-4-4-12 form.
    """
    trimmed = text.strip()
    if not is_guid(trimmed):
        raise InputError(
            field,
            f"{label} is not a GUID.",
            remedy="Copy it from the app registration's Overview page; it looks like "
            "8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001.",
        )
    return UUID(trimmed)


def is_guid(text: str) -> bool:
    """Whether the text has a GUID's 8-4-4-4-12 form."""
    return bool(_GUID.fullmatch(text))


def read_secret(text: str) -> AppCredential:
    """Read a client secret's value, refusing the look-alikes people paste.

    Raises:
        InputError: empty, a GUID (the Secret ID), or with spaces inside.
    """
    value = text.strip()
    if not value:
        raise InputError(
            Field.SECRET,
            "The client secret value is missing.",
            remedy="Copy the Value column of Certificates & secrets.",
        )
    if is_guid(value):
        raise InputError(
            Field.SECRET,
            "This is the Secret ID.",
            remedy="Copy the Value column instead; it is shown only once, right after "
            "the secret is made. If it is gone, add a new secret.",
        )
    if len(value) > SECRET_MAX or re.search(r"\s", value):
        raise InputError(
            Field.SECRET,
            "This does not look like a client secret value.",
            remedy="Copy the Value column alone, without spaces or line breaks.",
        )
    return AppCredential(SignInKind.SECRET, value)


def secret_looks_current(value: str) -> bool:
    """Whether a secret's value has the shape that Entra gives out today.

    Values made before 2021 look different, so a "no" is a hint, never a refusal.
    """
    return bool(_SECRET_TODAY.fullmatch(value))


def check_name(name: str) -> None:
    """Refuse a name that everybody in the channels must not read.

    Raises:
        InputError: empty, or with a client secret's value in it.
    """
    if not name:
        raise InputError(
            Field.NAME, "The name is empty.", remedy="Give the tenant a name."
        )
    if _SECRET_TODAY.search(name):
        raise InputError(
            Field.NAME,
            "This looks like a client secret value; nothing was stored.",
            remedy="Type a name here, and paste the secret where it is asked for.",
        )


def check_distinct(tenant_id: UUID, client_id: UUID) -> None:
    """Refuse one GUID pasted into both fields.

    Raises:
        InputError: they are equal.
    """
    if tenant_id == client_id:
        raise InputError(
            Field.CLIENT_ID,
            "The tenant ID and the client ID are the same.",
            remedy="Copy the Application (client) ID; it stands above the Directory "
            "(tenant) ID on the Overview page.",
        )
