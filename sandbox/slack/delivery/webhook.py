"""HTTP mode: signed form and JSON posts to the app's request URL."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.clock import Clock
from sandbox.slack.delivery.courier import Pace
from sandbox.slack.delivery.parcel import Answer, Parcel
from sandbox.slack.errors import Json
from sandbox.slack.faults import Faults
from sandbox.slack.ids import Mint
from sandbox.slack.log import Log

FORM = "application/x-www-form-urlencoded"


class Webhook:
    """Posts parcels to one URL, signed with the app's signing secret."""

    def __init__(
        self,
        url: str,
        signing_secret: str,
        *,
        clock: Clock,
        mint: Mint,
        log: Log,
        faults: Faults,
        pace: Pace,
    ) -> None:
        self.url = url
        self._secret = signing_secret.encode()
        self._clock, self._mint, self._log = clock, mint, log
        self._faults, self._pace = faults, pace
        self._session: aiohttp.ClientSession | None = None

    @property
    def connected(self) -> bool:
        """Whether a URL is configured; Slack knows no more than that."""
        return bool(self.url)

    async def send(self, parcel: Parcel) -> Answer:
        """Post one parcel and read the ack from the HTTP answer."""
        noted = self._log.delivered(
            parcel.label, self._mint.id("Rq"), parcel.retry, parcel.payload
        )
        body, content_type = _encode(parcel)
        headers = self._signed(body, content_type) | _retry_headers(parcel)
        try:
            answer = await self._post(body, headers)
        except TimeoutError:
            return Answer(acked=False, error="operation_timeout")
        except aiohttp.ClientError:
            return Answer(acked=False, error="app_not_connected")
        if answer.acked:
            self._log.acked(noted)
        return answer

    async def close(self) -> None:
        """Close the client session."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with (
            asyncio.timeout(self._pace.ack_within),
            self._session.post(self.url, data=body, headers=headers) as response,
        ):
            text = await response.text()
            if response.status != 200:
                retry = response.headers.get("x-slack-no-retry") != "1"
                return Answer(acked=False, error="dispatch_failed", may_retry=retry)
            return _read_answer(text, response.content_type)

    def _signed(self, body: bytes, content_type: str) -> dict[str, str]:
        skew = 0
        if self._faults.is_on("clock_skew"):
            skew = int(self._faults.param("clock_skew", "seconds"))
        timestamp = str(int(self._clock.now()) + skew)
        base = b"v0:" + timestamp.encode() + b":" + body
        digest = hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _encode(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    if parcel.kind == "slash_commands":
        return urlencode(parcel.payload).encode(), FORM
    return urlencode({"payload": json.dumps(parcel.payload)}).encode(), FORM


def _retry_headers(parcel: Parcel) -> dict[str, str]:
    if not parcel.retry_reason:
        return {}
    reason = parcel.retry_reason
    return {
        "x-slack-retry-num": str(parcel.retry),
        "x-slack-retry-reason": "http_timeout" if reason == "timeout" else reason,
    }


def _read_answer(text: str, content_type: str) -> Answer:
    if not text:
        return Answer(acked=True)
    if content_type != "application/json":
        return Answer(acked=True, payload={"text": text})
    try:
        payload: Json | None = json.loads(text)
    except ValueError:
        return Answer(acked=False, error="dispatch_failed", may_retry=False)
    return Answer(acked=True, payload=payload)
