"""How listeners are run: acknowledged in time, once per delivery, then in peace.

Slack wants an answer within 3 s and delivers some things twice. So every listener
here works in a task that a shutdown waits for, and acknowledges in time whether it is
done or not; a delivery already seen is dropped by its key in the database; and
whatever goes wrong reaches the person who acted, at the next start where the process
was killed. In slack-bolt 1.30 an error within
10 ms of `ack()` erases the ack, which is why no work is done inside Bolt's dispatch.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from prometheus_client import Counter
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import BotError
from bot.domain.ids import SlackUserId
from bot.services.inbound import Inbound
from bot.services.registry import Services
from bot.slack_refusals import reason_of
from bot.views.text import View
from handlers.access import Access
from handlers.deliveries import Tasks, delivery_key
from handlers.errors import tell_alone, tell_error, unforeseen, user_of
from handlers.payloads import Click, Command, Shortcut, Submission

log = structlog.get_logger(__name__)

DELIVERIES = Counter("gatehouse_deliveries_total", "Deliveries from Slack", ["outcome"])

Body = dict[str, Any]
AckBody = dict[str, Any]  # keyword arguments of Bolt's ack()

ACK_WITHIN = timedelta(seconds=1.5)  # half of what Slack allows
ACKS_FIRST = timedelta(milliseconds=2)  # what an acknowledgement takes to leave


@dataclass(frozen=True)
class Turn:
    """What a listener works with: who acted where, and what it may call."""

    body: Body
    client: AsyncWebClient
    services: Services
    access: Access

    async def tell(self, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
        """Say something to the acting person alone."""
        await tell_alone(self.body, self.client, text, blocks)

    async def open(self, trigger_id: str, view: View) -> str:
        """Open a modal and return its view ID. Triggers live for 3 s, once.

        Raises:
            TooLateError: they are over.
        """
        return await _placed(self.client.views_open, trigger_id, view)

    async def push(self, trigger_id: str, view: View) -> str:
        """Stack a modal on the one that was clicked in. Raises as `open`."""
        return await _placed(self.client.views_push, trigger_id, view)

    async def update(self, view_id: str, view: View) -> None:
        """Redraw an open modal."""
        await self.client.views_update(view_id=view_id, view=view)


class TooLateError(BotError):
    """Slack opens a window only within 3 s of a click or command."""

    code = "too_late"


async def _placed(
    call: Callable[..., Awaitable[AsyncSlackResponse]], trigger_id: str, view: View
) -> str:
    try:
        answer = await call(trigger_id=trigger_id, view=view)
    except SlackApiError as error:
        if reason_of(error) != "expired_trigger_id":
            raise
        raise TooLateError(
            "Slack was too slow, so the window could not be opened.",
            remedy="Do the same once more; nothing was changed.",
        ) from error
    return str(answer["view"]["id"])


def close_modal(_: Submission) -> AckBody:
    """Acknowledge a submission so that its modal closes."""
    return {}


class Listening:
    """Registers listeners with Bolt. One method for each sort of delivery."""

    def __init__(
        self,
        app: AsyncApp,
        *,
        services: Services,
        access: Access,
        inbound: Inbound,
        tasks: Tasks,
    ) -> None:
        self._app = app
        self._services, self._access = services, access
        self._inbound, self._tasks = inbound, tasks

    def command(
        self, name: str, work: Callable[[Command, Turn], Awaitable[None]]
    ) -> None:
        """Run `work` for a slash command."""
        self._app.command(name)(self._listener(Command.parse, work))

    def action(
        self, action_id: str, work: Callable[[Click, Turn], Awaitable[None]]
    ) -> None:
        """Run `work` when a button or another element is used.

        A click is acknowledged when it is stored who clicked, or after `ACK_WITHIN` at
        the latest: were the process killed before its work has ended, an approval
        would be lost without anybody knowing. Unacknowledged, Slack tells the clicker;
        acknowledged, the next start does.
        """

        async def listener(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
            taken = asyncio.Event()
            self._begin(work, Click.parse(body), body, client, taken)
            with suppress(TimeoutError):
                async with asyncio.timeout(ACK_WITHIN.total_seconds()):
                    await taken.wait()
            await ack()

        self._app.action(action_id)(listener)

    def shortcut(
        self, callback_id: str, work: Callable[[Shortcut, Turn], Awaitable[None]]
    ) -> None:
        """Run `work` for a global or message shortcut."""
        self._app.shortcut(callback_id)(self._listener(Shortcut.parse, work))

    def event(self, name: str, work: Callable[[Body, Turn], Awaitable[None]]) -> None:
        """Run `work` for an event; Bolt acknowledges those itself."""
        self._app.event(name)(self._listener(dict, work))

    def submission(
        self,
        callback_id: str,
        work: Callable[[Submission, Turn], Awaitable[None]] | None,
        *,
        answer: Callable[[Submission], AckBody] = close_modal,
    ) -> None:
        """Answer a submitted modal at once, then run `work` unless it had errors.

        Args:
            answer: pure and quick; Bolt's ack() arguments, e.g.
                `{"response_action": "errors", "errors": {block_id: words}}`.
        """

        async def listener(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
            submission = Submission.parse(body)
            reply = answer(submission)
            await ack(**reply)
            if work is not None and reply.get("response_action") != "errors":
                self._begin(work, submission, body, client)

        self._app.view(callback_id)(listener)

    def options(
        self,
        action_id: str,
        answer: Callable[[str, Body, Turn], Awaitable[list[dict[str, Any]]]],
    ) -> None:
        """Answer a type-ahead. Slack waits 3 s; `answer` gets what was typed."""

        async def listener(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
            turn = self._turn(body, client)
            await ack(options=await _answered(answer, str(body.get("value")), turn))

        self._app.options(action_id)(listener)

    def rest(self) -> None:
        """Acknowledge everything else: link buttons, and what older messages send.

        Call last. Unanswered deliveries make Slack show an error or send again.
        """

        async def listener(ack: AsyncAck, body: Body) -> None:
            await ack()
            log.debug("unlistened", type=body.get("type"))

        anything = re.compile(".*")
        self._app.action(anything)(listener)
        self._app.view(anything)(listener)
        self._app.view_closed(anything)(listener)
        self._app.shortcut(anything)(listener)
        self._app.options(anything)(listener)
        self._app.command(anything)(listener)
        self._app.event(anything)(listener)

    def _listener(
        self, parse: Callable[[Body], Any], work: Callable[[Any, Turn], Awaitable[None]]
    ) -> Callable[[AsyncAck, Body, AsyncWebClient], Awaitable[None]]:
        async def listener(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
            await ack()
            self._begin(work, parse(body), body, client)

        return listener

    def _begin(
        self,
        work: Callable[[Any, Turn], Awaitable[None]],
        what: Any,
        body: Body,
        client: AsyncWebClient,
        taken: asyncio.Event | None = None,
    ) -> None:
        turn = self._turn(body, client)
        self._tasks.start(self._once(work, what, turn, taken or asyncio.Event()))

    def _turn(self, body: Body, client: AsyncWebClient) -> Turn:
        return Turn(body, client, self._services, self._access)

    async def _once(
        self,
        work: Callable[[Any, Turn], Awaitable[None]],
        what: Any,
        turn: Turn,
        taken: asyncio.Event,
    ) -> None:
        """Work on a delivery unless it was seen before, and note its end.

        Cut short it has no end, so that whoever acted is told at the next start.
        """
        key = delivery_key(turn.body)
        if await self._is_new(key, turn):
            taken.set()
            await asyncio.sleep(ACKS_FIRST.total_seconds())
            await self._work(work, what, turn)
            self._inbound.ended(key)
        taken.set()

    async def _is_new(self, key: str | None, turn: Turn) -> bool:
        try:
            user = SlackUserId(user_of(turn.body))
            is_new = await self._inbound.is_new(key, user or None)
        except Exception as error:  # noqa: BLE001 - nobody else would tell the person
            DELIVERIES.labels("failed").inc()
            await tell_error(turn.body, turn.client, unforeseen(error, "inbound"))
            return False
        if not is_new:
            DELIVERIES.labels("repeated").inc()
        return is_new

    async def _work(
        self, work: Callable[[Any, Turn], Awaitable[None]], what: Any, turn: Turn
    ) -> None:
        """The only `try` around listeners' work."""
        try:
            await work(what, turn)
            DELIVERIES.labels("done").inc()
        except BotError as error:
            DELIVERIES.labels("refused").inc()
            log.info("refused", listener=work.__name__, code=error.code)
            await tell_error(turn.body, turn.client, error)
        except Exception as error:  # noqa: BLE001 - the last door: logged and told
            DELIVERIES.labels("failed").inc()
            told = unforeseen(error, work.__name__)
            await tell_error(turn.body, turn.client, told)


async def _answered(
    answer: Callable[[str, Body, Turn], Awaitable[list[dict[str, Any]]]],
    typed: str,
    turn: Turn,
) -> list[dict[str, Any]]:
    """A type-ahead has no place for an error, so one becomes an empty list."""
    try:
        return await answer(typed, turn.body, turn)
    except BotError as error:
        log.info("options_refused", code=error.code)
    except Exception as error:  # noqa: BLE001 - an unanswered menu hangs for 3 s
        unforeseen(error, answer.__name__)
    return []
