"""Reading one directory for the bot, which hears how it is going and how it ends.

Whenever this process ends, what was committed stays, with a mark where to go on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bot.domain.errors import BotError
from bot.domain.ids import ClientId, TenantId
from bot.graph.connections import GraphClients
from bot.keys import open_key_ring
from bot.ports import SystemClock
from bot.sync_process import messages
from bot.sync_process.messages import Account, Done, Failed, Task, ToParent
from bot.sync_process.peak import peak_mib
from bot.sync_process.quota_link import ChildLink
from bot.workflows.sync import Sync
from bot.workflows.tenant_graphs import TenantGraphs
from store.engine import PASSING, open_database

log = structlog.get_logger(__name__)

Tell = Callable[[ToParent], None]


async def outcome(task: Task, orders: asyncio.StreamReader, tell: Tell) -> ToParent:
    """Read the directory; whatever goes wrong is said in the answer.

    Args:
        orders: what the bot says meanwhile.
    """
    try:
        standings = await _read(task, orders, tell)
    except BotError as error:
        return Failed(error.code, error.message, error.remedy)
    except PASSING as error:
        return Failed("database", str(error.args[0]), "", is_passing=True)
    except Exception as error:
        # The bot must hear of it whatever it is; the log keeps what it is not told.
        log.exception("sync_read_failed")
        return Failed(
            "unexpected",
            f"An error nobody foresaw: {type(error).__name__}.",
            "Look for this workflow's ID in the logs.",
        )
    return Done(standings, peak_mib())


async def _read(task: Task, orders: asyncio.StreamReader, tell: Tell) -> dict[str, str]:
    async with _opened(task) as (sync, graphs):
        quota = graphs.quotas.of(TenantId(task.tenant_id), ClientId(task.client_id))
        link = ChildLink(quota, graphs.quotas, tell, task.balance)
        async with _in_touch(link, orders):
            return await sync.read(task.connection_id, task.by, task.granted)


@asynccontextmanager
async def _opened(task: Task) -> AsyncIterator[tuple[Sync, GraphClients]]:
    """Everything that a read needs; neither migrates nor locks the database's file."""
    clock = SystemClock()
    keys = open_key_ring(tuple(task.encryption_keys), Path(task.data_dir))
    ca_bundle = None if task.ca_bundle is None else Path(task.ca_bundle)
    graphs = GraphClients(task.clouds, ca_bundle, clock)
    database = open_database(task.database_url)
    try:
        yield Sync(database, TenantGraphs(database, keys, graphs), clock), graphs
    finally:
        await graphs.aclose()
        await database.close()


@asynccontextmanager
async def _in_touch(
    link: ChildLink, orders: asyncio.StreamReader
) -> AsyncIterator[None]:
    """Keep one account with the bot until the end."""
    tasks = [
        asyncio.create_task(link.run()),
        asyncio.create_task(_listen(link, orders)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(link: ChildLink, orders: asyncio.StreamReader) -> None:
    while text := await orders.readline():
        said = messages.heard_by_child(text)
        if isinstance(said, Account):
            link.hear(said)
