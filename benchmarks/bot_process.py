"""The bot as its own process, with a tenant, and Slack's side of it in this one."""

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

from benchmarks.bulk_process import BulkAddress
from benchmarks.measuring import memory_in
from benchmarks.storage import opened
from bot.domain.ids import AlertId, ChannelId, ClientId, TenantId, WorkspaceId
from bot.domain.tenants import AppCredential, SignInKind, Tenant
from bot.keys import open_key_ring
from bot.web import SLACK_PATH
from sandbox.runner import Sandbox
from store import alerts, data_sets, directory_erasing, tenants
from store.engine import Database
from tests.places import MANIFEST
from tests.scenarios.people import ALERTS, APPROVALS
from tests.scenarios.processes import BotProcess, environment, gatehouse
from tests.store.people import a_tenant
from tests.watching import a_finding, an_alert

Mode = Literal["socket", "http"]
NEVER = "P365D"


@dataclass(frozen=True)
class RunningBot:
    """A bot that serves, the workspace it serves, its database and its tenant."""

    process: BotProcess
    sandbox: Sandbox
    database: Database
    tenant: Tenant

    async def add_alerts(self, number: int) -> list[AlertId]:
        """Open alerts, for people to press their buttons."""
        made = [
            an_alert(
                a_finding(str(uuid4())),
                id=AlertId(uuid4()),
                connection_id=self.tenant.id,
            )
            for _ in range(number)
        ]
        async with self.database.sessions.begin() as session:
            for alert in made:
                await alerts.record_opened(session, alert)
        return [alert.id for alert in made]

    async def is_syncing(self) -> bool:
        """Whether the tenant's directory is being read."""
        async with self.database.snapshots() as session:
            now = datetime.now(UTC)
            last = await data_sets.last_sync(session, self.tenant.id, now)
        return last.is_running

    def memory_mib(self) -> float:
        """What the bot holds now, without the processes that read directories.

        Raises:
            OSError: not on Linux.
        """
        status = Path(f"/proc/{self.process.process.pid}/status")
        return memory_in(status.read_text(encoding="ascii"), "VmRSS")

    def peaks_mib(self) -> list[float]:
        """The most that each process held which read a directory, by its own word."""
        lines = self.process.output.splitlines()
        read = [json.loads(line) for line in lines if '"directory_read"' in line]
        return [float(line["peak_mib"]) for line in read]

    async def forget_directory(self) -> None:
        """Empty the tenant's directory, so that the next sync reads all of it."""
        async with self.database.sessions.begin() as session:
            await directory_erasing.forget(session, self.tenant.id)
            while await directory_erasing.erase(session, self.tenant.id):
                pass


@asynccontextmanager
async def running_bot(address: BulkAddress, mode: Mode) -> AsyncIterator[RunningBot]:
    """Run the bot against a generated directory; all is stopped in the end.

    The tenant is connected when the bot serves already, so that nothing is read of it
    until somebody asks.
    """
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as name:
        folder = Path(name)
        data = folder / "data"
        async with Sandbox(manifest=MANIFEST) as sandbox:
            settings = environment(sandbox, data, **_settings(address))
            arguments = ("run", "--http") if mode == "http" else ("run",)
            async with gatehouse(
                *arguments, environment=settings, folder=folder
            ) as bot:
                await bot.is_ready()
                if mode == "http":
                    await sandbox.slack.use_http(_request_url(bot))
                url = f"sqlite+aiosqlite:///{data / 'gatehouse.db'}"
                async with opened(url) as database:
                    tenant = await _connect(sandbox, address, database, data)
                    yield RunningBot(bot, sandbox, database, tenant)


def _settings(address: BulkAddress) -> dict[str, str]:
    here = {"login": address.entra, "graph": address.entra}
    return {
        "GATEHOUSE_CLOUDS": json.dumps({"global": here}),
        "GATEHOUSE_CA_BUNDLE": address.ca,
        "GATEHOUSE_SCAN_EVERY": NEVER,
        "GATEHOUSE_SYNC_EVERY": NEVER,
    }


def _request_url(bot: BotProcess) -> str:
    """Where the bot takes deliveries, by its own word."""
    ready = next(line for line in bot.output.splitlines() if '"ready"' in line)
    return f"http://127.0.0.1:{json.loads(ready)['port']}{SLACK_PATH}"


async def _connect(
    sandbox: Sandbox, address: BulkAddress, database: Database, data: Path
) -> Tenant:
    tenant = a_tenant(
        workspace_id=WorkspaceId(sandbox.slack.team.id),
        tenant_id=TenantId(UUID(address.tenant)),
        client_id=ClientId(UUID(address.client)),
        alerts_channel=ChannelId(ALERTS),
        approvals_channel=ChannelId(APPROVALS),
    )
    credential = AppCredential(SignInKind.SECRET, address.secret)
    async with database.sessions.begin() as session:
        await tenants.add(session, tenant, credential, open_key_ring((), data))
    return tenant
