"""Everything below Slack, built from the settings: for the bot and for commands."""

from dataclasses import dataclass
from datetime import timedelta

from bot.engine import Engine
from bot.graph.connections import GraphClients
from bot.keys import open_key_ring
from bot.ports import Clock, SystemClock
from bot.services.directory_sync import DirectorySyncService
from bot.services.offboarding import OffboardingService
from bot.services.refusals import Refusals
from bot.services.registry import Services
from bot.services.tenants import TenantService
from bot.services.watch import WatchService
from bot.settings import LogFormat, Settings
from bot.sync_process.parent import Means, SyncProcesses
from bot.workflows.erase import EraseWorkflow
from bot.workflows.offboard import OffboardWorkflow
from bot.workflows.scan import ScanWorkflow
from bot.workflows.sync import Sync
from bot.workflows.sync_workflow import SyncWorkflow
from bot.workflows.tenant_graphs import TenantGraphs
from store.engine import Database, open_database
from store.keyring import KeyRing

BEATS_MISSED = 5  # signs of life a replica misses before others take its work over


@dataclass(frozen=True)
class Core:
    """What the bot and the command line share: database, keys, Graph, services.

    Attributes:
        processes: read directories for workflows; None where this process does.
    """

    database: Database
    keys: KeyRing
    graphs: GraphClients
    tenant_graphs: TenantGraphs
    engine: Engine
    services: Services
    clock: Clock
    processes: SyncProcesses | None

    async def prepare(self) -> None:
        """Bring the database to this version's shape, the engine's tables too."""
        await self.database.upgrade()
        await self.engine.prepare()

    async def close(self) -> None:
        """Give connections back."""
        await self.engine.drain(timedelta(0))
        await self.graphs.aclose()
        await self.database.close()


def build_core(
    settings: Settings, *, clock: Clock | None = None, reads_apart: bool = False
) -> Core:
    """Build everything below Slack; nothing is opened or started yet.

    Args:
        reads_apart: workflows read directories in processes of their own.
    """
    clock = clock or SystemClock()
    means = _means(settings)
    database = open_database(means.database_url)
    keys = open_key_ring(tuple(means.encryption_keys), means.data_dir)
    graphs = GraphClients(means.clouds, means.ca_bundle, clock)
    processes = None
    if reads_apart:
        processes = SyncProcesses(database, graphs.quotas, means)
    engine = Engine(
        database,
        settings.replica_id,
        heartbeat_every=settings.replica_dead_after / BEATS_MISSED,
        dead_after=settings.replica_dead_after,
    )
    tenant_graphs = TenantGraphs(database, keys, graphs)
    sync = Sync(database, tenant_graphs, clock)
    every, redirect = settings.sync_every, settings.admin_consent_redirect
    services = Services(
        tenants=TenantService(database, keys, graphs, engine, clock, redirect),
        watch=WatchService(database, tenant_graphs, engine, clock),
        offboarding=OffboardingService(
            database, tenant_graphs, engine, clock, settings.approval_valid_for
        ),
        directory=DirectorySyncService(database, sync, engine, clock, every),
        refusals=Refusals(database, clock),
    )
    ScanWorkflow(engine, database, tenant_graphs, clock).register()
    SyncWorkflow(engine, sync, processes).register()
    EraseWorkflow(engine, database).register()
    OffboardWorkflow(engine, database, tenant_graphs, clock).register()
    return Core(
        database, keys, graphs, tenant_graphs, engine, services, clock, processes
    )


def _means(settings: Settings) -> Means:
    return Means(
        database_url=settings.effective_database_url,
        encryption_keys=[key.get_secret_value() for key in settings.encryption_keys],
        data_dir=settings.data_dir,
        clouds={str(cloud): hosts for cloud, hosts in settings.clouds.items()},
        ca_bundle=settings.ca_bundle,
        log_as_json=settings.log_format is LogFormat.JSON,
        log_level=settings.log_level,
    )
