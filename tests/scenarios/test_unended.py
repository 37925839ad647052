"""Killed between a click and its outcome: nobody is left believing that it was done."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import SlackUserId
from bot.services.inbound import GIVEN_UP_AFTER, Inbound
from handlers.unended import tell_unended_elsewhere
from sandbox.runner import Sandbox
from store.engine import Database
from tests.places import MANIFEST
from tests.scenarios.lookout import MovedClock
from tests.scenarios.office import Office, settings_for
from tests.scenarios.people import ADA, ALERTS, OMAR
from tests.scenarios.processes import environment, gatehouse
from tests.scenarios.test_listening import ALERT
from tests.store.databases import database, database_url, postgres

__all__ = ["database", "database_url", "postgres"]

STOPPED = "Gatehouse was stopped while it worked"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Both simulators; the bots of these stories are processes of their own."""
    async with Sandbox(manifest=MANIFEST) as sandbox:
        opened = Office(sandbox, settings_for(sandbox, tmp_path / "data"))
        try:
            yield opened
        finally:
            await opened.bot.core.close()


@pytest.mark.slow
async def test_a_kill_after_the_acknowledgement_is_told_at_the_next_start(
    office: Office, tmp_path: Path
) -> None:
    settings = environment(office.sandbox, tmp_path / "data")
    async with gatehouse("run", environment=settings, folder=tmp_path / "a") as bot:
        await bot.is_ready()
        await office.connects()
        alert = await office.sees_message(ALERTS, ALERT)
        await office.slack.set_fault("slow_api", True, {"ms": 3000})
        outcome = await office.presses(OMAR, "Acknowledge", alert)
        await bot.kill()

    assert outcome.acked
    assert STOPPED not in office.told_alone(OMAR)
    await office.slack.set_fault("slow_api", False)
    for life in ("b", "c"):
        async with gatehouse(
            "run", environment=settings, folder=tmp_path / life
        ) as bot:
            await bot.is_ready()
            await office.is_told(OMAR, STOPPED, "present state")
            bot.process.terminate()
            await bot.ends()

    assert office.told_alone(OMAR).count(STOPPED) == 1, "once, not at every start"
    assert STOPPED not in office.told_alone(ADA)


async def test_what_ended_in_peace_is_told_to_nobody(
    office: Office, tmp_path: Path
) -> None:
    settings = environment(office.sandbox, tmp_path / "data")
    for life in ("a", "b"):
        async with gatehouse(
            "run", environment=settings, folder=tmp_path / life
        ) as bot:
            await bot.is_ready()
            await office.types(ADA, "/entra help")
            await office.is_told(ADA, "/entra connect")
            bot.process.terminate()
            await bot.ends()

    assert STOPPED not in office.told_alone(ADA)


async def test_a_replica_speaks_for_others_only_after_a_while(
    database: Database,
) -> None:
    """One that runs is working on it; one that is gone for good never says so."""
    clock = MovedClock()
    here, there = Inbound(database, clock, "here"), Inbound(database, clock, "there")
    user = SlackUserId(OMAR)
    await here.is_new("1", user)
    clock.at += timedelta(seconds=1)
    await there.is_new("2", user)
    await here.is_new("3", None)

    assert [each.key for each in await here.unended()] == ["1"]
    clock.at += GIVEN_UP_AFTER + timedelta(seconds=1)
    assert [each.key for each in await here.unended()] == ["1", "2"]
    here.ended("1")
    here.ended("2")
    await here.flush()
    assert await here.unended() == []


@dataclass
class Ears:
    """Slack's client, as far as people are told by it."""

    told: list[str] = field(default_factory=list)

    async def chat_postMessage(self, *, channel: str, text: str) -> None:  # noqa: N802 - Slack's
        assert STOPPED in text
        self.told.append(channel)


async def test_a_replica_that_is_gone_for_good_is_spoken_for_by_those_that_run(
    database: Database,
) -> None:
    """Its successor has another name, and started seconds after its end."""
    clock, ears = MovedClock(), Ears()
    gone, here = Inbound(database, clock, "pod-1"), Inbound(database, clock, "pod-2")
    await gone.is_new("1", SlackUserId(OMAR))
    assert await here.unended() == [], "it may still be at work"
    await here.is_new("2", SlackUserId(ADA))  # and here somebody is, for long
    every = timedelta(milliseconds=20)
    watch = asyncio.create_task(
        tell_unended_elsewhere(cast("AsyncWebClient", ears), here, every)
    )
    try:
        await asyncio.sleep(0.2)
        assert ears.told == []
        clock.at += GIVEN_UP_AFTER + timedelta(seconds=1)
        await asyncio.sleep(0.4)
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)

    assert ears.told == [OMAR]
    await here.close()


async def test_two_replicas_take_the_same_deliveries_in_any_order(
    database: Database,
) -> None:
    """Each in one transaction; on PostgreSQL neither may wait for the other."""
    clock = MovedClock()
    here, there = Inbound(database, clock, "here"), Inbound(database, clock, "there")
    for round in range(10):
        keys = [f"{round}-{number:02}" for number in range(40)]
        answers = await asyncio.gather(
            *(here.is_new(key) for key in keys),
            *(there.is_new(key) for key in reversed(keys)),
        )
        assert answers.count(True) == 40


async def test_deliveries_at_once_are_each_taken_once(database: Database) -> None:
    """A double within one transaction, and one in a later, are both told apart."""
    inbound = Inbound(database, MovedClock(), "here")
    keys = [str(number % 40) for number in range(80)]

    answers = await asyncio.gather(*(inbound.is_new(key) for key in keys))

    assert answers == [True] * 40 + [False] * 40
    assert not await inbound.is_new("7")
    assert await inbound.is_new(None)


async def test_whoever_waits_hears_that_nothing_could_be_stored(
    database: Database,
) -> None:
    """And the next delivery is stored again, with what had ended meanwhile."""
    clock = MovedClock()
    inbound = Inbound(database, clock, "here")
    await inbound.is_new("1", SlackUserId(OMAR))
    inbound.ended("1")

    with pytest.raises(UnicodeEncodeError):
        await inbound.is_new("\ud800")
    assert await inbound.is_new("2", SlackUserId(ADA))
    await inbound.flush()

    assert [each.key for each in await inbound.unended()] == ["2"]
