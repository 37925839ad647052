"""The outbox: nothing is lost, nothing is sent by two, the last state wins."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.errors import NotFoundError
from bot.domain.ids import ChannelId, MessageId
from bot.domain.messages import Message
from store import messages
from store.engine import Database
from tests.store.people import ALERTS, HOUR, NOW, a_message

LEASE = timedelta(seconds=30)


async def put(database: Database, *wanted: Message) -> list[MessageId]:
    """Store messages, each in a transaction of its own."""
    stored = []
    for message in wanted:
        async with database.sessions.begin() as session:
            stored.append(await messages.put(session, message))
    return stored


async def claim(
    database: Database, at: datetime = NOW, limit: int = 10
) -> list[Message]:
    """Take what is due, as a sender does."""
    async with database.sessions.begin() as session:
        return await messages.claim_due(session, at, limit, LEASE)


async def sent(database: Database, message: Message, at: datetime = NOW) -> None:
    """Note that Slack took what was claimed."""
    async with database.sessions.begin() as session:
        await messages.record_sent(
            session, message.id, message.wanted, ALERTS, "1700.1", at
        )


async def test_a_message_is_sent_once(database: Database) -> None:
    """Stored, claimed, sent: then nothing is due."""
    message = a_message()
    await put(database, message)

    assert await claim(database) == [replace(message, attempts=1)]
    await sent(database, message)

    assert await claim(database, NOW + HOUR) == []
    async with database.sessions() as session:
        stored = await messages.find_by_key(session, message.key)
    assert stored == replace(
        message, sent=1, posted_channel=ALERTS, ts="1700.1", sent_at=NOW
    )


async def test_the_same_key_is_the_same_message(database: Database) -> None:
    """A second put is one more change of the first, with the newer detail."""
    first, second = a_message(), a_message(channel=ChannelId("C0NEW"), detail="7")

    ids = await put(database, first, second)

    assert ids == [first.id, first.id]
    (due,) = await claim(database)
    assert due == replace(
        first, wanted=2, channel=ChannelId("C0NEW"), detail="7", attempts=1
    )


async def test_a_change_during_a_send_is_sent_after_it(database: Database) -> None:
    """Not by a second sender at the same time: that would post twice."""
    message = a_message()
    await put(database, message)
    await claim(database)

    async with database.sessions.begin() as session:
        assert await messages.touch(session, message.key)
    assert await claim(database) == []
    await sent(database, message)

    (again,) = await claim(database)
    assert (again.wanted, again.sent, again.ts) == (2, 1, "1700.1")


async def test_touching_what_was_never_said(database: Database) -> None:
    """There is nothing to redraw."""
    async with database.sessions.begin() as session:
        assert not await messages.touch(session, "alert:none")
        assert await messages.find_by_key(session, "alert:none") is None
        with pytest.raises(NotFoundError):
            await messages.get(session, a_message().id)


async def test_a_dead_senders_messages_are_due_again(database: Database) -> None:
    """After its lease, and the second attempt shows that there was a first."""
    message = a_message()
    await put(database, message)
    await claim(database)

    assert await claim(database, NOW + LEASE - timedelta(seconds=1)) == []
    assert await claim(database, NOW + LEASE) == [replace(message, attempts=2)]


async def test_a_failed_send_waits_and_tells_why(database: Database) -> None:
    """Until its next attempt, or a newer change."""
    message = a_message()
    await put(database, message)
    await claim(database)
    async with database.sessions.begin() as session:
        await messages.record_failed(session, message.id, "ratelimited", NOW + HOUR)

    assert await claim(database) == []
    (again,) = await claim(database, NOW + HOUR)
    assert (again.attempts, again.last_error) == (2, "ratelimited")
    await sent(database, again)

    async with database.sessions() as session:
        stored = await messages.get(session, message.id)
    assert (stored.attempts, stored.last_error) == (0, None)


async def test_a_reply_waits_for_what_it_replies_to(database: Database) -> None:
    """Slack cannot thread under a message that is not there."""
    card = a_message()
    reply = a_message("alert:1:7", thread_of=card.id)
    await put(database, card, reply)

    assert [each.key for each in await claim(database)] == [card.key]
    await sent(database, card)
    assert [each.key for each in await claim(database)] == [reply.key]


async def test_a_reply_does_not_wait_for_what_is_never_said(
    database: Database,
) -> None:
    """The card's subject was gone when it was to be drawn."""
    card = a_message()
    await put(database, card, a_message("alert:1:7", thread_of=card.id))
    await claim(database)
    async with database.sessions.begin() as session:
        await messages.record_moot(session, card.id, 1)

    assert [each.key for each in await claim(database)] == ["alert:1:7"]


async def test_two_senders_never_get_the_same_message(database: Database) -> None:
    """Fifty messages, five senders, each message once."""
    await put(database, *(a_message(f"alert:{number}") for number in range(50)))

    taken = await asyncio.gather(*(claim(database) for _ in range(5)))

    keys = [message.key for share in taken for message in share]
    assert len(keys) == len(set(keys)) == 50


async def test_the_oldest_change_goes_first(database: Database) -> None:
    """And no more than asked for."""
    await put(database, *(a_message(f"alert:{number}") for number in range(5)))

    assert [each.key for each in await claim(database, limit=2)] == [
        "alert:0",
        "alert:1",
    ]


async def test_changes_gather_between_two_updates(database: Database) -> None:
    """With a spacing, a message that was just sent is left for later."""
    message = a_message()
    await put(database, message)
    await sent(database, (await claim(database))[0])
    await put(database, message, message)
    spacing = timedelta(seconds=1.5)

    async with database.sessions.begin() as session:
        soon = await messages.claim_due(
            session, NOW + timedelta(seconds=1), 10, LEASE, spacing=spacing
        )
        later = await messages.claim_due(
            session, NOW + spacing, 10, LEASE, spacing=spacing
        )

    assert soon == []
    assert [each.wanted for each in later] == [3]


async def test_what_waits_can_be_measured(database: Database) -> None:
    """How many, and since when."""
    async with database.sessions() as session:
        assert await messages.backlog(session) == messages.Backlog(0, None)
    await put(database, a_message("a"), a_message("b"))
    async with database.sessions() as session:
        before = await messages.backlog(session)
    await sent(database, (await claim(database, limit=1))[0])

    async with database.sessions() as session:
        after = await messages.backlog(session)
    assert (before.waiting, after.waiting) == (2, 1)
    assert before.since is not None
    assert after.since is not None
    assert before.since < after.since


async def test_an_older_version_does_not_undo_a_newer_one(database: Database) -> None:
    """A sender that was slow beyond its lease reports late."""
    message = a_message()
    await put(database, message, message)
    await sent(database, replace(message, wanted=2))

    await sent(database, replace(message, wanted=1))

    async with database.sessions() as session:
        assert (await messages.get(session, message.id)).sent == 2
