"""Fixtures of the store's tests."""

import pytest

from bot.domain.tenants import Tenant
from store import tenants
from store.engine import Database
from store.keyring import KeyRing
from tests.store.databases import (
    database,
    database_url,
    postgres,
    postgres_database,
    sqlite_database,
)
from tests.store.engines import engine
from tests.store.people import SECRET, a_tenant

__all__ = [
    "database",
    "database_url",
    "engine",
    "keys",
    "postgres",
    "postgres_database",
    "sqlite_database",
]


@pytest.fixture
def keys() -> KeyRing:
    """A ring with one key."""
    return KeyRing([KeyRing.generate_key()])


@pytest.fixture
async def tenant(database: Database, keys: KeyRing) -> Tenant:
    """Contoso, connected."""
    contoso = a_tenant()
    async with database.sessions.begin() as session:
        await tenants.add(session, contoso, SECRET, keys)
    return contoso
