"""Things that live shortly: trigger IDs, response URLs, connection tickets."""

from dataclasses import dataclass

from sandbox.slack.clock import Clock
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.ids import Mint

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
TICKET_SECONDS = 30.0  # Slack publishes no figure; clients connect within one second


@dataclass
class Trigger:
    """Leave to open one view.

    `view_id` is the modal from inside which it came, `channel` the conversation that
    the person had in front; either may be None.
    """

    id: str
    user: str
    made_at: float
    view_id: str | None = None
    channel: str | None = None
    used: bool = False


class Triggers:
    """Trigger IDs: three seconds, one use."""

    def __init__(self, clock: Clock, mint: Mint) -> None:
        self._clock, self._mint = clock, mint
        self._triggers: dict[str, Trigger] = {}

    def make(
        self, user: str, *, view_id: str | None = None, channel: str | None = None
    ) -> str:
        """Make a trigger for a person's act."""
        now = self._clock.now()
        number = f"{int(now * 1000)}.{len(self._triggers) + 1}"
        trigger_id = f"{number}.{self._mint.token('trigger')}"
        self._triggers[trigger_id] = Trigger(trigger_id, user, now, view_id, channel)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or
                `expired_trigger_id`, the names of the views methods' pages.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.made_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass
class ResponseUrl:
    """Where an app may answer one act: `channel` for `user`.

    `message_ts` is the message that was acted on, None for a slash command.
    """

    id: str
    user: str
    channel: str
    message_ts: str | None
    made_at: float
    uses: int = 0


class ResponseUrls:
    """Response URLs: thirty minutes, five uses."""

    def __init__(self, clock: Clock, mint: Mint) -> None:
        self._clock, self._mint = clock, mint
        self._urls: dict[str, ResponseUrl] = {}

    def make(self, user: str, channel: str, message_ts: str | None) -> str:
        """Make one and return its ID, the last part of its address."""
        url_id = self._mint.token("response", user)
        now = self._clock.now()
        self._urls[url_id] = ResponseUrl(url_id, user, channel, message_ts, now)
        return url_id

    def use(self, url_id: str) -> ResponseUrl:
        """Count one use.

        Raises:
            SlackError: `expired_url` or `used_url`. Slack documents neither name;
                apps can rely on the HTTP status 404 alone.
        """
        url = self._urls.get(url_id)
        if url is None or self._clock.now() - url.made_at > RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url


class Tickets:
    """Single-use tickets of Socket Mode addresses."""

    def __init__(self, clock: Clock, mint: Mint) -> None:
        self._clock, self._mint = clock, mint
        self._made_at: dict[str, float] = {}

    def make(self) -> str:
        """Make a ticket for one connection."""
        ticket = self._mint.token("ticket")
        self._made_at[ticket] = self._clock.now()
        return ticket

    def take(self, ticket: str) -> bool:
        """Use a ticket up; False when it is unknown, used or too old."""
        made_at = self._made_at.pop(ticket, None)
        return made_at is not None and self._clock.now() - made_at <= TICKET_SECONDS


@dataclass
class Upload:
    """A file between files.getUploadURLExternal and its completion."""

    id: str
    filename: str
    length: int
    content: bytes | None = None
    completed: bool = False

    def to_slack(self, title: str | None) -> Json:
        """Draw the file object that the completing method returns."""
        return {
            "id": self.id,
            "name": self.filename,
            "title": title or self.filename,
            "size": self.length,
            "mode": "hosted",
        }
