"""Deliver payloads: interactions once, events with Slack's retries."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

from sandbox.slack.clock import Clock
from sandbox.slack.delivery.parcel import Answer, Parcel, Transport
from sandbox.slack.errors import Json
from sandbox.slack.faults import Faults


@dataclass(frozen=True)
class Pace:
    """How long Slack waits, in seconds.

    Args:
        ack_within: for an ack, before the act counts as failed.
        retry_after: before the first, second and third redelivery of an event.
        socket_ping_every: between the server's own pings in Socket Mode.
    """

    ack_within: float = 3.0
    retry_after: tuple[float, ...] = (0.0, 60.0, 300.0)
    socket_ping_every: float = 30.0


class Courier:
    """Hands parcels to the transport and keeps the retries of events running."""

    def __init__(
        self, transport: Transport, clock: Clock, faults: Faults, pace: Pace
    ) -> None:
        self.transport = transport
        self._clock, self._faults, self._pace = clock, faults, pace
        self._running: set[asyncio.Task[Any]] = set()

    async def ask(self, kind: str, payload: Json, *, answers: bool = True) -> Answer:
        """Deliver an interaction and return the app's answer. It is never retried."""
        return await self._deliver(Parcel(kind, payload, answers))

    async def tell(self, payload: Json) -> Answer:
        """Deliver an event, return the first outcome, retry in the background."""
        parcel = Parcel("events_api", payload)
        answer = await self._deliver(parcel)
        if not answer.acked and answer.may_retry:
            self._start(self._redeliver(parcel, answer))
        return answer

    async def close(self) -> None:
        """Stop all retries."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.transport.close()

    async def _deliver(self, parcel: Parcel) -> Answer:
        if self._faults.is_on("duplicate_deliveries"):
            self._start(self.transport.send(parcel))
        return await self.transport.send(parcel)

    async def _redeliver(self, parcel: Parcel, answer: Answer) -> None:
        for number, wait in enumerate(self._pace.retry_after, start=1):
            await self._clock.sleep(wait)
            shown = 0 if self._faults.is_on("retry_with_attempt_zero") else number
            retry = replace(parcel, retry=shown, retry_reason=_reason(answer))
            answer = await self._deliver(retry)
            if answer.acked or not answer.may_retry:
                return

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def _reason(answer: Answer) -> str:
    reasons = {
        "operation_timeout": "timeout",
        "dispatch_failed": "http_error",
        "app_not_connected": "connection_failed",
    }
    return reasons.get(answer.error or "", "unknown_error")
