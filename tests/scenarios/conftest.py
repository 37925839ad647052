"""Fixtures of the stories."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios.office import Office, open_office
from tests.scenarios.people import ADA, ALERTS
from tests.scenarios.post_room import PostRoom, open_post_room
from tests.scenarios.tenant_desk import CONNECTED
from tests.store.databases import database_url, postgres

__all__ = ["connected", "database_url", "office", "postgres", "room"]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The office with nothing connected yet; scans only when asked for."""
    async with open_office(tmp_path, scan_every=timedelta(hours=6)) as opened:
        yield opened


@pytest.fixture
async def connected(office: Office) -> Office:
    """Contoso is connected and scanned."""
    await office.connects()
    await office.sees_modal(ADA, CONNECTED)
    await office.sees(lambda: office.messages(ALERTS)[5:], what="the first alerts")
    return office


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[PostRoom]:
    """An outbox with nothing in it, and its sender."""
    async with open_post_room(tmp_path) as opened:
        yield opened
