"""Writes what becomes of a tenant: the row, its message, a scan, the audit entry.

All of it in one transaction, so none is ever without the others.
"""

from collections.abc import Callable, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.errors import InputError
from bot.domain.ids import ConnectionId, SlackUserId, WorkspaceId
from bot.domain.messages import Message, MessageKind, connection_key, message_id
from bot.domain.tenants import AppCredential, Field, Tenant
from bot.engine import Engine
from bot.ports import Clock
from bot.services.disconnecting import void_open_requests
from bot.workflows import sync
from bot.workflows.alert_record import card_key
from bot.workflows.erase import ask_to_erase
from bot.workflows.scan import ask_for_scan
from store import alerts, audit, messages, tenants
from store.engine import Database
from store.keyring import KeyRing
from store.tenants import AlreadyConnectedError, TenantNotFoundError

Facts = Mapping[str, str]


class TenantRecords:
    """The stored side of connected tenants."""

    def __init__(
        self, database: Database, keys: KeyRing, engine: Engine, clock: Clock
    ) -> None:
        self._database, self._keys = database, keys
        self._engine, self._clock = engine, clock

    async def check_new(
        self,
        workspace_id: WorkspaceId,
        name: str,
        *,
        app: tuple[object, object] | None = None,
        ignoring: ConnectionId | None = None,
    ) -> None:
        """Make sure that a name, and an app in a tenant, are not connected already.

        Args:
            app: tenant ID and client ID.
            ignoring: the connection that may have the name, being the one renamed.

        Raises:
            AlreadyConnectedError, InputError: they are.
        """
        async with self._database.snapshots() as session:
            present = await tenants.list_for_workspace(session, workspace_id)
        for tenant in present:
            if (tenant.tenant_id, tenant.client_id) == app:
                raise AlreadyConnectedError
            same_name = tenant.name.casefold() == name.casefold()
            if same_name and tenant.id != ignoring:
                raise InputError(
                    Field.NAME,
                    f"There is a connected tenant called {tenant.name} already.",
                    remedy="Choose another name; people pick tenants by it.",
                )

    async def open(self, connection_id: ConnectionId) -> tuple[Tenant, AppCredential]:
        """A connected tenant with what signs in to it.

        Raises:
            NotFoundError: not connected (any more).
            DecryptionError: its credential does not open with the present keys.
        """
        async with self._database.snapshots() as session:
            tenant = await connected(session, connection_id)
            credential = await tenants.credential_of(session, tenant.id, self._keys)
        return tenant, credential

    async def add(
        self, tenant: Tenant, credential: AppCredential, *, by: SlackUserId
    ) -> None:
        """Store a new connection, tell its alerts channel, queue first scan and sync.

        Raises:
            AlreadyConnectedError: somebody was faster.
        """
        async with self._database.sessions.begin() as session:
            await tenants.add(session, tenant, credential, self._keys)
            await messages.put(session, _message(tenant))
            await self._queue_scan(session, tenant)
            await self._queue_sync(session, tenant)
            facts = {"name": tenant.name, **_identity(tenant)}
            action = AuditAction.TENANT_CONNECTED
            await audit.append(session, self._entry(tenant, by, action, facts))

    async def change(
        self,
        connection_id: ConnectionId,
        change: Callable[[Tenant], Tenant],
        action: AuditAction,
        facts: Facts,
        *,
        by: SlackUserId,
        credential: AppCredential | None = None,
        scan: bool = True,
    ) -> Tenant:
        """Change a connected tenant, redraw its message and, if wanted, scan it.

        Args:
            credential: takes the place of the stored one, where given.

        Raises:
            NotFoundError: not connected (any more).
        """
        async with self._database.sessions.begin() as session:
            present = await connected(session, connection_id, lock=True)
            changed = change(present)
            await tenants.update(session, changed)
            if credential is not None:
                await self._replace_credential(session, changed, credential)
            if not await messages.touch(session, connection_key(changed.id)):
                await messages.put(session, _message(changed))
            if scan:
                await self._queue_scan(session, changed)
            await audit.append(session, self._entry(changed, by, action, facts))
        return changed

    async def remove(
        self, connection_id: ConnectionId, *, by: SlackUserId
    ) -> tuple[Tenant, int]:
        """Disconnect a tenant.

        Returns:
            The tenant as it was, and how many waiting requests were voided.

        Raises:
            NotFoundError: not connected (any more).
            OffboardingRunningError: an offboarding is running; nothing is removed.
        """
        at = self._clock.now()
        async with self._database.sessions.begin() as session:
            tenant = await connected(session, connection_id, lock=True)
            voided = await void_open_requests(session, tenant, by=by, at=at)
            watched = await alerts.list_open(session, tenant.id)
            # Alerts before their cards, as everybody who changes both: two that lock
            # them in different orders wait for each other for ever.
            await tenants.remove(session, tenant.id)
            await ask_to_erase(self._engine, session, tenant.id, "disconnected")
            for alert in watched:
                await messages.touch(session, card_key(alert.id))
            await messages.touch(session, connection_key(tenant.id))
            facts = {"name": tenant.name, "voided_requests": str(len(voided))}
            action = AuditAction.TENANT_DISCONNECTED
            for entry in (*voided, self._entry(tenant, by, action, facts)):
                await audit.append(session, entry)
        return tenant, len(voided)

    async def note(
        self,
        workspace_id: WorkspaceId,
        by: SlackUserId,
        action: AuditAction,
        subject: str,
        facts: Facts,
    ) -> None:
        """Write an audit entry of its own, where nothing was changed."""
        entry = AuditEntry(self._clock.now(), workspace_id, by, action, subject, facts)
        async with self._database.sessions.begin() as session:
            await audit.append(session, entry)

    async def _replace_credential(
        self, session: AsyncSession, tenant: Tenant, credential: AppCredential
    ) -> None:
        await tenants.replace_credential(
            session,
            tenant.id,
            credential,
            self._keys,
            key_id=tenant.credential_key_id,
            hint=tenant.credential_hint,
            ends_at=tenant.credential_ends_at,
        )

    async def _queue_scan(self, session: AsyncSession, tenant: Tenant) -> None:
        slot = self._clock.now().isoformat(timespec="milliseconds")
        await ask_for_scan(self._engine, session, tenant.id, slot)

    async def _queue_sync(self, session: AsyncSession, tenant: Tenant) -> None:
        id = sync.workflow_id(tenant.id, "first")
        await self._engine.enqueue(
            session, sync.SYNC, str(tenant.id), id, workflow_id=id
        )

    def _entry(
        self, tenant: Tenant, by: SlackUserId, action: AuditAction, facts: Facts
    ) -> AuditEntry:
        return AuditEntry(
            self._clock.now(),
            tenant.workspace_id,
            by,
            action,
            subject_of(tenant.id),
            facts,
        )


async def connected(
    session: AsyncSession, connection_id: ConnectionId, *, lock: bool = False
) -> Tenant:
    """Read a tenant that is connected.

    Raises:
        NotFoundError: it is not (any more).
    """
    tenant = await tenants.get(session, connection_id, lock=lock)
    if not tenant.is_connected:
        raise TenantNotFoundError
    return tenant


def subject_of(connection_id: ConnectionId) -> str:
    """How the audit trail names a connection."""
    return f"connection:{connection_id}"


def _identity(tenant: Tenant) -> dict[str, str]:
    return {
        "cloud": tenant.cloud,
        "tenant_id": str(tenant.tenant_id),
        "client_id": str(tenant.client_id),
        "granted": str(len(tenant.granted)),
    }


def _message(tenant: Tenant) -> Message:
    key = connection_key(tenant.id)
    return Message(
        id=message_id(key),
        workspace_id=tenant.workspace_id,
        kind=MessageKind.CONNECTION,
        key=key,
        channel=tenant.alerts_channel,
        subject_id=tenant.id,
    )
