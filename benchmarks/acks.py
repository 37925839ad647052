"""`python -m benchmarks.acks`: how long Slack waits for an acknowledgement.

The bot is a process of its own; Slack is simulated in this one, over the sockets that
the bot uses in production. A command is acknowledged at once and its work done
afterwards; a click when it is stored who clicked. Slack allows 3 s.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import get_args

from benchmarks.bot_process import Mode, RunningBot, running_bot
from benchmarks.bulk_process import BulkAddress, bulk_process
from benchmarks.measuring import begin, quantile, say, say_table
from bot.domain.ids import AlertId
from bot.views.alerts import ActionId
from bot.views.sync import SyncAction
from sandbox.slack import payloads
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.delivery.parcel import Answer
from sandbox.slack.errors import Json
from tests.scenarios.people import ADA, ALERTS

USERS = 100_000  # a sync long enough for more than a hundred samples
LATENCY_MS = 80.0
AT_ONCE = (1, 50, 200)
SAMPLES = 200  # of each kind, at each number at once
REST_SECONDS = 0.01  # after each interaction, for the work behind it to end
STARTS_WITHIN = 10.0  # seconds until a sync that was asked for has begun
COMMAND, CLICK = "command", "click"


Lines = list[tuple[str, ...]]


@dataclass
class Waits:
    """Seconds that Slack waited, and how many were not acknowledged at all."""

    seconds: list[float] = field(default_factory=list)
    lost: int = 0

    def cells(self) -> tuple[str, ...]:
        """How many, p50 and p99 in milliseconds, and what was lost."""
        if not self.seconds:
            return ("0", "", "", str(self.lost))
        middle, high = (quantile(self.seconds, share) * 1000 for share in (0.5, 0.99))
        count = str(len(self.seconds))
        return (count, f"{middle:.1f}", f"{high:.1f}", str(self.lost))


class People:
    """Everybody in the workspace who types and clicks."""

    def __init__(self, bot: RunningBot) -> None:
        self._bot, self._alerts = bot, list[AlertId]()

    @property
    def _slack(self) -> WorkspaceCore:
        return self._bot.sandbox.slack

    async def prepare(self, clicks: int) -> None:
        """Have alerts for so many clicks."""
        missing = clicks - len(self._alerts)
        if missing > 0:
            self._alerts += await self._bot.add_alerts(missing)

    async def command(self) -> Answer:
        """Somebody types `/entra help`."""
        slack = self._slack
        payload = payloads.slash_command(
            slack,
            slack.people.actor(ADA),
            slack.channels.existing(ALERTS),
            "/entra",
            "help",
        )
        return await slack.courier.ask("slash_commands", payload)

    async def click(self) -> Answer:
        """Somebody acknowledges an alert that nobody has acknowledged yet."""
        return await self._press(ActionId.ACKNOWLEDGE, str(self._alerts.pop()))

    async def ask_for_sync(self) -> Answer:
        """Somebody presses "Sync now"."""
        return await self._press(SyncAction.NOW, str(self._bot.tenant.id))

    async def _press(self, action_id: str, value: str) -> Answer:
        slack = self._slack
        channel = slack.channels.existing(ALERTS)
        action = {
            "type": "button",
            "action_id": action_id,
            "block_id": "card",
            "value": value,
        }
        origin: Json = {
            "container": {"type": "message", "channel_id": ALERTS, "message_ts": "1.0"},
            "channel": {"id": channel.id, "name": channel.name},
        }
        payload = payloads.block_actions(
            slack, slack.people.actor(ADA), action, origin, values={}, view_id=None
        )
        return await slack.courier.ask("interactive", payload)


async def wave(act: Callable[[], Awaitable[Answer]], at_once: int, into: Waits) -> None:
    """Let so many act at the same moment, then let the bot come to rest."""

    async def timed() -> None:
        began = time.perf_counter()
        answer = await act()
        if answer.acked:
            into.seconds.append(time.perf_counter() - began)
        else:
            into.lost += 1

    await asyncio.gather(*(timed() for _ in range(at_once)))
    await asyncio.sleep(REST_SECONDS * at_once)


async def idle(people: People, at_once: int, samples: int) -> dict[str, Waits]:
    """Commands and clicks in turns, while the bot does nothing else."""
    waits = {COMMAND: Waits(), CLICK: Waits()}
    for _ in range(max(samples // at_once, 2)):
        await people.prepare(at_once)
        await wave(people.command, at_once, waits[COMMAND])
        await wave(people.click, at_once, waits[CLICK])
    return waits


async def during_sync(
    bot: RunningBot, people: People, at_once: int
) -> dict[str, Waits]:
    """The same while a full sync of the tenant runs, from its beginning to its end.

    Raises:
        TimeoutError: the sync does not begin.
    """
    waits = {COMMAND: Waits(), CLICK: Waits()}
    await bot.forget_directory()
    await people.prepare(SAMPLES * 8)
    await people.ask_for_sync()
    async with asyncio.timeout(STARTS_WITHIN):
        while not await bot.is_syncing():  # noqa: ASYNC110 - another process begins it
            await asyncio.sleep(0.05)
    while await bot.is_syncing():
        await people.prepare(at_once)
        await wave(people.command, at_once, waits[COMMAND])
        await wave(people.click, at_once, waits[CLICK])
    return waits


async def measure(address: BulkAddress, mode: Mode) -> tuple[Lines, tuple[str, ...]]:
    """All waits in one mode, as lines of a table; and what memory it took."""
    lines: Lines = []
    async with running_bot(address, mode) as bot:
        people = People(bot)
        await idle(people, 10, 50)  # warms up
        before = bot.memory_mib()
        for at_once in AT_ONCE:
            waits = {
                "idle": await idle(people, at_once, SAMPLES),
                "full sync": await during_sync(bot, people, at_once),
            }
            for when, by_kind in waits.items():
                for kind, taken in by_kind.items():
                    lines.append((mode, kind, when, str(at_once), *taken.cells()))
        held = (before, bot.memory_mib(), max(bot.peaks_mib()))
    return lines, (mode, *(f"{mib:.0f}" for mib in held))


async def run(users: int, modes: Sequence[Mode]) -> None:
    """Serve a directory, and measure in each mode."""
    begin()
    async with bulk_process(users, latency_ms=LATENCY_MS) as bulk:
        found = [await measure(bulk.address, mode) for mode in modes]
    say_table(
        f"Milliseconds until acknowledged; full sync of {users:,} users",
        ("mode", "kind", "bot is", "at once", "samples", "p50", "p99", "lost"),
        [line for lines, _ in found for line in lines],
    )
    say("Slack's side works in one process and is part of each wait at 50 and 200.")
    say_table(
        f"MiB of the bot before and after {len(AT_ONCE)} syncs, and of a sync at most",
        ("mode", "before", "after", "a sync"),
        [held for _, held in found],
    )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--mode", choices=get_args(Mode), action="append")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.users, arguments.mode or get_args(Mode)))


if __name__ == "__main__":
    main()
