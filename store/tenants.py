"""Connected tenants, and the encrypted credential of each."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy import update as update_rows
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import BotError, NotFoundError
from bot.domain.ids import (
    ChannelId,
    ClientId,
    ConnectionId,
    ObjectId,
    SlackUserId,
    TenantId,
    WorkspaceId,
)
from bot.domain.tenants import AppCredential, Tenant, TenantStatus
from store import directory_erasing
from store.conflicts import insert_into, was_inserted
from store.keyring import KeyRing
from store.tables import AlertRow, CredentialRow, TenantRow


class AlreadyConnectedError(BotError):
    """This app registration already connects this tenant to this workspace."""

    code = "already_connected"

    def __init__(self) -> None:
        super().__init__(
            "This tenant is already connected with this app registration.",
            remedy="Use /entra rotate to change its credential, or /entra disconnect "
            "first.",
        )


class TenantNotFoundError(NotFoundError):
    """There is no such connection, or it was disconnected."""

    def __init__(self) -> None:
        super().__init__(
            "This tenant is not connected (any more).",
            remedy="See /entra status for the tenants that are.",
        )


async def add(
    session: AsyncSession, tenant: Tenant, credential: AppCredential, keys: KeyRing
) -> None:
    """Store a new connection with its credential encrypted.

    Raises:
        AlreadyConnectedError: the workspace has this tenant and client already.
    """
    statement = (
        insert_into(session, TenantRow)
        .values(
            _columns(tenant)
            | {
                "id": tenant.id,
                "credential_encrypted": _seal(tenant.id, credential, keys),
            }
        )
        .on_conflict_do_nothing(
            index_elements=["workspace_id", "tenant_id", "client_id"],
            index_where=text("status <> 'disconnected'"),
        )
    )
    if not await was_inserted(session, statement):
        raise AlreadyConnectedError


async def get(session: AsyncSession, id: ConnectionId, *, lock: bool = False) -> Tenant:
    """Read a connection, disconnected ones too.

    Args:
        lock: keep others from changing it until the transaction ends, for a
            read-change-`update` that loses nobody's change.

    Raises:
        NotFoundError: there never was one with this ID.
    """
    statement = select(TenantRow).where(col(TenantRow.id) == id)
    if lock:
        # Not against rows that refer to it: their writers hold what we want next.
        statement = statement.with_for_update(key_share=True)
    row = (await session.exec(statement)).first()
    if row is None:
        raise TenantNotFoundError
    return _tenant(row)


async def find(session: AsyncSession, id: ConnectionId) -> Tenant | None:
    """Read a connection, disconnected ones too; None where there never was one."""
    row = (await session.exec(select(TenantRow).where(col(TenantRow.id) == id))).first()
    return None if row is None else _tenant(row)


async def list_for_workspace(
    session: AsyncSession, workspace_id: WorkspaceId
) -> list[Tenant]:
    """The workspace's connected tenants, by name."""
    statement = select(TenantRow).where(
        col(TenantRow.workspace_id) == workspace_id,
        col(TenantRow.status) != TenantStatus.DISCONNECTED,
    )
    rows = (await session.exec(statement)).all()
    return sorted(map(_tenant, rows), key=lambda found: found.name.casefold())


async def list_connected(session: AsyncSession) -> list[Tenant]:
    """All connected tenants of all workspaces, longest connected first."""
    statement = (
        select(TenantRow)
        .where(col(TenantRow.status) != TenantStatus.DISCONNECTED)
        .order_by(col(TenantRow.connected_at), col(TenantRow.id))
    )
    return [_tenant(row) for row in (await session.exec(statement)).all()]


async def credential_of(
    session: AsyncSession, id: ConnectionId, keys: KeyRing
) -> AppCredential:
    """Open what signs in to the tenant.

    Raises:
        NotFoundError: not connected (any more).
        DecryptionError: it does not open.
    """
    statement = select(TenantRow).where(
        col(TenantRow.id) == id, col(TenantRow.status) != TenantStatus.DISCONNECTED
    )
    row = (await session.exec(statement)).first()
    if row is None:
        raise TenantNotFoundError
    value = keys.decrypt(row.credential_encrypted, bound_to=_place(id))
    return AppCredential(row.sign_in_kind, value)


async def replace_credential(
    session: AsyncSession,
    id: ConnectionId,
    credential: AppCredential,
    keys: KeyRing,
    *,
    key_id: UUID | None = None,
    hint: str | None = None,
    ends_at: datetime | None = None,
) -> None:
    """Sign in with another credential from now on; the old one is overwritten.

    Args:
        key_id, hint, ends_at: which of the registration's credentials it is, None
            where it could not be told.

    Raises:
        NotFoundError: not connected (any more).
    """
    await _write(
        session,
        id,
        {
            "sign_in_kind": credential.kind,
            "credential_encrypted": _seal(id, credential, keys),
            "credential_key_id": key_id,
            "credential_hint": hint,
            "credential_ends_at": ends_at,
        },
    )


async def update(session: AsyncSession, tenant: Tenant) -> None:
    """Write every field of a connected tenant; its credential stays.

    Raises:
        NotFoundError: disconnected meanwhile, or never there.
    """
    await _write(session, tenant.id, _columns(tenant))


async def remove(session: AsyncSession, id: ConnectionId) -> None:
    """Disconnect: erase the credential and what was watched, keep name and IDs.

    Raises:
        NotFoundError: already disconnected, or never there.
    """
    await _write(
        session,
        id,
        {
            "status": TenantStatus.DISCONNECTED,
            "credential_encrypted": "",
            "credential_hint": None,
        },
    )
    for table in (CredentialRow, AlertRow):
        await session.exec(delete(table).where(col(table.connection_id) == id))
    await directory_erasing.forget(session, id)


async def rotate_keys(session: AsyncSession, keys: KeyRing) -> int:
    """Encrypt with the newest key what an older one encrypted; returns how many.

    Raises:
        DecryptionError: one does not open; then none is changed.
    """
    statement = (
        select(TenantRow.id, TenantRow.credential_encrypted)
        .where(col(TenantRow.status) != TenantStatus.DISCONNECTED)
        .with_for_update()
    )
    stale = [
        (ConnectionId(id), token)
        for id, token in (await session.exec(statement)).all()
        if not keys.newest_encrypted(token)
    ]
    anew = {id: keys.decrypt(token, bound_to=_place(id)) for id, token in stale}
    for id, value in anew.items():
        sealed = keys.encrypt(value, bound_to=_place(id))
        await _write(session, id, {"credential_encrypted": sealed})
    return len(anew)


async def _write(
    session: AsyncSession, id: ConnectionId, values: dict[str, Any]
) -> None:
    statement = (
        update_rows(TenantRow)
        .where(
            col(TenantRow.id) == id, col(TenantRow.status) != TenantStatus.DISCONNECTED
        )
        .values(values)
    )
    if (await session.exec(statement)).rowcount == 0:
        raise TenantNotFoundError


def _place(id: ConnectionId) -> str:
    return f"tenant:{id}:credential"


def _seal(id: ConnectionId, credential: AppCredential, keys: KeyRing) -> str:
    return keys.encrypt(credential.value, bound_to=_place(id))


_FIELDS = tuple(each.name for each in fields(Tenant) if each.name != "id")


def _columns(tenant: Tenant) -> dict[str, Any]:
    return {name: _plain(getattr(tenant, name)) for name in _FIELDS}


def _plain(value: object) -> object:
    """What JSON has no type for as a list, sets in an order that stays."""
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _tenant(row: TenantRow) -> Tenant:
    return Tenant(
        id=ConnectionId(row.id),
        workspace_id=WorkspaceId(row.workspace_id),
        name=row.name,
        cloud=row.cloud,
        tenant_id=TenantId(row.tenant_id),
        client_id=ClientId(row.client_id),
        sign_in_kind=row.sign_in_kind,
        alerts_channel=ChannelId(row.alerts_channel),
        approvals_channel=ChannelId(row.approvals_channel),
        approvers=tuple(map(SlackUserId, row.approvers)),
        connected_by=SlackUserId(row.connected_by),
        connected_at=row.connected_at,
        status=row.status,
        display_name=row.display_name,
        verified_domains=tuple(row.verified_domains),
        app_object_id=None
        if row.app_object_id is None
        else ObjectId(row.app_object_id),
        credential_key_id=row.credential_key_id,
        credential_hint=row.credential_hint,
        credential_ends_at=row.credential_ends_at,
        granted=frozenset(row.granted),
        delegated=_names(row.delegated),
        requested=_names(row.requested),
        problems=tuple(row.problems),
        checked_at=row.checked_at,
        last_scan_at=row.last_scan_at,
    )


def _names(values: Iterable[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
