"""What the app asked of Slack and what Slack delivered to the app."""

import copy
import itertools
from dataclasses import asdict, dataclass, field

from sandbox.feed import ChangeFeed
from sandbox.slack.clock import Clock
from sandbox.slack.errors import Json


@dataclass(frozen=True)
class Call:
    """One Web API call. Tokens are left out of `args`."""

    seq: int
    at: float
    method: str
    args: Json
    ok: bool
    error: str | None
    status: int

    def to_json(self) -> Json:
        """Describe the call for the control API."""
        return asdict(self)


@dataclass
class Delivery:
    """One attempt to hand a payload to the app.

    `id` is the envelope ID in Socket Mode. `acked_ms` stays None until an answer came.
    """

    seq: int
    at: float
    type: str
    id: str
    attempt: int
    payload: Json
    acked_ms: int | None = field(default=None)

    def to_json(self) -> Json:
        """Describe the delivery for the control API."""
        return asdict(self) | {"envelope_id": self.id}


class Log:
    """Both lists share one numbering, so that their order is known."""

    def __init__(self, clock: Clock, feed: ChangeFeed) -> None:
        self._clock, self._feed = clock, feed
        self._numbers = itertools.count(1)
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []

    def called(
        self, method: str, args: Json, *, error: str | None, status: int = 200
    ) -> None:
        """Note a Web API call and its outcome."""
        kept = {name: each for name, each in args.items() if name != "token"}
        ok = error is None and status == 200
        seq, now = next(self._numbers), self._clock.now()
        self.calls.append(Call(seq, now, method, kept, ok, error, status))
        self._feed.publish("log")

    def delivered(self, kind: str, id_: str, attempt: int, payload: Json) -> Delivery:
        """Note that a payload went out."""
        seq, now = next(self._numbers), self._clock.now()
        delivery = Delivery(seq, now, kind, id_, attempt, copy.deepcopy(payload))
        self.deliveries.append(delivery)
        self._feed.publish("log")
        return delivery

    def acked(self, delivery: Delivery) -> None:
        """Note that the app answered."""
        delivery.acked_ms = round((self._clock.now() - delivery.at) * 1000)
        self._feed.publish("log")

    def since(self, seq: int) -> Json:
        """Return what came after an entry, both kinds."""
        return {
            "calls": [call.to_json() for call in self.calls if call.seq > seq],
            "deliveries": [d.to_json() for d in self.deliveries if d.seq > seq],
        }
