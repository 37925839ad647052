"""One account in two processes: neither finds spent what it believed was left."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from bot.domain.ids import ClientId, TenantId
from bot.graph.quota import KEPT_FOR_PEOPLE, Quota, Quotas
from bot.graph.quota_costs import IDENTITY, Group, TenantSize
from bot.graph.requests import GraphRequest
from bot.sync_process import messages
from bot.sync_process.messages import Account, Balance, Done, Failed, WidePause
from bot.sync_process.quota_link import ChildLink, ParentLink, balance_of
from tests.graph.virtual_time import VirtualClock

CONTOSO, FABRIKAM = TenantId(UUID(int=1)), TenantId(UUID(int=2))
APP = ClientId(UUID(int=3))
ONE = GraphRequest("GET", "/groups/0f8fad5b-d9cb-469f-a165-70867728950e", None)
SMALL = IDENTITY[TenantSize.SMALL]


class Pair:
    """The bot and a reading process of Contoso; what they say passes as bytes."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock, self.said = clock, list[object]()
        self.here, self.there = Quotas(clock), Quotas(clock)
        self.bot = self.here.of(CONTOSO, APP)
        self.reader = self.there.of(CONTOSO, APP)

    def link(self) -> None:
        """Start the reading process."""
        self.parent = ParentLink(self.bot, self.here, self._to_child)
        balance = balance_of(self.bot)
        self.child = ChildLink(self.reader, self.there, self._to_parent, balance)

    def tick(self) -> list[object]:
        """Both tell what is new; returns what was said since the last time."""
        self.parent.tell_news()
        self.child.tell_news()
        said, self.said = self.said, []
        return said

    def _to_child(self, message: Account) -> None:
        self.said.append(message)
        heard = messages.heard_by_child(messages.line(message))
        assert isinstance(heard, Account)
        self.child.hear(heard)

    def _to_parent(self, message: Balance | WidePause) -> None:
        self.said.append(message)
        heard = messages.heard_by_parent(messages.line(message))
        assert not isinstance(heard, Done | Failed)
        self.parent.hear(heard)


async def spend(quota: Quota, requests: int) -> None:
    """Send so many requests of one unit, as background work."""
    for _ in range(requests):
        async with quota.turn(ONE, "low"):
            pass


@pytest.fixture
def pair() -> Pair:
    return Pair(VirtualClock())


async def test_a_reader_starts_with_what_is_left(pair: Pair) -> None:
    await spend(pair.bot, 1_000)
    pair.bot.learn(ONE, 429, {"Retry-After": "5"})

    pair.link()

    assert pair.reader.left() == pair.bot.left()
    assert pair.reader.paused_until() == pair.bot.paused_until()
    assert pair.tick() == []


async def test_each_hears_what_the_other_spent(pair: Pair) -> None:
    pair.link()
    await spend(pair.bot, 700)
    await spend(pair.reader, 1_400)

    pair.tick()

    left = 1 - 2_100 / SMALL.burst
    assert pair.bot.left()[Group.IDENTITY] == pytest.approx(left)
    assert pair.reader.left()[Group.IDENTITY] == pytest.approx(left)
    assert pair.tick() == [], "what was said is not said again"


async def test_a_click_finds_the_share_that_readers_leave(pair: Pair) -> None:
    pair.link()
    burst = int(SMALL.burst * (1 - KEPT_FOR_PEOPLE))
    await spend(pair.reader, burst)
    pair.tick()

    async with asyncio.timeout(1):
        async with pair.bot.turn(ONE, "high"):
            clicked = pair.clock.seconds

    assert clicked == 0
    assert pair.bot.left()[Group.IDENTITY] == pytest.approx(KEPT_FOR_PEOPLE, abs=0.01)


@pytest.mark.parametrize("refused", ["bot", "reader"])
async def test_a_refusal_pauses_both_equally(pair: Pair, refused: str) -> None:
    pair.link()
    until = pair.clock.now() + timedelta(seconds=9)

    getattr(pair, refused).learn(ONE, 429, {"Retry-After": "9"})
    for _ in range(3):
        pair.tick()

    for quota in (pair.bot, pair.reader):
        assert quota.paused_until() == dict.fromkeys(
            [Group.IDENTITY, Group.WRITES], until
        )
    assert pair.tick() == [], "a pause is no longer for being told about"


async def test_a_wide_refusal_in_one_process_pauses_other_tenants(pair: Pair) -> None:
    pair.link()
    fabrikam = pair.here.of(FABRIKAM, APP)
    scope = f"Application/ReadWrite/{APP}/{CONTOSO}"

    pair.reader.learn(ONE, 429, {"Retry-After": "4", "x-ms-throttle-scope": scope})

    assert fabrikam.paused_until() == pair.reader.paused_until()
    assert pair.bot.paused_until() == pair.reader.paused_until()


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"\xff", b'{"type":"done"}', b"Traceback"]
)
def test_what_no_version_says_is_an_error_without_its_words(text: bytes) -> None:
    with pytest.raises(messages.UnreadableLineError) as here:
        messages.heard_by_parent(text)
    with pytest.raises(messages.UnreadableLineError):
        messages.heard_by_child(text)

    assert str(here.value) == ""
    assert here.value.__cause__ is None
