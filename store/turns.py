"""Turns at SQLite's one write lock, in order, and soon after it is free.

SQLite lets those who wait look again after a while, longer each time, and gives the
lock to whoever looks at the right moment. So within a process a queue gives turns in
the order in which they are asked for. Between processes whoever has the turn looks
again every millisecond, and who writes much rests for longer than that after each
transaction (`store.bulk`): a click then waits for one page of a sync, not for many.
What Slack waits for goes before what was asked for earlier.
"""

import asyncio
import sqlite3
from collections import deque
from inspect import isawaitable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import await_only

LOOK_EVERY = 0.001  # seconds
_HELD = "gatehouse_turn"


class Turns:
    """A queue for this process's own transactions. Others are met at the file.

    Args:
        longest_wait: seconds; then it ends with SQLite's own error, as where a
            transaction waits for another of its own task.
    """

    def __init__(self, longest_wait: float) -> None:
        self._longest_wait = longest_wait
        self._is_taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._patiently = f"PRAGMA busy_timeout = {round(longest_wait * 1000)}"
        self._at_once = f"PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; {self._patiently};"

    def attend(self, engine: Engine) -> None:
        """Give every turn back, however the transaction ends, once it has ended."""
        for name in ("checkin", "invalidate"):
            event.listen(engine, name, self._end)

    def begin(self, connection: Connection, *, is_urgent: bool = False) -> None:
        """Wait for the turn and the lock; within a greenlet of SQLAlchemy's."""
        if not connection.info.get(_HELD, False):
            connection.info[_HELD] = await_only(self._acquired(is_urgent))
        until = asyncio.get_running_loop().time() + self._longest_wait
        if not connection.info[_HELD]:
            until = 0  # it has waited long enough
        driver = connection.connection.driver_connection
        try:
            begun: bool = await_only(self._begun(driver, until))
            if not begun:
                self._begin_or_fail(connection)
        except BaseException:  # cancelled too: a turn not given on stops all writers
            self._give_back(connection.info)
            raise

    def _begin_or_fail(self, connection: Connection) -> None:
        """Once more, for SQLAlchemy to wrap the error; reads wait as before then."""
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(self._patiently)

    async def _acquired(self, is_urgent: bool) -> bool:
        if not self._is_taken:
            self._is_taken = True
            return True
        turn = asyncio.get_running_loop().create_future()
        if is_urgent:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._longest_wait):
                await asyncio.shield(turn)
        except TimeoutError:
            return self._came(turn)
        except asyncio.CancelledError:
            if self._came(turn):
                self._pass_on()
            raise
        return True

    def _came(self, turn: "asyncio.Future[None]") -> bool:
        """Whether the turn came all the same; if not, it never will."""
        if turn.done():
            return True
        self._waiting.remove(turn)
        return False

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            self._is_taken = False

    async def _begun(self, driver: Any, until: float) -> bool:
        """Begin as soon as the lock is free; False where it is not by then.

        Args:
            driver: a connection of the standard library or of its async cover.
        """
        loop = asyncio.get_running_loop()
        while True:
            try:
                cursor = driver.executescript(self._at_once)
                if isawaitable(cursor):
                    await cursor
                return True
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    return False  # the same happens again, and is wrapped there
            if loop.time() >= until:
                return False
            await asyncio.sleep(LOOK_EVERY)

    def _end(self, _: Any, record: Any, *__: Any) -> None:
        if record is not None:
            self._give_back(record.info)

    def _give_back(self, info: dict[Any, Any]) -> None:
        if info.pop(_HELD, False):
            self._pass_on()
