"""The outbox's sender against Slack's bad days: real database, real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import ChannelId, SlackUserId, WorkspaceId
from bot.domain.messages import Message, MessageKind, backoff, message_id
from bot.notify import LEASE, UPDATE_EVERY, Sender
from bot.views.text import Drawing, section
from sandbox.runner import Sandbox
from sandbox.slack import sights
from store import messages
from store.engine import Database, open_database
from tests.places import MANIFEST
from tests.scenarios.people import ADA, ALERTS, DANA, GENERAL
from tests.scenarios.screen import Json, words_in


@dataclass
class MovedClock:
    """A clock that stands until it is moved."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    async def sleep(self, duration: timedelta) -> None:
        self.at += duration


class PostRoom:
    """An outbox, its sender, and the channel in which one looks."""

    def __init__(
        self, sandbox: Sandbox, database: Database, http: aiohttp.ClientSession
    ):
        self.sandbox, self.database = sandbox, database
        self.clock = MovedClock()
        self.words = "first words"
        self.blocks: list[Json] | None = None
        self.drawn, self.takes = 0, timedelta(0)
        client = AsyncWebClient(
            token=sandbox.slack.app.bot_token,
            base_url=sandbox.slack_api_url,
            session=http,
            retry_handlers=[],
        )
        draw = dict.fromkeys(MessageKind, self.draw)
        self.unusable: list[tuple[str, str]] = []
        self.sender = Sender(database, client, self.clock, draw, self.is_unusable)

    async def draw(self, message: Message) -> Drawing | None:
        self.drawn += 1
        self.clock.at += self.takes
        text = f"{self.words} {message.detail}".strip()
        return Drawing(text, self.blocks or [section(text)])

    async def is_unusable(self, message: Message, reason: str) -> None:
        self.unusable.append((message.key, reason))

    async def put(
        self, key: str = "alert:1", channel: str = ALERTS, **changes: object
    ) -> Message:
        message = Message(
            id=message_id(key),
            workspace_id=WorkspaceId("T0CONTOSO"),
            kind=MessageKind.ALERT,
            key=key,
            channel=ChannelId(channel),
            subject_id=uuid4(),
        )
        message = replace(message, **changes)  # type: ignore[arg-type]  # by name
        async with self.database.sessions.begin() as session:
            await messages.put(session, message)
        return message

    async def touch(self, key: str = "alert:1") -> None:
        async with self.database.sessions.begin() as session:
            assert await messages.touch(session, key)

    async def send(self, *, after: timedelta = timedelta(0)) -> bool:
        self.clock.at += after
        return await self.sender.send_due()

    async def due(self) -> int:
        async with self.database.snapshots() as session:
            return await messages.count_due(session)

    def seen(self, channel: str = ALERTS, who: str = ADA) -> list[Json]:
        return list(sights.messages(self.sandbox.slack, channel, who)["messages"])

    async def fault(self, name: str, **params: object) -> None:
        await self.sandbox.slack.set_fault(name, True, dict(params))


@asynccontextmanager
async def open_post_room(folder: Path) -> AsyncIterator[PostRoom]:
    database = open_database(f"sqlite+aiosqlite:///{folder / 'gatehouse.db'}")
    await database.upgrade()
    try:
        async with (
            Sandbox(manifest=MANIFEST) as sandbox,
            aiohttp.ClientSession() as http,
        ):
            yield PostRoom(sandbox, database, http)
    finally:
        await database.close()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[PostRoom]:
    async with open_post_room(tmp_path) as opened:
        yield opened


async def test_a_message_is_posted_once_and_then_updated_in_place(
    room: PostRoom,
) -> None:
    await room.put()
    assert await room.send()
    room.words = "second words"
    await room.touch()
    await room.send(after=UPDATE_EVERY)

    assert [words_in(m) for m in room.seen()] == ["second words\nsecond words"]
    assert not await room.send(after=UPDATE_EVERY)


async def test_changes_gather_to_one_update_per_interval_and_the_last_is_sent(
    room: PostRoom,
) -> None:
    await room.put()
    await room.send()
    for number in range(5):
        room.words = f"change {number}"
        await room.touch()
        assert not await room.send()
    await room.send(after=UPDATE_EVERY)

    assert room.drawn == 2
    assert "change 4" in words_in(room.seen()[0])
    assert await room.due() == 0


async def test_a_lost_answer_does_not_post_twice(room: PostRoom) -> None:
    await room.fault("reset_after_post", n=1)
    await room.put()
    await room.send()
    assert await room.due() == 1
    await room.send(after=backoff(1))

    assert len(room.seen()) == 1
    assert await room.due() == 0


async def test_a_lost_answer_to_a_dm_does_not_post_twice(room: PostRoom) -> None:
    await room.fault("reset_after_post", n=1)
    await room.put(channel=SlackUserId(DANA))
    await room.send()
    await room.send(after=backoff(1))

    direct = room.sandbox.slack.channels.im_with(DANA).id
    assert len(room.seen(direct, DANA)) == 1


async def test_a_sender_that_died_after_posting_leaves_no_second_post(
    room: PostRoom,
) -> None:
    message = await room.put()
    async with room.database.sessions.begin() as session:
        taken = await messages.claim_due(session, room.clock.now(), 1, LEASE)
    posted = await room.sender._post(taken[0], Drawing("first words", []))
    assert not await room.send(), "the lease still stands"
    await room.send(after=LEASE)

    async with room.database.snapshots() as session:
        stored = await messages.get(session, message.id)
    assert (stored.ts, len(room.seen())) == (posted.ts, 1)


async def test_a_rate_limit_is_waited_for(room: PostRoom) -> None:
    await room.fault("rate_limit", method="chat.postMessage", n=1, retry_after=7)
    await room.put()
    await room.send()
    assert not await room.send(after=timedelta(seconds=6))
    assert await room.send(after=timedelta(seconds=1))

    assert len(room.seen()) == 1


@pytest.mark.parametrize("fault", ["rate_limit", "server_error"])
async def test_what_cannot_be_looked_for_now_is_not_posted_again_now(
    fault: str, room: PostRoom
) -> None:
    """The first answer was lost, and then Slack does not show the channel."""
    await room.fault("reset_after_post", n=1)
    await room.put()
    await room.send()
    await room.fault(fault, method="conversations.history", n=1)
    await room.send(after=backoff(1))
    assert await room.due() == 1
    await room.send(after=backoff(2))

    assert len(room.seen()) == 1
    assert await room.due() == 0


async def test_a_gateways_page_is_no_answer_and_waited_out(room: PostRoom) -> None:
    """Text with a status of 503, where Slack's JSON should be."""
    await room.fault("server_error", method="chat.postMessage", n=1)
    message = await room.put()
    await room.send()
    async with room.database.snapshots() as session:
        assert (await messages.get(session, message.id)).last_error == "unreadable"
    await room.send(after=backoff(1))

    assert len(room.seen()) == 1


async def test_what_comes_after_a_rate_limit_waits_with_it_and_in_order(
    room: PostRoom,
) -> None:
    """It is not tried in vain, and nothing is looked for that was never posted."""
    for number in range(3):
        room.words = "card"
        await room.put(f"alert:{number}", detail=str(number))
    await room.fault("rate_limit", method="chat.postMessage", n=1, retry_after=7)
    await room.send()
    assert [call.method for call in room.sandbox.slack.log.calls] == [
        "chat.postMessage"
    ]
    assert not await room.send(after=timedelta(seconds=6))
    await room.send(after=timedelta(seconds=1))

    assert [each["text"] for each in room.seen()] == ["card 0", "card 1", "card 2"]
    assert {call.method for call in room.sandbox.slack.log.calls} == {
        "chat.postMessage"
    }


async def test_a_message_deleted_by_somebody_is_posted_anew(room: PostRoom) -> None:
    await room.put()
    await room.send()
    slack = room.sandbox.slack
    found = slack.messages.find(ALERTS, room.seen()[0]["ts"])
    assert found is not None
    slack.messages.remove(found)
    await room.touch()
    await room.send(after=UPDATE_EVERY)

    assert len(room.seen()) == 1
    assert await room.due() == 0


async def test_refused_blocks_fall_back_to_the_plain_line(room: PostRoom) -> None:
    room.blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 4000}}]
    await room.put()
    await room.send()

    seen = room.seen()
    assert [m["text"] for m in seen] == ["first words"]
    assert await room.due() == 0


async def test_a_workspace_without_plan_blocks_reads_paragraphs(
    room: PostRoom,
) -> None:
    await room.fault("no_plan_blocks")
    card = {"type": "task_card", "task_id": "1", "title": "Tidy & go"}
    plan = {"type": "plan", "title": "0 of 1", "tasks": [card | {"status": "pending"}]}
    room.blocks = [section("Head."), plan, section("Foot.")]
    await room.put()
    await room.send()

    (seen,) = room.seen()
    kinds = [block["type"] for block in seen["blocks"]]
    assert kinds == ["section", "section", "section"]
    assert words_in(seen).split("\n")[-4:] == [
        "Head.",
        "*0 of 1*",
        ":white_circle: Tidy &amp; go",
        "Foot.",
    ]
    assert await room.due() == 0

    room.words = "second words"
    await room.put("alert:2")
    await room.send()
    calls = [call for call in room.sandbox.slack.log.calls if "post" in call.method]
    assert [call.error for call in calls] == ["invalid_blocks", None, None]


async def test_a_reply_waits_for_its_parent_and_stands_in_its_thread(
    room: PostRoom,
) -> None:
    parent = await room.put("alert:1")
    await room.put(
        "alert:1:7",
        kind=MessageKind.ALERT_ESCALATION,
        detail="7",
        thread_of=parent.id,
    )
    await room.send()
    await room.send()

    first, reply = room.seen()
    assert reply["thread_ts"] == first["ts"]
    assert "7" in words_in(reply)


async def test_one_broken_channel_stops_no_other_message(room: PostRoom) -> None:
    await room.put("alert:1", channel=GENERAL)
    await room.put("alert:2")
    await room.send()

    assert len(room.seen()) == 1
    assert await room.due() == 1
    assert room.unusable == [("alert:1", "not_in_channel")]


async def test_a_channel_gets_its_messages_in_the_order_they_were_stored(
    room: PostRoom,
) -> None:
    for number in range(8):
        await room.put(f"alert:{number}", detail=str(number))
    await room.send()

    assert [words_in(m)[-1] for m in room.seen()] == list("01234567")


async def test_a_slow_slack_is_not_sent_what_another_sender_may_take(
    room: PostRoom,
) -> None:
    """Half of the lease went by with the first message."""
    room.takes = LEASE / 2
    await room.put("alert:1")
    await room.put("alert:2")
    await room.send()
    assert len(room.seen()) == 1

    await room.send(after=LEASE)
    assert len(room.seen()) == 2


async def test_waits_grow_to_ten_minutes() -> None:
    waits = [backoff(attempt) for attempt in (1, 2, 3, 20)]

    assert [wait.total_seconds() for wait in waits] == [2, 4, 8, 600]
