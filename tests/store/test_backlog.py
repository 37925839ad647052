"""What waits to reach Slack, as an operator's metrics show it."""

import math
from pathlib import Path

from prometheus_client import REGISTRY

from bot.backlog import backlog_of
from store import messages
from store.engine import Database, open_database
from tests.store.people import a_message


def shown() -> list[float | None]:
    """How many wait, and the longest wait in seconds."""
    names = ("gatehouse_messages_waiting", "gatehouse_messages_waiting_seconds")
    return [REGISTRY.get_sample_value(name) for name in names]


async def test_what_waits_is_measured_when_asked(database: Database) -> None:
    measure = backlog_of(database)
    await measure()
    assert shown() == [0, 0]

    async with database.sessions.begin() as session:
        await messages.put(session, a_message("a"))
        await messages.put(session, a_message("b"))
    await measure()

    waiting, wait = shown()
    assert waiting == 2
    assert wait is not None
    assert 0 < wait < 60


async def test_without_a_database_nothing_is_made_up(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path / 'folder' / 'no.db'}")
    (tmp_path / "folder").rmdir()

    await backlog_of(database)()

    assert all(each is not None and math.isnan(each) for each in shown())
