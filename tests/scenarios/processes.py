"""The bot as its own process, the way anybody runs it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.runner import Sandbox

READY_WITHIN = 20.0


class BotProcess:
    """`gatehouse …` with settings for a sandbox, its output kept in a file."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process, self._log = process, log

    @property
    def output(self) -> str:
        """All that it printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    async def is_ready(self) -> None:
        """Wait until it says that it is ready. Raises AssertionError if it ends."""
        async with asyncio.timeout(READY_WITHIN):
            while '"ready"' not in self.output:
                assert self.process.returncode is None, self.output
                await asyncio.sleep(0.02)

    async def ends(self, within: float = READY_WITHIN) -> int:
        """Wait for its end; returns the exit status."""
        async with asyncio.timeout(within):
            return await self.process.wait()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


def environment(sandbox: Sandbox, data_dir: Path, **changes: str) -> dict[str, str]:
    """This process's environment, without settings but the sandbox's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GATEHOUSE_", "SLACK_"))
    }
    given = {"GATEHOUSE_DATA_DIR": str(data_dir), "GATEHOUSE_HTTP_PORT": "0"}
    return {**kept, **sandbox.bot_environment(), **given, **changes}


def _log_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "output.log"


@asynccontextmanager
async def gatehouse(
    *arguments: str, environment: dict[str, str], folder: Path
) -> AsyncIterator[BotProcess]:
    """Run `gatehouse` with these arguments; killed at the end if it still runs."""
    log = _log_in(folder)
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env=environment,
            cwd=folder,
            stdout=output,
            stderr=output,
        )
    bot = BotProcess(process, log)
    try:
        yield bot
    finally:
        await bot.kill()


async def answer_of(
    *arguments: str, environment: dict[str, str], folder: Path
) -> tuple[int, str]:
    """Run one command to its end; returns exit status and output."""
    async with gatehouse(*arguments, environment=environment, folder=folder) as bot:
        before = len(bot.output)
        status = await bot.ends(30)
        return status, bot.output[before:]
