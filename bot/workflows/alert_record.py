"""Writing alerts down: each change with its message and its audit entry, together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import (
    Alert,
    AlertKind,
    AlertStatus,
    Changes,
    Ending,
    Finding,
    Sighting,
    listed,
)
from bot.domain.audit import ITSELF, AuditAction, AuditEntry
from bot.domain.ids import AlertId, SlackUserId
from bot.domain.messages import Message, MessageKind, message_id
from bot.domain.tenants import Tenant
from store import alerts, audit, messages

# A large tenant's first scan can open hundreds. Beyond so many in one scan the most
# urgent get their cards and the rest one digest; each gets its card when it comes
# nearer.
CARDS_AT_ONCE = 20


def card_key(alert_id: AlertId) -> str:
    """The key of an alert's card."""
    return f"alert:{alert_id}"


def digest_key(tenant: Tenant, opened_at: datetime) -> str:
    """The key of the digest of what one scan opened beyond its cards."""
    return f"digest:{tenant.id}:{opened_at.isoformat()}"


class AlertRecord:
    """Writes one tenant's alerts within one transaction.

    Audit entries are kept back until `seal`: their writers take turns on one row, so
    they come last. A change that another scan made first is not told again.
    """

    def __init__(self, session: AsyncSession, tenant: Tenant, now: datetime) -> None:
        self._session, self._tenant, self._now = session, tenant, now
        self._entries: list[AuditEntry] = []

    async def apply(self, changes: Changes) -> None:
        """Write what a scan's findings do to the alerts."""
        await self._open_all(changes.opened)
        for sighting in changes.escalated:
            await self._escalate(sighting)
        for sighting in changes.seen:
            await self._see(sighting)
        for ending in changes.resolved:
            await self._resolve(ending)
        await self.seal()

    def note(
        self, action: AuditAction, alert: Alert, actor: SlackUserId | str = ITSELF
    ) -> None:
        """Keep an audit entry for the end of the transaction."""
        self._entries.append(
            AuditEntry(
                at=self._now,
                workspace_id=self._tenant.workspace_id,
                actor=actor,
                action=action,
                subject=f"alert:{alert.id}",
                facts=_audit_facts(alert),
            )
        )

    async def seal(self) -> None:
        """Append the entries kept back."""
        for entry in self._entries:
            await audit.append(self._session, entry)
        self._entries.clear()

    async def _open_all(self, findings: Sequence[Finding]) -> None:
        """Open alerts, each with a card unless they are a crowd.

        A channel is read from its end: so the most urgent card is put last.

        Args:
            findings: most urgent first.
        """
        ends = [f for f in findings if f.kind is AlertKind.CREDENTIAL_EXPIRY]
        crowd = {finding.fact_key for finding in ends[CARDS_AT_ONCE:]}
        if crowd:
            await messages.put(self._session, self._digest())
        for finding in reversed(findings):
            await self._open(finding, with_card=finding.fact_key not in crowd)

    async def _open(self, finding: Finding, *, with_card: bool) -> None:
        alert = self._new_alert(finding)
        if await alerts.record_opened(self._session, alert):
            if with_card:
                await messages.put(self._session, self._card(alert))
            self.note(AuditAction.ALERT_OPENED, alert)

    async def _escalate(self, sighting: Sighting) -> None:
        alert, finding = sighting.alert, sighting.finding
        if await alerts.record_escalated(
            self._session, alert.id, alert.stage, finding, self._now
        ):
            had_card = await self._redraw(alert)
            message = self._reply(alert, finding) if had_card else self._card(alert)
            await messages.put(self._session, message)
            self.note(AuditAction.ALERT_ESCALATED, _as_found(alert, finding))

    async def _see(self, sighting: Sighting) -> None:
        alert = sighting.alert
        seen = await alerts.record_seen(
            self._session, alert.id, sighting.finding, self._now
        )
        if seen and sighting.is_news:
            await self._redraw(alert)

    async def _resolve(self, ending: Ending) -> None:
        alert = ending.alert
        if await alerts.record_resolved(
            self._session, alert.id, ending.reason, self._now
        ):
            await self._redraw(alert)
            self.note(AuditAction.ALERT_RESOLVED, alert)

    async def _redraw(self, alert: Alert) -> bool:
        """Ask for a fresh card, or digest. False where there is no card."""
        if await messages.touch(self._session, card_key(alert.id)):
            return True
        key = digest_key(self._tenant, alert.opened_at)
        await messages.touch(self._session, key)
        return False

    def _new_alert(self, finding: Finding) -> Alert:
        return Alert(
            id=AlertId(uuid4()),
            connection_id=self._tenant.id,
            kind=finding.kind,
            fact_key=finding.fact_key,
            status=AlertStatus.OPEN,
            opened_at=self._now,
            seen_at=self._now,
            facts=dict(finding.facts),
            stage=finding.stage,
            ends_at=finding.ends_at,
        )

    def _card(self, alert: Alert) -> Message:
        key = card_key(alert.id)
        return Message(
            id=message_id(key),
            workspace_id=self._tenant.workspace_id,
            kind=MessageKind.ALERT,
            key=key,
            channel=self._tenant.alerts_channel,
            subject_id=alert.id,
        )

    def _digest(self) -> Message:
        key = digest_key(self._tenant, self._now)
        return Message(
            id=message_id(key),
            workspace_id=self._tenant.workspace_id,
            kind=MessageKind.ALERT_DIGEST,
            key=key,
            channel=self._tenant.alerts_channel,
            subject_id=self._tenant.id,
            detail=self._now.isoformat(),
        )

    def _reply(self, alert: Alert, finding: Finding) -> Message:
        """One reply for each stage, or for each permission newly missing."""
        detail = _detail(alert, finding)
        key = f"{card_key(alert.id)}:{detail}"
        return Message(
            id=message_id(key),
            workspace_id=self._tenant.workspace_id,
            kind=MessageKind.ALERT_ESCALATION,
            key=key,
            channel=self._tenant.alerts_channel,
            subject_id=alert.id,
            detail=detail,
            thread_of=message_id(card_key(alert.id)),
        )


def _detail(alert: Alert, finding: Finding) -> str:
    if finding.stage is not None:
        return str(int(finding.stage))
    before = listed(alert.facts, "permissions")
    now = listed(finding.facts, "permissions")
    return "\n".join(role for role in now if role not in before)


def _as_found(alert: Alert, finding: Finding) -> Alert:
    return Alert(
        **vars(alert)
        | {
            "stage": finding.stage,
            "facts": dict(finding.facts),
            "ends_at": finding.ends_at,
        }
    )


def _audit_facts(alert: Alert) -> Mapping[str, str]:
    facts = {
        "kind": str(alert.kind),
        "fact": alert.fact_key,
        "connection": str(alert.connection_id),
        "stage": "" if alert.stage is None else str(int(alert.stage)),
        "ends_at": "" if alert.ends_at is None else alert.ends_at.isoformat(),
    }
    names = ("app_name", "permissions", "code") if _is_named(alert) else ("code",)
    facts |= {name: alert.facts.get(name, "") for name in names}
    return {name: value for name, value in facts.items() if value}


def _is_named(alert: Alert) -> bool:
    return alert.kind in (AlertKind.CREDENTIAL_EXPIRY, AlertKind.CONSENT_MISSING)
