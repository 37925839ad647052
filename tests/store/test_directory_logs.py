"""Entries of a directory's logs come once, however often told, and go with age."""

from datetime import timedelta

import pytest

from bot.domain.activity_rows import DirectoryAuditRow, ProvisioningLogRow, SignInRow
from bot.domain.directory import DataSet
from bot.domain.tenants import Tenant
from store import directory, tenants
from store.engine import Database
from store.keyring import KeyRing
from tests.store.directory import one_of_each, stored
from tests.store.people import NOW, SECRET, a_tenant

SIGN_INS = DataSet.SIGN_INS
TWO_DAYS, INSTANT = timedelta(days=2), timedelta(microseconds=1)


def a_sign_in(id: str, ago: timedelta) -> SignInRow:
    """A sign-in of so long ago."""
    row = one_of_each()[SIGN_INS]
    assert isinstance(row, SignInRow)
    return row._replace(id=id, at=NOW - ago)


async def test_an_entry_that_two_windows_tell_of_is_there_once(
    database: Database, tenant: Tenant
) -> None:
    """Windows overlap; what the later one says of it stays."""
    early = a_sign_in("a", timedelta(minutes=70))
    late = early._replace(conditional_access="success")
    async with database.sessions.begin() as session:
        for row in (early, late):
            await directory.upsert(session, tenant.id, SIGN_INS, [row], 1)

    assert await stored(database, tenant.id, SIGN_INS) == {late}


@pytest.mark.parametrize(
    "data_set", [DataSet.DIRECTORY_AUDITS, SIGN_INS, DataSet.PROVISIONING_LOGS]
)
async def test_purging_takes_what_is_older_of_one_log_of_one_connection(
    database: Database, tenant: Tenant, keys: KeyRing, data_set: DataSet
) -> None:
    """To the microsecond, whatever the time looks like as text."""
    other = a_tenant(tenant_id=tenant.tenant_id)
    row = one_of_each()[data_set]
    assert isinstance(row, DirectoryAuditRow | SignInRow | ProvisioningLogRow)
    at = {"old": TWO_DAYS + INSTANT, "just": TWO_DAYS, "new": timedelta(0)}
    rows = {id: row._replace(id=id, at=NOW - ago) for id, ago in at.items()}
    async with database.sessions.begin() as session:
        await tenants.add(session, other, SECRET, keys)
        for id in (tenant.id, other.id):
            await directory.upsert(session, id, data_set, list(rows.values()), 1)

        before = NOW - TWO_DAYS
        assert await directory.purge(session, tenant.id, data_set, before) == 1
        assert await directory.purge(session, tenant.id, data_set, before) == 0

    left = await stored(database, tenant.id, data_set)
    assert left == {rows["just"], rows["new"]}
    assert len(await stored(database, other.id, data_set)) == 3


async def test_only_logs_are_purged(database: Database, tenant: Tenant) -> None:
    async with database.sessions.begin() as session:
        with pytest.raises(AttributeError, match="at"):
            await directory.purge(session, tenant.id, DataSet.USERS, NOW)
