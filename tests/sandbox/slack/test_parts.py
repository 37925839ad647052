"""The simulator's small parts: clock, IDs, manifest, feed, paging."""

import asyncio
from pathlib import Path

import pytest

from sandbox.feed import TOPICS, ChangeFeed
from sandbox.seeds.slack import MANIFEST, demo_workspace
from sandbox.slack.clock import Clock
from sandbox.slack.ids import Mint
from sandbox.slack.manifest import read_manifest

pytestmark = pytest.mark.quick


async def test_moving_the_clock_wakes_sleepers() -> None:
    """A sleep of an hour ends when the clock moves an hour."""
    clock = Clock()
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.set_offset(1800)
    await asyncio.sleep(0)
    assert not sleeper.done()

    clock.set_offset(3601)

    await asyncio.wait_for(sleeper, 1)


def test_ids_never_repeat() -> None:
    """A thousand of each kind are all different."""
    mint = Mint(Clock())
    made = [mint.id("V") for _ in range(1000)] + [mint.token("t") for _ in range(1000)]
    made += [mint.ts() for _ in range(1000)]

    assert len(set(made)) == 3000


def test_manifest_of_the_project() -> None:
    """The project's own manifest gives commands, shortcuts, scopes and events."""
    manifest = read_manifest(MANIFEST)

    assert manifest.find_command("/entra") is not None
    assert manifest.find_command("/offboard") is not None
    assert manifest.find_shortcut("offboard_global", "global") is not None
    assert {"commands", "chat:write"} <= manifest.scopes
    assert "app_home_opened" in manifest.events
    assert demo_workspace().scopes == manifest.scopes


def test_manifest_that_is_none(tmp_path: Path) -> None:
    """A list is no manifest, and the message says which file."""
    path = tmp_path / "manifest.yml"
    path.write_text("- commands", encoding="utf-8")

    with pytest.raises(ValueError, match=r"manifest\.yml"):
        read_manifest(path)


async def test_feed_merges_what_was_not_seen() -> None:
    """A slow listener gets one change with all topics since."""
    feed = ChangeFeed()
    changes = feed.changes()
    first = await anext(changes)
    feed.publish("views")
    feed.publish("log", "views")
    second = await anext(changes)

    assert first is not None
    assert first.what == TOPICS
    assert second is not None
    assert (second.seq, second.what) == (2, ("views", "log"))
    with pytest.raises(ValueError, match="gremlins"):
        feed.publish("gremlins")


async def test_feed_when_quiet_and_when_closed() -> None:
    """A quiet spell yields None, so the page's connection stays; closing ends it."""
    feed = ChangeFeed()
    changes = feed.changes(quiet_seconds=0.01)
    await anext(changes)

    assert await anext(changes) is None
    feed.close()
    with pytest.raises(StopAsyncIteration):
        await anext(changes)
