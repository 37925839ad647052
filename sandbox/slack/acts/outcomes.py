"""What came of an act."""

from dataclasses import asdict, dataclass, field

from sandbox.slack.delivery.parcel import Answer
from sandbox.slack.errors import Json


@dataclass(frozen=True)
class Outcome:
    """What the app answered to a command, click, shortcut or opened Home tab.

    `error` is a key of `sandbox.slack.notices.NOTICES`, `unknown_command`, or None;
    `response` is the body of the ack.
    """

    acked: bool
    error: str | None = None
    response: Json | None = None

    def to_json(self) -> Json:
        """Describe the outcome for the control API."""
        return asdict(self)


@dataclass(frozen=True)
class Submission:
    """What became of a submitted modal.

    `outcome` is closed, errors, updated, pushed, cleared or none; `errors` are by
    block ID; `client` is true when Slack's own client refused before sending.
    """

    acked: bool
    outcome: str
    errors: dict[str, str] = field(default_factory=dict)
    client: bool = False
    error: str | None = None

    def to_json(self) -> Json:
        """Describe the outcome for the control API."""
        return asdict(self)


def outcome_of(answer: Answer) -> Outcome:
    """Turn the app's answer into an act's outcome."""
    return Outcome(answer.acked, answer.error, answer.payload)
