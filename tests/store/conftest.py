"""Fixtures of the store's tests."""

import pytest

from store.keyring import KeyRing
from tests.store.databases import database, database_url, postgres

__all__ = ["database", "database_url", "keys", "postgres"]


@pytest.fixture
def keys() -> KeyRing:
    """A ring with one key."""
    return KeyRing([KeyRing.generate_key()])
