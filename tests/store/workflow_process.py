"""A process that runs workflows and can be killed: `python -m … URL EXECUTOR LOG`.

Its one workflow appends a line to LOG at each step, so that a test sees what ran where
and how often. The second step waits as long as a file LOG.hold exists. It says "ready"
on standard output once it runs, and drains when its standard input ends.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.domain.errors import NotAllowedError
from bot.engine import Engine, StepFailedError
from bot.logs import configure
from store.engine import open_database

NAME = "three_steps"


class ThreeSteps:
    """Three steps; the last one ends in an error that the workflow handles."""

    def __init__(self, engine: Engine, executor_id: str, log: Path) -> None:
        self._engine, self._executor_id, self._log = engine, executor_id, log
        engine.workflow(NAME)(self.run)

    async def run(self, subject: str) -> list[str]:
        """Run the steps one after the other."""
        first = await self._engine.step("first", self._first, subject)
        second = await self._engine.step("second", self._second, subject)
        try:
            await self._engine.step("third", self._third)
        except StepFailedError as error:
            third = f"{error.code}: {error.message}"
            await self._engine.step("fourth", self._write, "fourth", subject)
        return [first, second, third]

    async def _first(self, subject: str) -> str:
        return await self._write("first", subject)

    async def _second(self, subject: str) -> str:
        line = await self._write("second", subject)
        while self._log.with_suffix(".hold").exists():  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.02)
        return line

    async def _third(self) -> None:
        await self._write("third", "")
        raise NotAllowedError("Not you.", remedy="Ask Amir.")

    async def _write(self, step: str, subject: str) -> str:
        line = f"{self._executor_id} {step} {subject}".strip()
        with self._log.open("a") as log:
            log.write(line + "\n")
        return line


async def main(url: str, executor_id: str, log: str) -> None:
    """Run until standard input ends."""
    configure(as_json=True, level="ERROR")
    database = open_database(url)
    await database.upgrade()
    engine = Engine(
        database,
        executor_id,
        heartbeat_every=timedelta(seconds=0.2),
        dead_after=timedelta(seconds=1),
    )
    ThreeSteps(engine, executor_id, Path(log))
    await engine.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    # A thread of its own would keep the process from ending.
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()
    await engine.drain(timedelta(seconds=5))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
