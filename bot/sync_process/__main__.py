"""`python -m bot.sync_process`: started by the bot, never by hand.

Standard input is its life line: when the bot dies, however it dies, that ends, and this
process with it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from bot import logs
from bot.pace import set_pace
from bot.sync_process import messages
from bot.sync_process.child import Tell, outcome
from bot.sync_process.messages import Task, ToParent

GRACE = timedelta(seconds=0.5)  # to roll back and close when it has to end early
LONGEST_LINE = 2**20  # bytes; a task names hosts and permissions
ENDED_EARLY = 1  # exit status; the bot knows why

log = structlog.get_logger(__name__)


class LifeLine(asyncio.StreamReaderProtocol):
    """Standard input, and what is to happen at its end."""

    def __init__(self, orders: asyncio.StreamReader) -> None:
        super().__init__(orders)
        self._is_over = False
        self._end: Callable[[], None] | None = None

    def eof_received(self) -> bool | None:
        """The bot is gone, or wants no more."""
        self._is_over = True
        if self._end is not None:
            self._end()
        return super().eof_received()

    def at_end(self, end: Callable[[], None]) -> None:
        """Call this at the end, at once where that was before."""
        self._end = end
        if self._is_over:
            end()


def main() -> None:
    """Do the one task that standard input names, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the bot's
    set_pace()
    asyncio.run(_live(_answers()))


def _answers() -> Tell:
    """Keep standard output for the protocol: what anything prints goes to stderr."""
    pipe = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(message: ToParent) -> None:
        with suppress(BrokenPipeError):  # the life line says what is to be done
            os.write(pipe, messages.line(message))

    return tell


async def _live(tell: Tell) -> None:
    loop, orders = asyncio.get_running_loop(), asyncio.StreamReader(LONGEST_LINE)
    life_line = LifeLine(orders)
    await loop.connect_read_pipe(lambda: life_line, sys.stdin)
    task = messages.heard_by_child(await orders.readline())
    if not isinstance(task, Task):
        raise messages.UnreadableLineError
    logs.configure(as_json=task.log_as_json, level=task.log_level)
    structlog.contextvars.bind_contextvars(workflow_id=task.by)
    work = asyncio.create_task(outcome(task, orders, tell))

    def end() -> None:
        work.cancel()
        # A sign-in hangs in a thread, which asyncio would wait for.
        loop.call_later(GRACE.total_seconds(), os._exit, ENDED_EARLY)

    life_line.at_end(end)
    loop.add_signal_handler(signal.SIGTERM, end)
    try:
        tell(await work)
    except asyncio.CancelledError:
        log.info("sync_read_cut_short")
        sys.stderr.flush()
        os._exit(ENDED_EARLY)


if __name__ == "__main__":
    main()
