"""The outbox's sender on Slack's bad days: lost answers, refused drawings."""

import pytest

from bot.domain.ids import SlackUserId
from bot.domain.messages import backoff
from bot.notify import LEASE, UPDATE_EVERY
from bot.views.text import Drawing, section
from store import messages
from tests.scenarios.people import ALERTS, DANA
from tests.scenarios.post_room import PostRoom
from tests.scenarios.screen import words_in


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
