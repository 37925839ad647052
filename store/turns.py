"""Turns at SQLite's one write lock, in the order in which they are asked for.

SQLite itself lets those who wait look again after a while, longer each time, and gives
the lock to whoever looks at the right moment. Beside a sync that writes one page after
the other half of the clicks waited 51 ms or more; in turns it is 17 ms (measured on a
busy machine).
"""

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import await_only

_HELD = "gatehouse_turn"


class Turns:
    """A queue for this process's own transactions. Others still meet at the file.

    Args:
        longest_wait: seconds; then SQLite decides, which ends with an error where a
            transaction waits for another of its own task.
    """

    def __init__(self, longest_wait: float) -> None:
        self._longest_wait = longest_wait
        self._lock = asyncio.Lock()

    def attend(self, engine: Engine) -> None:
        """Give every turn back, however the transaction ends."""
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)
        for name in ("checkin", "invalidate"):
            event.listen(engine, name, self._end_of_record)

    def take(self, connection: Connection, begin: Callable[[], Any]) -> None:
        """Wait for the turn, then begin; within a greenlet of SQLAlchemy's."""
        held: bool = await_only(self._acquired())
        connection.info[_HELD] = held
        try:
            begin()
        except BaseException:  # cancelled too: a turn not given on stops all writers
            self._end(connection)
            raise

    async def _acquired(self) -> bool:
        try:
            async with asyncio.timeout(self._longest_wait):
                return await self._lock.acquire()
        except TimeoutError:
            return False

    def _end(self, connection: Connection) -> None:
        """A moment before the commit: whoever is next waits for that at the file."""
        self._give_back(connection.info)

    def _end_of_record(self, _: Any, record: Any, *__: Any) -> None:
        if record is not None:
            self._give_back(record.info)

    def _give_back(self, info: dict[Any, Any]) -> None:
        if info.pop(_HELD, False):
            self._lock.release()
