"""Alerts. Two scans that see one fact in the same second open one alert."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import Alert, AlertStatus, Finding
from bot.domain.credentials import Stage
from bot.domain.errors import NotFoundError
from bot.domain.ids import AlertId, ConnectionId, SlackUserId
from store.conflicts import insert_into, was_inserted
from store.tables import AlertRow


async def get(session: AsyncSession, id: AlertId) -> Alert:
    """Read an alert.

    Raises:
        NotFoundError: there is none, or its tenant was disconnected.
    """
    row = (await session.exec(select(AlertRow).where(col(AlertRow.id) == id))).first()
    if row is None:
        raise NotFoundError(
            "This alert is no longer there; its tenant was disconnected.",
            remedy="See /entra status for what is watched now.",
        )
    return _alert(row)


async def list_open(session: AsyncSession, connection_id: ConnectionId) -> list[Alert]:
    """A tenant's open and acknowledged alerts, oldest first."""
    statement = (
        select(AlertRow)
        .where(col(AlertRow.connection_id) == connection_id, _unresolved())
        .order_by(col(AlertRow.opened_at), col(AlertRow.id))
    )
    return [_alert(row) for row in (await session.exec(statement)).all()]


async def list_opened_at(
    session: AsyncSession, connection_id: ConnectionId, at: datetime
) -> list[Alert]:
    """A tenant's alerts that one scan opened, resolved ones too, soonest end first."""
    statement = (
        select(AlertRow)
        .where(
            col(AlertRow.connection_id) == connection_id, col(AlertRow.opened_at) == at
        )
        .order_by(col(AlertRow.ends_at), col(AlertRow.id))
    )
    return [_alert(row) for row in (await session.exec(statement)).all()]


async def record_opened(session: AsyncSession, alert: Alert) -> bool:
    """Store a new alert; False if its fact has an unresolved one already."""
    statement = (
        insert_into(session, AlertRow)
        .values(vars(alert) | {"facts": dict(alert.facts)})
        .on_conflict_do_nothing(
            index_elements=["connection_id", "fact_key"],
            index_where=text("status <> 'resolved'"),
        )
    )
    return await was_inserted(session, statement)


async def record_seen(
    session: AsyncSession, id: AlertId, finding: Finding, at: datetime
) -> bool:
    """Note that the fact still stands; False if it is resolved meanwhile."""
    return await _record(session, id, _unresolved(), values=_seen(finding, at))


async def record_escalated(
    session: AsyncSession,
    id: AlertId,
    from_stage: Stage | None,
    finding: Finding,
    at: datetime,
) -> bool:
    """Move to the finding's stage; False if another scan was faster."""
    still = col(AlertRow.stage).is_not_distinct_from(from_stage)
    values = _seen(finding, at) | {"stage": finding.stage}
    return await _record(session, id, _unresolved(), still, values=values)


async def record_acknowledged(
    session: AsyncSession, id: AlertId, by: SlackUserId, at: datetime
) -> bool:
    """Note who takes care; False if somebody already does or it is resolved."""
    values = {
        "status": AlertStatus.ACKNOWLEDGED,
        "acknowledged_by": by,
        "acknowledged_at": at,
    }
    is_open = col(AlertRow.status) == AlertStatus.OPEN
    return await _record(session, id, is_open, values=values)


async def record_snoozed(
    session: AsyncSession, id: AlertId, by: SlackUserId, until: datetime
) -> bool:
    """Note until when replies are held back; False if it is resolved."""
    values = {"snoozed_by": by, "snoozed_until": until}
    return await _record(session, id, _unresolved(), values=values)


async def record_resolved(
    session: AsyncSession, id: AlertId, resolution: str, at: datetime
) -> bool:
    """Close with a reason, one sentence; False if it is closed already."""
    values = {
        "status": AlertStatus.RESOLVED,
        "resolved_at": at,
        "resolution": resolution,
    }
    return await _record(session, id, _unresolved(), values=values)


async def _record(
    session: AsyncSession,
    id: UUID,
    *conditions: ColumnElement[bool],
    values: dict[str, Any],
) -> bool:
    statement = (
        update(AlertRow).where(col(AlertRow.id) == id, *conditions).values(values)
    )
    return (await session.exec(statement)).rowcount == 1


def _unresolved() -> ColumnElement[bool]:
    return col(AlertRow.status) != AlertStatus.RESOLVED


def _seen(finding: Finding, at: datetime) -> dict[str, Any]:
    return {
        "seen_at": at,
        "facts": dict(finding.facts),
        "ends_at": finding.ends_at,
    }


def _alert(row: AlertRow) -> Alert:
    return Alert(
        id=AlertId(row.id),
        connection_id=ConnectionId(row.connection_id),
        kind=row.kind,
        fact_key=row.fact_key,
        status=row.status,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        facts=row.facts,
        stage=row.stage,
        ends_at=row.ends_at,
        acknowledged_by=_user(row.acknowledged_by),
        acknowledged_at=row.acknowledged_at,
        snoozed_by=_user(row.snoozed_by),
        snoozed_until=row.snoozed_until,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
    )


def _user(id: str | None) -> SlackUserId | None:
    return None if id is None else SlackUserId(id)
