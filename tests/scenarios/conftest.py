"""Fixtures of the stories."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios.office import Office, open_office
from tests.store.databases import database_url, postgres

__all__ = ["database_url", "office", "postgres"]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The office with nothing connected yet; scans only when asked for."""
    async with open_office(tmp_path, scan_every=timedelta(hours=6)) as opened:
        yield opened
