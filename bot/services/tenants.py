"""Connected tenants: connect, check again, rotate, change, disconnect.

Every change and every failed try is written to the audit trail, without secrets.
"""

from dataclasses import dataclass

from bot.domain.audit import AuditAction
from bot.domain.connecting import (
    changed_by,
    credential_facts,
    differences,
    failing,
    new_tenant,
    proven,
    rotated,
)
from bot.domain.dashboard import WorkspaceOverview
from bot.domain.errors import BotError, InputError
from bot.domain.ids import ConnectionId, SlackUserId, WorkspaceId
from bot.domain.tenants import (
    AppCredential,
    ConnectInput,
    Connection,
    Field,
    SignInKind,
    Tenant,
    TenantSettings,
)
from bot.engine import Engine
from bot.graph.certificates import read_certificate
from bot.graph.clouds import admin_consent_link
from bot.graph.connections import GraphClients
from bot.graph.signin_errors import SignInError
from bot.ports import Clock
from bot.services.dashboards import workspace_overview
from bot.services.proof import prove
from bot.services.tenant_records import TenantRecords, connected, subject_of
from store import tenants
from store.engine import Database
from store.keyring import DecryptionError, KeyRing


@dataclass(frozen=True)
class Disconnected:
    """A tenant that was disconnected, and how many waiting requests went with it."""

    tenant: Tenant
    voided: int


class TenantService:
    """What administrators do with tenants. Who may is asked before, by the caller.

    Args:
        admin_consent_redirect: a redirect URI that is registered with the apps; None
            means that no admin consent link can be offered.
    """

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        graphs: GraphClients,
        engine: Engine,
        clock: Clock,
        admin_consent_redirect: str | None = None,
    ) -> None:
        self._database, self._graphs, self._clock = database, graphs, clock
        self._records = TenantRecords(database, keys, engine, clock)
        self._consent_redirect = admin_consent_redirect

    async def connect(self, wanted: ConnectInput, *, by: SlackUserId) -> Tenant:
        """Prove a connection, then store it, tell its channel and queue a first scan.

        Raises:
            AlreadyConnectedError: the workspace has this tenant and client already.
            InputError: the name is taken, or the certificate is over.
            SignInError: Entra refuses; nothing is stored.
            GraphError: Graph could not be asked; nothing is stored.
        """
        app = (wanted.tenant_id, wanted.client_id)
        try:
            await self._records.check_new(wanted.workspace_id, wanted.name, app=app)
            connection = await self._prove(wanted, wanted.credential)
            tenant = new_tenant(wanted, connection, by=by, at=self._clock.now())
            await self._records.add(tenant, wanted.credential, by=by)
        except BotError as error:
            await self._records.note(
                wanted.workspace_id,
                by,
                AuditAction.TENANT_CONNECT_FAILED,
                f"tenant_id:{wanted.tenant_id}",
                {"client_id": str(wanted.client_id), **_code(error)},
            )
            raise
        return tenant

    async def check_again(
        self, connection_id: ConnectionId, *, by: SlackUserId
    ) -> Tenant:
        """Prove a connection anew, with a fresh token and no answer from before.

        Raises:
            NotFoundError: not connected (any more).
            SignInError: Entra refuses; the connection is marked as failing.
            GraphError: Graph could not be asked; what was known stays.
        """
        tenant, credential = await self._records.open(connection_id)
        try:
            connection = await self._prove(tenant, credential)
        except BotError as error:
            await self._record_failed_check(tenant, error, by)
            raise
        at = self._clock.now()
        changed = await self._records.change(
            connection_id,
            lambda present: proven(present, connection, at=at),
            AuditAction.TENANT_CHECKED,
            {"outcome": "signed in", "granted": str(len(connection.report.granted))},
            by=by,
        )
        # The kept client's token is from before a consent that was given just now.
        self._graphs.forget(connection_id)
        return changed

    async def rotate(
        self, connection_id: ConnectionId, credential: AppCredential, *, by: SlackUserId
    ) -> Tenant:
        """Prove a new credential, then put it in the place of the old one.

        Raises:
            NotFoundError: not connected (any more).
            InputError: it is the one in use already, or a certificate that is over.
            SignInError, GraphError: it could not be proven; the old one stays.
        """
        tenant = await self.get(connection_id)
        try:
            await self._check_other(tenant, credential)
            connection = await self._prove(tenant, credential)
        except BotError as error:
            action, subject = AuditAction.TENANT_ROTATE_FAILED, subject_of(tenant.id)
            workspace_id = tenant.workspace_id
            await self._records.note(workspace_id, by, action, subject, _code(error))
            raise
        at = self._clock.now()
        changed = await self._records.change(
            connection_id,
            lambda present: rotated(present, credential, connection, at),
            AuditAction.TENANT_ROTATED,
            credential_facts(credential, connection),
            by=by,
            credential=credential,
        )
        self._graphs.forget(connection_id)
        return changed

    async def change_settings(
        self, connection_id: ConnectionId, settings: TenantSettings, *, by: SlackUserId
    ) -> Tenant:
        """Change name, channels and approvers.

        Raises:
            NotFoundError: not connected (any more).
            InputError: the name is taken.
        """
        before = await self.get(connection_id)
        await self._records.check_new(
            before.workspace_id, settings.name, ignoring=before.id
        )
        return await self._records.change(
            connection_id,
            lambda present: changed_by(present, settings),
            AuditAction.TENANT_SETTINGS_CHANGED,
            differences(before.settings, settings),
            by=by,
            scan=False,
        )

    async def disconnect(
        self, connection_id: ConnectionId, *, by: SlackUserId
    ) -> Disconnected:
        """Remove credential and what was read; keep name, IDs and the audit trail.

        What was read of its directory is erased in the background, soon after.

        Raises:
            NotFoundError: not connected (any more).
            OffboardingRunningError: an offboarding is running; nothing is removed.
        """
        tenant, voided = await self._records.remove(connection_id, by=by)
        self._graphs.forget(connection_id)
        return Disconnected(tenant, voided)

    async def get(self, connection_id: ConnectionId) -> Tenant:
        """A connected tenant.

        Raises:
            NotFoundError: not connected (any more).
        """
        async with self._database.snapshots() as session:
            return await connected(session, connection_id)

    async def list_for(self, workspace_id: WorkspaceId) -> list[Tenant]:
        """The workspace's connected tenants, by name."""
        async with self._database.snapshots() as session:
            return await tenants.list_for_workspace(session, workspace_id)

    async def list_connected(self) -> list[Tenant]:
        """All connected tenants of all workspaces."""
        async with self._database.snapshots() as session:
            return await tenants.list_connected(session)

    async def overview(self, workspace_id: WorkspaceId) -> WorkspaceOverview:
        """What the dashboard shows."""
        async with self._database.snapshots() as session:
            return await workspace_overview(
                session, workspace_id, now=self._clock.now()
            )

    async def prove(self, connection_id: ConnectionId) -> Connection:
        """Try a connection without changing anything. Raises as `check_again`."""
        return await self._prove(*await self._records.open(connection_id))

    def consent_link(self, tenant: Tenant) -> str | None:
        """Where to grant admin consent; None where no redirect URI is registered."""
        if self._consent_redirect is None:
            return None
        return admin_consent_link(
            self._graphs.hosts(tenant.cloud),
            tenant.tenant_id,
            tenant.client_id,
            redirect_uri=self._consent_redirect,
            state=str(tenant.id),
        )

    async def _prove(
        self, place: Tenant | ConnectInput, credential: AppCredential
    ) -> Connection:
        now = self._clock.now()
        if credential.kind is SignInKind.CERTIFICATE:
            read_certificate(credential.value, now=now)
        graph = self._graphs.fresh(
            place.cloud, place.tenant_id, place.client_id, credential
        )
        return await prove(graph, place.client_id, credential, now=now)

    async def _check_other(self, tenant: Tenant, credential: AppCredential) -> None:
        try:
            _, old = await self._records.open(tenant.id)
        except DecryptionError:
            return  # a lost key is a reason to rotate, not one against it
        if credential == old:
            is_secret = credential.kind is SignInKind.SECRET
            raise InputError(
                Field.SECRET if is_secret else Field.CERTIFICATE,
                "Gatehouse signs in with this one already.",
                remedy="Make a new one under Certificates & secrets, and paste that.",
            )

    async def _record_failed_check(
        self, tenant: Tenant, error: BotError, by: SlackUserId
    ) -> None:
        """Only a refusal by Entra means failing; a network that is down does not."""
        facts = {"outcome": "failed", **_code(error)}
        action = AuditAction.TENANT_CHECKED
        if not isinstance(error, SignInError) or error.is_transient:
            subject = subject_of(tenant.id)
            await self._records.note(tenant.workspace_id, by, action, subject, facts)
            return
        why, at = f"{error.message} {error.remedy}", self._clock.now()
        await self._records.change(
            tenant.id,
            lambda present: failing(present, why, at=at),
            action,
            facts,
            by=by,
        )
        self._graphs.forget(tenant.id)


def _code(error: BotError) -> dict[str, str]:
    number = error.aadsts if isinstance(error, SignInError) else None
    return {"code": error.code} | ({"aadsts": str(number)} if number else {})
