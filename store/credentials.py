"""What the last scan saw of app registrations' credentials."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.credentials import Credential
from bot.domain.ids import ClientId, ConnectionId, KeyId, ObjectId
from store.conflicts import insert_into
from store.tables import CredentialRow

_CHUNK = 5_000  # rows a statement is executed for at once
_KEY = ("connection_id", "app_object_id", "key_id")


async def replace_all(
    session: AsyncSession,
    connection_id: ConnectionId,
    credentials: Sequence[Credential],
    synced_at: datetime,
) -> None:
    """Make the stored credentials of a tenant what a complete scan saw.

    A scan that began earlier but ends later changes nothing that a newer one wrote.
    """
    insert = insert_into(session, CredentialRow)
    fresh = {name: insert.excluded[name] for name in _changing()}
    upsert = insert.on_conflict_do_update(
        index_elements=list(_KEY),
        set_=fresh,
        where=insert.excluded["synced_at"] >= col(CredentialRow.synced_at),
    )
    rows = [_columns(connection_id, each, synced_at) for each in credentials]
    connection = await session.connection()
    for start in range(0, len(rows), _CHUNK):
        await connection.execute(upsert, rows[start : start + _CHUNK])
    await session.exec(
        delete(CredentialRow).where(
            col(CredentialRow.connection_id) == connection_id,
            col(CredentialRow.synced_at) < synced_at,
        )
    )


async def list_ending(
    session: AsyncSession, connection_ids: Sequence[ConnectionId]
) -> list[Credential]:
    """All credentials of several tenants, soonest end first."""
    statement = (
        select(CredentialRow)
        .where(col(CredentialRow.connection_id).in_(connection_ids))
        .order_by(col(CredentialRow.ends_at), col(CredentialRow.key_id))
    )
    return [_credential(row) for row in (await session.exec(statement)).all()]


async def soonest(
    session: AsyncSession, connection_ids: Sequence[ConnectionId], limit: int
) -> list[tuple[ConnectionId, Credential]]:
    """The first credentials to end over several tenants, each with its connection."""
    statement = (
        select(CredentialRow)
        .where(col(CredentialRow.connection_id).in_(connection_ids))
        .order_by(col(CredentialRow.ends_at), col(CredentialRow.key_id))
        .limit(limit)
    )
    rows = (await session.exec(statement)).all()
    return [(ConnectionId(row.connection_id), _credential(row)) for row in rows]


async def count(session: AsyncSession, connection_ids: Sequence[ConnectionId]) -> int:
    """How many credentials several tenants have together."""
    statement = (
        select(func.count())
        .select_from(CredentialRow)
        .where(col(CredentialRow.connection_id).in_(connection_ids))
    )
    return (await session.exec(statement)).one()


def _changing() -> list[str]:
    return [name for name in CredentialRow.model_fields if name not in _KEY]


def _columns(
    connection_id: ConnectionId, credential: Credential, synced_at: datetime
) -> dict[str, Any]:
    return vars(credential) | {
        "connection_id": connection_id,
        "owners": list(credential.owners),
        "synced_at": synced_at,
    }


def _credential(row: CredentialRow) -> Credential:
    return Credential(
        app_object_id=ObjectId(row.app_object_id),
        client_id=ClientId(row.client_id),
        app_name=row.app_name,
        key_id=KeyId(row.key_id),
        kind=row.kind,
        ends_at=row.ends_at,
        starts_at=row.starts_at,
        display_name=row.display_name,
        hint=row.hint,
        owners=tuple(row.owners),
    )
