"""The longest keys that are decoded fit into both databases' indexes."""

from random import Random
from typing import Any

import pytest

from bot.domain.directory import DataSet
from bot.domain.tenants import Tenant
from bot.graph.decoding.values import MAX_KEY
from store import directory
from store.directory_statements import key_columns, table_of
from store.engine import Database
from store.tables import Table
from store.types import Guid
from tests.store.directory import one_of_each, stored


@pytest.mark.parametrize("data_set", DataSet)
async def test_the_longest_key_is_stored(
    database: Database, tenant: Tenant, data_set: DataSet
) -> None:
    """Of four bytes a character, and nothing that PostgreSQL could compress."""
    chance = Random(17)  # noqa: S311 - test data
    longest = "".join(chr(chance.randrange(0x10000, 0x110000)) for _ in range(MAX_KEY))
    columns = Table.metadata.tables[table_of(data_set)].columns
    texts = [x for x in key_columns(data_set) if not isinstance(columns[x].type, Guid)]
    row: Any = one_of_each()[data_set]
    row = row._replace(**dict.fromkeys(texts, longest))

    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, data_set, [row], 1)

    assert await stored(database, tenant.id, data_set) == {row}
