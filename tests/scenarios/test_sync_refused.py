"""Some apps would not tell their provisioning jobs: what is known of them stays."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.tenants import Tenant
from bot.graph.patience import INTERACTIVE
from bot.graph.tenant_reading import TenantReader
from bot.workflows.sync_reading import DataSetSync
from bot.workflows.sync_record import SyncRecord
from store import data_sets
from store.bulk import bulk
from store.engine import Database
from tests.graph.small_graph import SmallGraph, refused
from tests.scenarios.lookout import MovedClock
from tests.scenarios.read_bench import turn_taken
from tests.store.directory import stored

JOBS = DataSet.PROVISIONING_JOBS
CRM, WIKI = UUID(int=1), UUID(int=2)
NO = refused(403, "Authorization_RequestDenied", "Not this one.")


def jobs_of(app: UUID) -> str:
    return f"/servicePrincipals/{app}/synchronization/jobs"


@dataclass
class Provisioning:
    """Two apps with jobs, and syncs of them one after the other."""

    database: Database
    tenant: Tenant
    clock: MovedClock
    graph: SmallGraph = field(default_factory=SmallGraph)

    def __post_init__(self) -> None:
        apps = [{"id": str(app)} for app in (CRM, WIKI)]
        self.graph.collections["/servicePrincipals"] = list(apps)

    async def syncs(self, answers: dict[UUID, list[str] | httpx.Response]) -> None:
        """Sync once, while the apps tell these jobs or refuse."""
        refusals = {}
        for app, answer in answers.items():
            if isinstance(answer, httpx.Response):
                refusals[f"/v1.0{jobs_of(app)}"] = answer
            else:
                jobs = [{"id": id, "templateId": "scim"} for id in answer]
                self.graph.collections[jobs_of(app)] = list(jobs)
        await self._reads(refusals)

    async def meets(self, path: str, answer: httpx.Response) -> None:
        """Sync once, while this path is answered so."""
        await self._reads({path: answer})

    async def _reads(self, answers: dict[str, httpx.Response]) -> None:
        self.graph.first = lambda request: answers.get(request.url.path)
        async with bulk(self.database) as writer:
            record = SyncRecord(
                self.database, self.clock, self.tenant.id, "sync", writer
            )
            reader = TenantReader(self.graph.client(INTERACTIVE))
            await DataSetSync(record, reader).run(JOBS, [])

    async def known(self) -> set[tuple[UUID, str]]:
        """The jobs that are stored."""
        rows = await stored(self.database, self.tenant.id, JOBS)
        return {(row[0], row[1]) for row in rows}  # type: ignore[misc]  # an app and a job

    async def state(self) -> DataSetState:
        """How they stand."""
        async with self.database.snapshots() as session:
            return await data_sets.get(session, self.tenant.id, JOBS)


@pytest.fixture
async def provisioning(database_url: str) -> AsyncIterator[Provisioning]:
    """Contoso with the turn taken; on both kinds of databases."""
    async with turn_taken(database_url) as turn:
        yield Provisioning(*turn)


async def test_jobs_of_an_app_that_refuses_stay_and_others_are_swept(
    provisioning: Provisioning,
) -> None:
    """Wiki's old job is gone. CRM told nothing, so nothing is known to be gone."""
    await provisioning.syncs({CRM: ["crm"], WIKI: ["old"]})
    assert (await provisioning.state()).standing is Standing.CURRENT

    await provisioning.syncs({CRM: NO, WIKI: ["new"]})

    assert await provisioning.known() == {(CRM, "crm"), (WIKI, "new")}
    state = await provisioning.state()
    assert state.standing is Standing.PARTIAL
    assert "1 of 2 that were asked would not tell" in state.reason

    await provisioning.syncs({CRM: [], WIKI: ["new"]})

    assert await provisioning.known() == {(WIKI, "new")}
    assert (await provisioning.state()).standing is Standing.CURRENT


async def test_where_all_refuse_nothing_changes(provisioning: Provisioning) -> None:
    await provisioning.syncs({CRM: ["crm"], WIKI: ["wiki"]})

    await provisioning.syncs({CRM: NO, WIKI: NO})

    assert await provisioning.known() == {(CRM, "crm"), (WIKI, "wiki")}
    assert (await provisioning.state()).standing is Standing.NOT_PERMITTED
