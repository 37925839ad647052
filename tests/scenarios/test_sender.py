"""The outbox's sender: order, threads, gathering, waits."""

from datetime import timedelta

from bot.domain.messages import MessageKind, backoff
from bot.notify import LEASE, UPDATE_EVERY
from tests.scenarios.people import GENERAL
from tests.scenarios.post_room import PostRoom
from tests.scenarios.screen import words_in


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


async def test_a_rate_limit_is_waited_for(room: PostRoom) -> None:
    await room.fault("rate_limit", method="chat.postMessage", n=1, retry_after=7)
    await room.put()
    await room.send()
    assert not await room.send(after=timedelta(seconds=6))
    assert await room.send(after=timedelta(seconds=1))

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
