"""The sender: takes due messages from the outbox, draws them, gives them to Slack.

A message is stored in the same transaction as the fact it tells. Here it is drawn
from what is stored now, so several changes become one update, the last state is
always sent, and a crash at any line only means that it is sent again:

- a message whose first post may have reached Slack before a crash is looked for by
  its metadata before it is posted anew;
- an update sent twice shows the same thing twice.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from prometheus_client import Counter
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError, NotFoundError
from bot.domain.ids import ChannelId
from bot.domain.messages import Message, MessageKind, backoff, by_channel
from bot.ports import Clock
from bot.slack_forms import Forms
from bot.slack_refusals import LOST, UNUSABLE, Refusal
from bot.views.text import Drawing
from store import messages
from store.engine import Database

log = structlog.get_logger(__name__)

SENT = Counter("gatehouse_messages_sent_total", "Messages given to Slack", ["kind"])
PUT_OFF = Counter(
    "gatehouse_messages_put_off_total", "Sends to be tried again", ["kind"]
)

Draw = Callable[[Message], Awaitable[Drawing | None]]
# Is told of a message whose channel is closed to us, with Slack's word for why.
Unusable = Callable[[Message, str], Awaitable[None]]

UPDATE_EVERY = timedelta(seconds=1.5)  # per message; Slack's chat.update is tier 3
LEASE = timedelta(seconds=40)  # another sender waits that long for a silent one
IDLE = timedelta(seconds=0.25)  # between looks at the outbox
SHORTEST_WAIT = timedelta(seconds=1)  # whatever Slack asks for
BATCH = 20
METADATA_TYPE = "gatehouse_message"


@dataclass(frozen=True)
class Posted:
    """Where Slack put a message."""

    channel: str
    ts: str


class Sender:
    """Sends the outbox's messages, one at a time each, several at once."""

    def __init__(
        self,
        database: Database,
        client: AsyncWebClient,
        clock: Clock,
        draw: Mapping[MessageKind, Draw],
        unusable: Unusable,
    ) -> None:
        self._database, self._client, self._clock = database, client, clock
        self._draw, self._unusable = draw, unusable
        self._forms = Forms()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Send until `stop`; a fault in one round is logged and never the last."""
        while not self._stopping.is_set():
            try:
                busy = await self.send_due()
            except Exception as error:  # the sender outlives every round
                log.error("outbox_round_failed", exc_info=error)
                busy = False
            if not busy:
                await self._pause(IDLE)

    def stop(self) -> None:
        """Let the present round end and begin no other."""
        self._stopping.set()

    async def send_due(self) -> bool:
        """Send what is due now. Returns whether there was anything."""
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            due = await messages.claim_due(
                session, now, BATCH, LEASE, spacing=UPDATE_EVERY
            )
        until = now + LEASE / 2
        await asyncio.gather(
            *(self._send_in_order(each, until) for each in by_channel(due))
        )
        return bool(due)

    async def _send_in_order(self, due: Sequence[Message], until: datetime) -> None:
        """What goes to one channel stands there in the order in which it was stored.

        What cannot begin in time, while Slack is slow, is due again after its lease.
        Where Slack asks to wait, what comes after waits as well: it would only be
        refused too, or overtake.
        """
        for place, message in enumerate(due):
            if self._clock.now() >= until:
                return
            wait = await self._send_or_put_off(message)
            if wait is not None:
                await self._hold(due[place:], max(wait, SHORTEST_WAIT))
                return

    async def _pause(self, duration: timedelta) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), duration.total_seconds())

    async def _send_or_put_off(self, message: Message) -> timedelta | None:
        """Send one message; what goes wrong puts it off, growing, for ever.

        Returns:
            How long Slack asks to wait. Then nothing was sent, and holding it back is
            left to the caller.
        """
        try:
            await self._send(message)
        except SlackApiError as error:
            refusal = Refusal.read(error)
            if refusal.is_rate_limit and refusal.retry_after is not None:
                return refusal.retry_after
            if refusal.reason in UNUSABLE:
                await self._unusable(message, refusal.reason)
            await self._put_off(message, refusal.reason, refusal.retry_after)
        except (aiohttp.ClientError, TimeoutError, BotError) as error:
            await self._put_off(message, type(error).__name__, None)
        except Exception as error:  # one message must not hold up the others
            log.error("message_not_drawn", key=message.key, exc_info=error)
            await self._put_off(message, "drawing failed", None)
        return None

    async def _send(self, message: Message) -> None:
        drawing = await self._drawn(message)
        if drawing is None:
            await self._record(message, None)
            return
        posted = await self._place(message)
        if posted is None:
            posted = await self._post(message, drawing)
        else:
            posted = await self._update(message, posted, drawing)
        await self._record(message, posted)

    async def _drawn(self, message: Message) -> Drawing | None:
        """The drawing; None where its subject is gone and nothing is left to tell."""
        try:
            return await self._draw[message.kind](message)
        except NotFoundError:
            return None

    async def _place(self, message: Message) -> Posted | None:
        """Where the message stands in Slack, if it was ever posted."""
        if message.ts is not None and message.posted_channel is not None:
            return Posted(message.posted_channel, message.ts)
        if message.attempts > 1:
            return await self._find_posted(message)
        return None

    async def _find_posted(self, message: Message) -> Posted | None:
        """Look in the channel for a post whose answer we never saw.

        Raises:
            SlackApiError: it cannot be looked now, so it must not be posted now.
        """
        try:
            parent = await self._parent(message)
            channel = await self._conversation(message.channel)
            if parent is not None:
                channel = parent.channel
            found = await self._recent(channel, parent.ts if parent else None)
        except SlackApiError as error:
            refusal = Refusal.read(error)
            if refusal.passes:
                raise
            log.warning("not_looked_up", slack_error=refusal.reason)
            return None
        for each in found:
            metadata = each.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if payload.get("message_id") == str(message.id):
                return Posted(channel, str(each["ts"]))
        return None

    async def _conversation(self, channel: str) -> str:
        """A channel's own ID; a person's ID is exchanged for the DM with them."""
        if not channel.startswith(("U", "W")):
            return channel
        answer = await self._client.conversations_open(users=channel)
        return str(answer["channel"]["id"])

    async def _recent(
        self, channel: str, thread_ts: str | None
    ) -> list[dict[str, Any]]:
        if thread_ts is None:
            answer = await self._client.conversations_history(
                channel=channel, limit=100, include_all_metadata=True
            )
        else:
            answer = await self._client.conversations_replies(
                channel=channel, ts=thread_ts, limit=200, include_all_metadata=True
            )
        found: list[dict[str, Any]] = answer.get("messages") or []
        return found

    async def _post(self, message: Message, drawing: Drawing) -> Posted:
        metadata = {
            "event_type": METADATA_TYPE,
            "event_payload": {"message_id": str(message.id)},
        }
        parent = await self._parent(message)
        present = drawing.channel or message.channel
        answer = await self._forms.send(
            self._client.chat_postMessage,
            drawing,
            channel=parent.channel if parent else present,
            thread_ts=parent.ts if parent else None,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def _update(
        self, message: Message, posted: Posted, drawing: Drawing
    ) -> Posted:
        try:
            await self._forms.send(
                self._client.chat_update, drawing, channel=posted.channel, ts=posted.ts
            )
        except SlackApiError as error:
            if Refusal.read(error).reason not in LOST:
                raise
            log.warning("message_lost", key=message.key)
            return await self._post(message, drawing)
        return posted

    async def _parent(self, message: Message) -> Posted | None:
        """Where the message stands that this one answers; claimed only once it does."""
        if message.thread_of is None:
            return None
        async with self._database.snapshots() as session:
            parent = await messages.get(session, message.thread_of)
        if parent.ts is None or parent.posted_channel is None:
            return None
        return Posted(parent.posted_channel, parent.ts)

    async def _record(self, message: Message, posted: Posted | None) -> None:
        SENT.labels(message.kind).inc()
        async with self._database.sessions.begin() as session:
            if posted is None:
                await messages.record_moot(session, message.id, message.wanted)
                return
            await messages.record_sent(
                session,
                message.id,
                version=message.wanted,
                channel=ChannelId(posted.channel),
                ts=posted.ts,
                at=self._clock.now(),
            )

    async def _hold(self, due: Sequence[Message], wait: timedelta) -> None:
        log.info("messages_held", count=len(due), delay=str(wait))
        ids = [message.id for message in due]
        async with self._database.sessions.begin() as session:
            await messages.record_held(session, ids, self._clock.now() + wait)

    async def _put_off(
        self, message: Message, reason: str, wait: timedelta | None
    ) -> None:
        delay = wait if wait is not None else backoff(message.attempts)
        PUT_OFF.labels(message.kind).inc()
        log.warning("message_put_off", key=message.key, reason=reason, delay=str(delay))
        async with self._database.sessions.begin() as session:
            await messages.record_failed(
                session, message.id, reason, self._clock.now() + delay
            )
