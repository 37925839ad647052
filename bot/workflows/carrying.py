"""Carrying out one deed: write, read back, and say only what was seen.

Graph's answer to a write proves nothing: reads lag behind by seconds to a minute, an
answer may be lost after the change was made, and a change may be answered as done and
not be there. So a deed is done when the directory shows it, and not before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import BotError
from bot.domain.offboarding import StepStatus
from bot.graph.errors import (
    GraphError,
    ObjectNotFoundError,
    PrivilegedTargetError,
    ThrottledError,
    UnknownOutcomeError,
    WriteRefusal,
    WriteRefusedError,
)
from bot.graph.signin_errors import SignInError
from bot.ports import Clock
from bot.workflows.deeds import Deed


@dataclass(frozen=True)
class Pace:
    """How long and how often one step tries.

    Attributes:
        first_look: until the second read after a write; later waits double.
        longest_wait: between two reads.
        write_again_after: a write that does not show after this long is repeated.
        writes: at most, in one run of the step.
        verify_within: time for all of it, after which the outcome is not known.
        throttled_within: time that a step may spend waiting because Graph asks for it.
    """

    first_look: timedelta = timedelta(milliseconds=200)
    longest_wait: timedelta = timedelta(seconds=10)
    write_again_after: timedelta = timedelta(seconds=5)
    writes: int = 3
    verify_within: timedelta = timedelta(seconds=90)
    throttled_within: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Verdict:
    """How a deed ended.

    Attributes:
        goes_later: it was refused only because of its place in the order; nothing
            ended, and it may be tried again when the others are done.
        stops: why nothing else of this run can work either, "" if it can.
    """

    status: StepStatus
    detail: str
    graph_request_id: str | None = None
    goes_later: bool = False
    stops: str = ""


_LATER = frozenset({WriteRefusal.DEFAULT_METHOD, WriteRefusal.ALTERNATE_PHONE_FIRST})
_RULES = frozenset(
    {
        WriteRefusal.SYNCED,
        WriteRefusal.MAIL_ENABLED,
        WriteRefusal.DYNAMIC,
        WriteRefusal.LAST_OWNER,
    }
)
_SHORTEST_WAIT = timedelta(seconds=1)


class Carrying:
    """One deed on its way.

    Args:
        tried_before: an attempt that a crash cut short may have written already.
    """

    def __init__(
        self, deed: Deed, clock: Clock, pace: Pace, *, tried_before: bool = False
    ) -> None:
        self._deed, self._clock, self._pace = deed, clock, pace
        self._may_have_written = self._may_be_applied = tried_before
        self._writes, self._written_at = 0, clock.now()
        self._setback: GraphError | None = None

    async def run(self) -> Verdict:
        """Carry the deed out. Never raises what `verdict_on` can word."""
        ends_at = self._clock.now() + self._pace.throttled_within
        while True:
            try:
                return await self._until_seen()
            except ThrottledError as error:
                wait = max(error.retry_after or self._pace.longest_wait, _SHORTEST_WAIT)
                if self._clock.now() + wait > ends_at:
                    return self._verdict_on(error)
                await self._clock.sleep(wait)
            except BotError as error:
                return self._verdict_on(error)

    async def _until_seen(self) -> Verdict:
        ends_at = self._clock.now() + self._pace.verify_within
        wait = self._pace.first_look
        while not await self._deed.is_so():
            now = self._clock.now()
            if now > ends_at:
                return self._never_seen()
            if self._may_write(now):
                await self._write()
                wait = self._pace.first_look
                continue  # what shows at once need not wait
            await self._clock.sleep(wait)
            wait = min(wait * 2, self._pace.longest_wait)
        return Verdict(StepStatus.VERIFIED, self._deed.proof)

    def _may_write(self, now: datetime) -> bool:
        if self._writes == 0:
            return True
        is_late = now - self._written_at >= self._pace.write_again_after
        return is_late and self._writes < self._pace.writes

    async def _write(self) -> None:
        """Write once. What only a read can settle is left to the reads."""
        try:
            await self._deed.do()
        except UnknownOutcomeError as error:
            self._setback, self._may_be_applied = error, True
        except ObjectNotFoundError as error:
            self._setback = error
        except WriteRefusedError as error:
            if error.reason is not WriteRefusal.NOT_A_MEMBER:
                raise
            self._setback = error
        else:
            self._setback, self._may_be_applied = None, True
        self._writes, self._written_at = self._writes + 1, self._clock.now()
        self._may_have_written = True

    def _never_seen(self) -> Verdict:
        if self._setback is not None and not self._may_be_applied:
            detail = f"{self._setback.message} {self._setback.remedy}"
            return Verdict(StepStatus.FAILED, detail, self._setback.request_id)
        seconds = int(self._pace.verify_within.total_seconds())
        # Lists come from an index that may lag for minutes, so this is no failure.
        return Verdict(
            StepStatus.UNKNOWN,
            "Perhaps done: the change was sent, but reading back for "
            f"{seconds} seconds did not show it. Microsoft's lists may lag for some "
            "minutes: retry then, which reads first; or look in the Entra admin "
            "center.",
            self._setback.request_id if self._setback else None,
        )

    def _verdict_on(self, error: BotError) -> Verdict:
        verdict = verdict_on(error)
        is_open = verdict.status is StepStatus.FAILED and not verdict.goes_later
        if is_open and self._may_have_written:
            return Verdict(
                StepStatus.UNKNOWN,
                "Perhaps done: the change was sent, and then it could not be settled "
                f"whether it took effect. {verdict.detail}",
                verdict.graph_request_id,
                stops=verdict.stops,
            )
        return verdict


def verdict_on(error: BotError) -> Verdict:
    """What an error means for a step to which nothing was done."""
    detail = f"{error.message} {error.remedy}"
    if isinstance(error, GraphError):
        return _graph_verdict(error, detail)
    # Not connected any more, a credential that does not open, a sign-in that is
    # refused: the next step would meet the same.
    is_passing = isinstance(error, SignInError) and error.is_transient
    return Verdict(StepStatus.FAILED, detail, stops="" if is_passing else detail)


def _graph_verdict(error: GraphError, detail: str) -> Verdict:
    status = StepStatus.FAILED
    goes_later = False
    if isinstance(error, PrivilegedTargetError):
        status = StepStatus.BLOCKED
    elif isinstance(error, WriteRefusedError):
        goes_later = error.reason in _LATER
        status = StepStatus.BLOCKED if error.reason in _RULES else StepStatus.FAILED
    return Verdict(status, detail, error.request_id, goes_later=goes_later)
