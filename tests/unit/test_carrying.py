"""Carrying out one deed: what is believed, how long it tries, how it ends."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import BotError
from bot.domain.offboarding import StepStatus
from bot.graph.errors import (
    DefaultMethodError,
    GraphError,
    ObjectNotFoundError,
    PermissionMissingError,
    PrivilegedTargetError,
    ThrottledError,
    UnavailableError,
    UnknownOutcomeError,
    WriteRefusal,
    WriteRefusedError,
)
from bot.graph.signin_errors import SignInError
from bot.graph.signin_words import SignInWords
from bot.workflows.carrying import Carrying, Pace, Verdict
from bot.workflows.deeds import Deed
from store.tenants import TenantNotFoundError

pytestmark = pytest.mark.quick

STATUS = StepStatus


class StoryClock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
        self.waited: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, duration: timedelta) -> None:
        self.waited.append(duration.total_seconds())
        self._now += duration

    @property
    def total(self) -> float:
        return sum(self.waited)


class Directory:
    """A directory of one fact.

    Args:
        writes: what each write meets: an error, or None for "accepted"; the last one
            stays. `applies` says after which write the fact is so, `lag` how many
            seconds later reads show it.
        reads: errors of the first reads.
    """

    def __init__(
        self,
        clock: StoryClock,
        *,
        writes: list[Exception | None] | None = None,
        applies: int | None = 1,
        lag: float = 0,
        reads: Callable[[int], Exception | None] = lambda _: None,
        is_so: bool = False,
    ) -> None:
        self._clock, self._applies, self._lag = clock, applies, lag
        self._writes: Iterator[Exception | None] = iter(writes or [])
        self._last: Exception | None = None
        self._reads = reads
        self._so_from = clock.now() if is_so else None
        self.written = self.read = 0

    async def is_so(self) -> bool:
        self.read += 1
        if error := self._reads(self.read):
            raise error
        return self._so_from is not None and self._clock.now() >= self._so_from

    async def do(self) -> None:
        self.written += 1
        self._last = next(self._writes, self._last)
        if self.written == self._applies:
            self._so_from = self._clock.now() + timedelta(seconds=self._lag)
        if self._last is not None:
            raise self._last

    @property
    def deed(self) -> Deed:
        return Deed(self.is_so, self.do, proof="Read back.", already="Was so.")


@pytest.fixture
def clock() -> StoryClock:
    return StoryClock()


async def carry(
    directory: Directory, clock: StoryClock, *, tried_before: bool = False
) -> Verdict:
    carrying = Carrying(directory.deed, clock, Pace(), tried_before=tried_before)
    return await carrying.run()


def refused(reason: WriteRefusal) -> WriteRefusedError:
    kind = DefaultMethodError if reason is WriteRefusal.DEFAULT_METHOD else None
    return (kind or WriteRefusedError)(
        reason, "Refused.", remedy="Ask.", request_id="r1"
    )


def lost() -> UnknownOutcomeError:
    return UnknownOutcomeError("The answer was lost.", remedy="Look.", request_id="r2")


def unavailable() -> UnavailableError:
    return UnavailableError("Graph cannot be reached.", remedy="Wait.")


def privileged() -> GraphError:
    return PrivilegedTargetError("Protected.", remedy="Ask an admin.", request_id="r3")


async def test_a_change_counts_when_it_is_read_back(clock: StoryClock) -> None:
    directory = Directory(clock)

    assert await carry(directory, clock) == Verdict(STATUS.VERIFIED, "Read back.")
    assert directory.written == 1


async def test_reads_may_lag_by_most_of_a_minute(clock: StoryClock) -> None:
    directory = Directory(clock, lag=50)

    assert (await carry(directory, clock)).status is STATUS.VERIFIED
    assert directory.written <= 3


async def test_an_answer_of_done_that_is_not_true_is_written_again(
    clock: StoryClock,
) -> None:
    directory = Directory(clock, applies=2)

    assert (await carry(directory, clock)).status is STATUS.VERIFIED
    assert directory.written == 2


async def test_what_never_shows_is_unknown_after_bounded_tries(
    clock: StoryClock,
) -> None:
    directory = Directory(clock, applies=None)

    verdict = await carry(directory, clock)

    assert verdict.status is STATUS.UNKNOWN
    assert "did not show it" in verdict.detail
    assert directory.written == 3
    assert 90 <= clock.total < 120


@pytest.mark.parametrize(
    "second", [ObjectNotFoundError("Gone.", remedy="None."), lost(), None]
)
@pytest.mark.parametrize("first", [lost(), None])
async def test_reads_that_lag_for_minutes_are_no_failure(
    clock: StoryClock, first: Exception | None, second: Exception | None
) -> None:
    directory = Directory(clock, writes=[first, second], lag=300)

    verdict = await carry(directory, clock)

    assert verdict.status is STATUS.UNKNOWN
    assert "lag" in verdict.detail


async def test_a_lost_answer_is_settled_by_reading(clock: StoryClock) -> None:
    applied = Directory(clock, writes=[lost()], applies=1)
    not_applied = Directory(clock, writes=[lost(), None], applies=2)

    assert (await carry(applied, clock)).status is STATUS.VERIFIED
    assert applied.written == 1
    assert (await carry(not_applied, clock)).status is STATUS.VERIFIED
    assert not_applied.written == 2


async def test_a_lost_answer_that_cannot_be_read_back_is_unknown(
    clock: StoryClock,
) -> None:
    directory = Directory(
        clock, writes=[lost()], reads=lambda n: unavailable() if n > 1 else None
    )

    verdict = await carry(directory, clock)

    assert verdict.status is STATUS.UNKNOWN
    assert "Perhaps done" in verdict.detail


async def test_a_directory_that_could_not_be_read_first_was_not_changed(
    clock: StoryClock,
) -> None:
    directory = Directory(clock, reads=lambda _: unavailable())

    assert (await carry(directory, clock)).status is STATUS.FAILED
    assert directory.written == 0


async def test_after_a_crash_an_unreadable_directory_leaves_it_unknown(
    clock: StoryClock,
) -> None:
    directory = Directory(clock, reads=lambda _: unavailable())

    verdict = await carry(directory, clock, tried_before=True)

    assert verdict.status is STATUS.UNKNOWN


async def test_after_a_crash_what_is_so_is_not_written_again(clock: StoryClock) -> None:
    directory = Directory(clock, is_so=True)

    verdict = await carry(directory, clock, tried_before=True)

    assert (verdict.status, directory.written) == (STATUS.VERIFIED, 0)


async def test_graph_is_given_the_pause_it_asks_for(clock: StoryClock) -> None:
    throttled = ThrottledError(timedelta(seconds=120))
    directory = Directory(clock, writes=[throttled, None], applies=2)

    assert (await carry(directory, clock)).status is STATUS.VERIFIED
    assert 120 in clock.waited


async def test_patience_with_throttling_ends(clock: StoryClock) -> None:
    directory = Directory(
        clock, writes=[ThrottledError(timedelta(seconds=200))], applies=None
    )

    verdict = await carry(directory, clock)

    assert verdict.status is STATUS.FAILED
    assert clock.total <= 15 * 60


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (privileged(), STATUS.BLOCKED),
        (refused(WriteRefusal.SYNCED), STATUS.BLOCKED),
        (refused(WriteRefusal.MAIL_ENABLED), STATUS.BLOCKED),
        (refused(WriteRefusal.DYNAMIC), STATUS.BLOCKED),
        (refused(WriteRefusal.OTHER), STATUS.FAILED),
        (PermissionMissingError("User.Read.All"), STATUS.FAILED),
    ],
)
async def test_a_refusal_ends_the_step_with_reason_and_remedy(
    clock: StoryClock, error: GraphError, status: StepStatus
) -> None:
    directory = Directory(clock, writes=[error], applies=None)

    verdict = await carry(directory, clock)

    assert verdict.status is status
    assert error.message in verdict.detail
    assert error.remedy in verdict.detail
    assert verdict.graph_request_id == error.request_id
    assert verdict.stops == ""


async def test_a_refusal_after_a_silent_write_keeps_its_reason(
    clock: StoryClock,
) -> None:
    directory = Directory(clock, writes=[None, privileged()], applies=None)

    assert (await carry(directory, clock)).status is STATUS.BLOCKED


async def test_a_member_who_is_none_any_more_is_settled_by_reading(
    clock: StoryClock,
) -> None:
    gone = ObjectNotFoundError("No such object.", remedy="Nothing.", request_id="r4")
    for error in (refused(WriteRefusal.NOT_A_MEMBER), gone):
        left = Directory(clock, writes=[error], applies=1)
        assert (await carry(left, clock)).status is STATUS.VERIFIED
        stays = Directory(clock, writes=[error], applies=None)
        verdict = await carry(stays, clock)
        assert verdict.status is STATUS.FAILED
        assert error.message in verdict.detail


@pytest.mark.parametrize("tried_before", [False, True])
@pytest.mark.parametrize(
    "reason", [WriteRefusal.DEFAULT_METHOD, WriteRefusal.ALTERNATE_PHONE_FIRST]
)
async def test_a_method_refused_for_its_place_goes_later(
    clock: StoryClock, reason: WriteRefusal, tried_before: bool
) -> None:
    directory = Directory(clock, writes=[refused(reason)], applies=None)

    verdict = await carry(directory, clock, tried_before=tried_before)

    assert verdict.goes_later
    assert verdict.status is STATUS.FAILED


@pytest.mark.parametrize(
    ("error", "stops"),
    [
        (TenantNotFoundError(), True),
        (SignInError(SignInWords("Expired.", "Rotate.", is_transient=False)), True),
        (SignInError(SignInWords("Busy.", "Wait.", is_transient=True)), False),
        (unavailable(), False),
    ],
)
async def test_only_what_would_meet_every_step_stops_the_run(
    clock: StoryClock, error: BotError, stops: bool
) -> None:
    directory = Directory(clock, reads=lambda _: error)

    verdict = await carry(directory, clock)

    assert (verdict.status, bool(verdict.stops)) == (STATUS.FAILED, stops)


async def test_why_a_run_stops_is_not_told_as_if_the_others_were_perhaps_done(
    clock: StoryClock,
) -> None:
    error = SignInError(SignInWords("Expired.", "Rotate.", is_transient=False))
    directory = Directory(clock, reads=lambda _: error)

    verdict = await carry(directory, clock, tried_before=True)

    assert (verdict.status, verdict.stops) == (STATUS.UNKNOWN, "Expired. Rotate.")
