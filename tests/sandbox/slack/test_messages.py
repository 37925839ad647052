"""chat.*: posting, editing, threads, ephemerals, metadata, reactions."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from tests.sandbox.slack.serving import error_of

# Slack's client warns where this file leaves the text out on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:The top-level:UserWarning")

HEADER = {"type": "header", "text": {"type": "plain_text", "text": "Alert"}}
RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "Hi"}]}
    ],
}


async def post(client: AsyncWebClient, text: str = "Hi", **args: Any) -> str:
    """Post to #entra-alerts and return the timestamp."""
    answer = await client.chat_postMessage(channel="C0ALERTS", text=text, **args)
    return str(answer["ts"])


async def test_posted_message_is_complete(client: AsyncWebClient) -> None:
    """The answer carries the whole message, with block IDs filled in."""
    answer = await client.chat_postMessage(
        channel="C0ALERTS", text="Alert", blocks=[HEADER]
    )

    message = answer["message"]
    assert (answer["channel"], answer["ts"]) == ("C0ALERTS", message["ts"])
    assert (message["user"], message["bot_id"]) == ("U0GATEHOUSE", "B0GATEHOUSE")
    assert message["bot_profile"]["app_id"] == "A0GATEHOUSE"
    assert message["blocks"][0]["block_id"]


async def test_timestamps_grow(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """Timestamps are unique and in order, even when the clock is set back."""
    first = await post(client)
    slack.clock.set_offset(-100)
    second = await post(client)

    assert float(first) < float(second)
    assert len(first.partition(".")[2]) == 6


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("#entra-alerts", "channel_not_found"),
        ("C0SECRET", "channel_not_found"),
        ("C0GENERAL", "not_in_channel"),
        ("C0OLD", "is_archived"),
        ("U0OLD", "channel_not_found"),
        ("U0EXT", "channel_not_found"),
    ],
)
async def test_where_the_bot_cannot_post(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    """Names, foreign private channels, archived ones and dead accounts are refused."""
    assert await error_of(client.chat_postMessage(channel=channel, text="x")) == error


async def test_posting_to_a_person_opens_direct_messages(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """A user ID as channel answers with the D-ID."""
    answer = await client.chat_postMessage(channel="U0ADA", text="Hello Ada")

    assert answer["channel"] == "D0ADA"
    [message] = slack.messages.seen_by("U0ADA", "D0ADA")
    assert message.body["text"] == "Hello Ada"


async def test_contents_that_are_refused(client: AsyncWebClient) -> None:
    """Nothing at all, both kinds of Markdown, and a broken block."""

    def say(**args: Any) -> Any:
        return client.chat_postMessage(channel="C0ALERTS", **args)

    assert await error_of(say(text="")) == "no_text"
    assert await error_of(say(text="x", markdown_text="y")) == "markdown_text_conflict"
    bad = [{"type": "input"}]
    assert await error_of(say(text="x", blocks=bad)) == "invalid_blocks"
    assert await error_of(say(text="x", blocks="{")) == "invalid_blocks_format"
    many = [{"text": "x"}] * 101
    assert await error_of(say(text="x", attachments=many)) == "too_many_attachments"


async def test_markdown_text_becomes_a_block(client: AsyncWebClient) -> None:
    """markdown_text is stored as one markdown block."""
    answer = await client.chat_postMessage(channel="C0ALERTS", markdown_text="**Hi**")

    [block] = answer["message"]["blocks"]
    assert (block["type"], block["text"]) == ("markdown", "**Hi**")


async def test_long_text_is_cut_when_posted_and_refused_when_updated(
    client: AsyncWebClient,
) -> None:
    """40,000 characters are kept; chat.update takes 4,000."""
    ts = await post(client, "x" * 40_001)
    answer = await client.conversations_history(channel="C0ALERTS")
    assert len(answer["messages"][0]["text"]) == 40_000

    long = client.chat_update(channel="C0ALERTS", ts=ts, text="x" * 4001)
    assert await error_of(long) == "msg_too_long"
    await client.chat_update(channel="C0ALERTS", ts=ts, text="x" * 4000)


async def test_update_by_slacks_rules(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Blocks go with text alone and stay with metadata; only text counts as edited."""
    ts = await post(client, blocks=[HEADER])
    message = slack.messages.find("C0ALERTS", ts)
    assert message is not None

    await client.chat_update(channel="C0ALERTS", ts=ts, text="Two", blocks=[HEADER])
    assert "edited" not in message.body
    kept = {"event_type": "alert", "event_payload": {"id": 7}}
    await client.chat_update(channel="C0ALERTS", ts=ts, metadata=kept)
    assert (message.body["text"], len(message.blocks)) == ("Two", 1)

    await client.chat_update(channel="C0ALERTS", ts=ts, text="Three")
    assert message.blocks == []
    assert message.body["edited"]["user"] == "U0GATEHOUSE"
    assert message.metadata == kept
    await client.chat_update(channel="C0ALERTS", ts=ts, text="Four", metadata={})
    assert message.metadata is None


async def test_updates_that_are_refused(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Unknown, foreign, empty, and rich text replaced by something else."""
    foreign = await slack.say("U0ADA", "C0ALERTS", "Mine")
    rich = await post(client, blocks=[RICH])

    def update(ts: str, **args: Any) -> Any:
        return client.chat_update(channel="C0ALERTS", ts=ts, **args)

    assert await error_of(update("1.000001", text="x")) == "message_not_found"
    assert await error_of(update(foreign.ts, text="x")) == "cant_update_message"
    assert await error_of(update(rich)) == "no_text"
    assert await error_of(update(rich, text="x", blocks=[HEADER])) == "block_mismatch"


async def test_ephemeral_is_seen_by_one_and_cannot_be_updated(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Only Lee sees it; chat.update and history do not know it."""
    answer = await client.chat_postEphemeral(
        channel="C0ALERTS", user="U0LEE", text="Only you"
    )
    ts = answer["message_ts"]

    assert [m.ts for m in slack.messages.seen_by("U0LEE", "C0ALERTS")] == [ts]
    assert slack.messages.seen_by("U0ADA", "C0ALERTS") == []
    update = client.chat_update(channel="C0ALERTS", ts=ts, text="x")
    assert await error_of(update) == "message_not_found"
    stranger = client.chat_postEphemeral(channel="C0APPROVE", user="U0LEE", text="x")
    assert await error_of(stranger) == "user_not_in_channel"


async def test_threads_are_counted(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """A parent knows its replies; a reply to a reply joins the same thread."""
    parent = await post(client, "Parent")
    reply = await post(client, "Reply", thread_ts=parent)
    deeper = await post(client, "Deeper", thread_ts=reply)
    shown = await post(client, "Result", thread_ts=parent, reply_broadcast=True)

    thread = await client.conversations_replies(channel="C0ALERTS", ts=parent)
    top = await client.conversations_history(channel="C0ALERTS")

    assert [m["ts"] for m in thread["messages"]] == [parent, reply, deeper, shown]
    assert thread["messages"][0]["reply_count"] == 3
    assert [m["ts"] for m in top["messages"]] == [shown, parent]
    lost = client.chat_postMessage(channel="C0ALERTS", text="x", thread_ts="1.000001")
    assert await error_of(lost) == "thread_not_found"
    await client.chat_delete(channel="C0ALERTS", ts=reply)
    again = await client.conversations_replies(channel="C0ALERTS", ts=parent)
    assert again["messages"][0]["reply_count"] == 2


async def test_metadata_only_on_request(client: AsyncWebClient) -> None:
    """History hands metadata out with include_all_metadata and not without."""
    kept = {"event_type": "alert", "event_payload": {"id": 7}}
    await post(client, metadata=kept)

    without = await client.conversations_history(channel="C0ALERTS")
    with_it = await client.conversations_history(
        channel="C0ALERTS", include_all_metadata=True
    )

    assert "metadata" not in without["messages"][0]
    assert with_it["messages"][0]["metadata"] == kept


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("alert", "invalid_metadata_format"),
        ({"event_type": "alert"}, "invalid_metadata_schema"),
        ({"event_payload": {}}, "invalid_metadata_schema"),
        (
            {"event_type": "a", "event_payload": {"x": "y" * 16_000}},
            "metadata_too_large",
        ),
    ],
)
async def test_metadata_that_is_refused(
    client: AsyncWebClient, metadata: Any, error: str
) -> None:
    """Metadata needs a type and a payload object, and has a size limit."""
    body = {"channel": "C0ALERTS", "text": "x", "metadata": metadata}
    assert await error_of(client.api_call("chat.postMessage", json=body)) == error


async def test_delete_and_permalink(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Own messages can be deleted, others not; a link needs a message."""
    ts = await post(client)
    foreign = await slack.say("U0ADA", "C0ALERTS", "Mine")

    link = await client.chat_getPermalink(channel="C0ALERTS", message_ts=ts)
    assert link["permalink"].endswith(f"/archives/C0ALERTS/p{ts.replace('.', '')}")
    theirs = client.chat_delete(channel="C0ALERTS", ts=foreign.ts)
    assert await error_of(theirs) == "cant_delete_message"
    await client.chat_delete(channel="C0ALERTS", ts=ts)
    again = client.chat_delete(channel="C0ALERTS", ts=ts)
    assert await error_of(again) == "message_not_found"
    dead = client.chat_getPermalink(channel="C0ALERTS", message_ts=ts)
    assert await error_of(dead) == "message_not_found"


async def test_reactions(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """The bot reacts once with each emoji."""
    ts = await post(client)

    def react(name: str, timestamp: str = ts) -> Any:
        return client.reactions_add(channel="C0ALERTS", timestamp=timestamp, name=name)

    await react("eyes")
    assert await error_of(react("eyes")) == "already_reacted"
    assert await error_of(react("Not an emoji")) == "invalid_name"
    assert await error_of(react("eyes", "1.000001")) == "message_not_found"
    message = slack.messages.find("C0ALERTS", ts)
    assert message is not None
    assert message.body["reactions"] == [
        {"name": "eyes", "users": ["U0GATEHOUSE"], "count": 1}
    ]
