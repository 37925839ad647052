"""Fixtures of the store's tests."""

import pytest

from store.keyring import KeyRing
from tests.store.databases import (
    database,
    database_url,
    postgres,
    postgres_database,
    sqlite_database,
)

__all__ = [
    "database",
    "database_url",
    "keys",
    "postgres",
    "postgres_database",
    "sqlite_database",
]


@pytest.fixture
def keys() -> KeyRing:
    """A ring with one key."""
    return KeyRing([KeyRing.generate_key()])
