"""A tenant whose turn to be read is taken, and a reader that gives what a test says."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.directory import DataSet
from bot.domain.tenants import Tenant
from bot.graph.reading import ChangePage, ReadPage
from store import data_sets, tenants
from store.engine import Database, open_database
from store.keyring import KeyRing
from tests.scenarios.lookout import MovedClock
from tests.store.people import SECRET, a_tenant


@asynccontextmanager
async def turn_taken(
    database_url: str,
) -> AsyncIterator[tuple[Database, Tenant, MovedClock]]:
    """Contoso, stored; for a month the workflow "sync" has its turn."""
    database = open_database(database_url)
    await database.upgrade()
    tenant, clock = a_tenant(), MovedClock()
    async with database.sessions.begin() as session:
        await tenants.add(session, tenant, SECRET, KeyRing([KeyRing.generate_key()]))
        lasts = timedelta(days=30)
        await data_sets.claim(session, tenant.id, "sync", clock.now(), lasts)
    try:
        yield database, tenant, clock
    finally:
        await database.close()


@dataclass
class ScriptedReader:
    """Gives these pages; an error among them is raised in its place."""

    script: list[ReadPage | ChangePage | BaseException] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)

    async def full(
        self, data_set: DataSet, *, resume: str | None = None, since: str | None = None
    ) -> AsyncGenerator[ReadPage]:
        """See `TenantReader`."""
        asked = f"resume {resume}" if resume else "full"
        self.asked.append(f"{asked} since {since}" if since else asked)
        while self.script:
            page = self._next()
            assert isinstance(page, ReadPage)
            yield page

    async def changes(
        self, data_set: DataSet, delta_link: str
    ) -> AsyncGenerator[ChangePage]:
        """See `TenantReader`."""
        self.asked.append(f"changes {delta_link}")
        while self.script:
            page = self._next()
            assert isinstance(page, ChangePage)
            yield page

    def _next(self) -> ReadPage | ChangePage:
        page = self.script.pop(0)
        if isinstance(page, BaseException):
            raise page
        return page
