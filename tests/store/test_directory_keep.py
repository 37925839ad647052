"""What an owner would not tell of is not taken for gone."""

from bot.domain.activity_rows import ProvisioningJobRow
from bot.domain.directory import DataSet
from bot.domain.tenants import Tenant
from store import directory
from store.engine import Database
from tests.store.directory import bare, guid, stored

JOBS = DataSet.PROVISIONING_JOBS


def a_job(owner: int, id: str) -> ProvisioningJobRow:
    """A job of an app."""
    job: ProvisioningJobRow = bare(ProvisioningJobRow, guid(owner), id)
    return job._replace(status="Active")


async def test_a_sweep_passes_over_what_is_kept(
    database: Database, tenant: Tenant
) -> None:
    jobs = [a_job(1, "a"), a_job(1, "b"), a_job(2, "a"), a_job(3, "a")]
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, JOBS, jobs, 1)
        await directory.upsert(session, tenant.id, JOBS, [a_job(3, "a")], 2)

        owners = [guid(1), guid(9)]
        assert await directory.keep(session, tenant.id, JOBS, owners, 2) == 2
        assert await directory.keep(session, tenant.id, JOBS, [], 2) == 0
        assert await directory.sweep(session, tenant.id, JOBS, 2) == 1

    assert await stored(database, tenant.id, JOBS) == {jobs[0], jobs[1], jobs[3]}


async def test_what_a_newer_read_saw_is_not_made_older(
    database: Database, tenant: Tenant
) -> None:
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, JOBS, [a_job(1, "a")], 3)

        assert await directory.keep(session, tenant.id, JOBS, [guid(1)], 2) == 0
        assert await directory.sweep(session, tenant.id, JOBS, 3) == 0
