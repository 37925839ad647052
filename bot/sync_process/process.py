"""One reading process as the bot sees it: begun, told, heard, ended, reaped."""

import asyncio
import os
import sys
import sysconfig
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bot.sync_process import messages
from bot.sync_process.messages import Account, Task, ToParent

MODULE = "bot.sync_process"
_PROGRAM = Path(__file__).parents[2]  # the folder that `bot` is in
NICENESS = 10  # people's clicks come first where there are too few cores
ENDS_WITHIN = timedelta(seconds=2)  # after its input ended; it takes half a second


class ReadingProcess:
    """A process that reads one directory.

    Raises:
        OSError: the system has no room for one more process.
    """

    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise OSError("a reading process came without its pipes")
        self._process = process
        self._input, self._output = process.stdin, process.stdout

    @classmethod
    async def begin(cls, task: Task) -> "ReadingProcess":
        """Start one, and give it its task."""
        process = cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", MODULE),
                stdin=PIPE,
                stdout=PIPE,
                env=_environment(),
            )
        )
        # From here, so that what it imports is polite as well.
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.id, NICENESS)
        process.tell(task)
        return process

    @property
    def id(self) -> int:
        """The system's number of it."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """How it ended; below 0 by the signal of that number, None while it runs."""
        return self._process.returncode

    def tell(self, message: Task | Account) -> None:
        """Say something without waiting: lines are few, and a death is heard of."""
        if not self._input.is_closing():
            self._input.write(messages.line(message))

    async def hear(self) -> ToParent | None:
        """The next thing it says; None when it says no more.

        Raises:
            UnreadableLineError: no version of ours says that.
        """
        text = await self._output.readline()
        return messages.heard_by_parent(text) if text else None

    def let_go(self) -> None:
        """Close its input, at which it ends by itself."""
        self._input.close()

    async def end(self) -> None:
        """Let it end, or else make it; nothing of it is left then."""
        self.let_go()
        try:
            async with asyncio.timeout(ENDS_WITHIN.total_seconds()):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def _environment() -> dict[str, str]:
    """Proxies and paths, but no settings: what it needs of those, its task holds.

    It runs the very program that runs here. Left to itself Python would look into the
    working directory first, where anybody's `bot`, or `json.py`, may lie. Where
    packages are installed it looks anyhow, and finds its own library before them.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "GATEHOUSE_"))
    }
    if str(_PROGRAM) == sysconfig.get_path("purelib"):
        return kept
    paths = filter(None, (str(_PROGRAM), kept.get("PYTHONPATH")))
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}
