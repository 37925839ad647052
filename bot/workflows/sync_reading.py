"""Reading one data set: its changes where they are told, else all of it."""

import secrets
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.errors import BotError
from bot.domain.readings import READINGS
from bot.graph.errors import (
    DeltaExpiredError,
    NotInCloudError,
    PermissionMissingError,
    UnlicensedError,
)
from bot.graph.reading import ChangePage, ReadPage
from bot.workflows.page_groups import grouped
from bot.workflows.read_states import reading
from bot.workflows.sync_record import SyncRecord, TurnLostError
from store.data_sets import Progress
from store.engine import PASSING

log = structlog.get_logger(__name__)

# A read that was cut short is gone on with for so long; then what it saw is too old to
# be called complete together with what it would see now.
RESUMED_WITHIN = timedelta(hours=6)


class Reader(Protocol):
    """What reads a directory: Graph's reader, or one that tests hold in their hands."""

    def full(
        self, data_set: DataSet, *, resume: str | None = None, since: str | None = None
    ) -> AsyncGenerator[ReadPage]:
        """See `TenantReader`."""
        ...

    def changes(self, data_set: DataSet, delta_link: str) -> AsyncGenerator[ChangePage]:
        """See `TenantReader`."""
        ...


class TruncatedError(BotError):
    """A read ended without saying that it was complete."""

    code = "truncated"

    def __init__(self) -> None:
        super().__init__(
            "The read ended before its end.",
            remedy="It is tried again at the next sync.",
        )


class NotOfferedError(BotError):
    """A cloud whose Graph is known to lack a collection is not asked for it."""

    code = "not_offered"

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(
            f"Microsoft does not offer this in {cloud.label}.",
            remedy="Nothing to do; Gatehouse does not ask for it there.",
        )


_STANDINGS: tuple[tuple[type[BotError], Standing], ...] = (
    (PermissionMissingError, Standing.NOT_PERMITTED),
    (UnlicensedError, Standing.NOT_LICENSED),
    (NotInCloudError, Standing.NOT_IN_CLOUD),
    (NotOfferedError, Standing.NOT_IN_CLOUD),
)


@dataclass
class DataSetSync:
    """Reads the data sets of one connection for one workflow.

    Attributes:
        cloud: the tenant's; what it lacks is not asked for.
    """

    record: SyncRecord
    reader: Reader
    cloud: Cloud = Cloud.GLOBAL

    async def run(self, data_set: DataSet, granted: Collection[str]) -> DataSetState:
        """Bring a data set up to date; what fails is said in its state.

        Args:
            granted: permissions in the token; none where it does not tell them.

        Raises:
            TurnLostError: the tenant is gone, or another read took over.
        """
        progress = await self.record.progress(data_set)
        needed = READINGS[data_set]
        if self.cloud in needed.absent_from:
            return await self._refused(progress, NotOfferedError(self.cloud))
        missing = needed.missing(granted) if granted else []
        if missing:
            return await self._refused(progress, PermissionMissingError(missing[0]))
        try:
            return await self._changes_or_all(progress)
        except TurnLostError:
            raise
        except BotError as error:
            return await self._failed(data_set, progress, error)
        except PASSING:
            raise  # our database's trouble says nothing about the tenant
        except Exception as error:  # noqa: BLE001 - a read that fails is never silent
            return await self._failed(data_set, progress, _unforeseen(data_set, error))

    async def _changes_or_all(self, progress: Progress) -> DataSetState:
        link = progress.state.delta_link
        is_log = READINGS[progress.state.data_set].is_log
        if link is not None and not is_log:
            try:
                return await self._changes(progress, link)
            except DeltaExpiredError as error:
                log.info(
                    "delta_expired",
                    connection_id=str(progress.state.connection_id),
                    data_set=str(progress.state.data_set),
                    code=error.graph_code,
                )
        return await self._all(progress)

    async def _changes(self, progress: Progress, link: str) -> DataSetState:
        state = reading(progress.state, self.record.clock.now())
        progress = Progress(state)
        answer: list[ChangePage] = []
        async with aclosing(self.reader.changes(state.data_set, link)) as pages:
            async for page in pages:
                answer.append(page)
                if page.next is None and page.delta_link is None:
                    continue  # more of the same answer follows
                progress = await self.record.change(progress, answer)
                answer = []
                if page.delta_link is not None:
                    return progress.state
        raise TruncatedError

    async def _all(self, progress: Progress) -> DataSetState:
        progress = await self._begun(progress)
        async with aclosing(grouped(self._pages(progress))) as groups:
            async for pages in groups:
                progress = await self.record.add(progress, pages)
                if pages[-1].is_last or pages[-1].caveat is not None:
                    return progress.state
        raise TruncatedError

    def _pages(self, progress: Progress) -> AsyncGenerator[ReadPage]:
        data_set, since = progress.state.data_set, progress.state.delta_link
        return self.reader.full(data_set, resume=progress.mark, since=since)

    async def _begun(self, progress: Progress) -> Progress:
        """Where to go on from; a log's window does not grow old, its link may."""
        if READINGS[progress.state.data_set].is_log and progress.mark is not None:
            state = reading(progress.state, self.record.clock.now())
            return replace(progress, state=state)
        if self._goes_on(progress):
            return progress
        return Progress(await self.record.begin(progress.state))

    def _goes_on(self, progress: Progress) -> bool:
        began = progress.state.started_at
        if progress.mark is None or began is None:
            return False
        return self.record.clock.now() - began < RESUMED_WITHIN

    async def _failed(
        self, data_set: DataSet, before: Progress, error: BotError
    ) -> DataSetState:
        """Note the failure. A mark that led no further is not tried a second time."""
        progress = await self.record.progress(data_set)
        if progress.mark == before.mark:
            progress = replace(progress, mark=None)
        return await self._refused(progress, error)

    async def _refused(self, progress: Progress, error: BotError) -> DataSetState:
        standing = next(
            (standing for kind, standing in _STANDINGS if isinstance(error, kind)),
            Standing.FAILED,
        )
        now = self.record.clock.now()
        if progress.mark is None:
            progress = replace(progress, state=replace(progress.state, started_at=now))
        return await self.record.end(
            progress, standing, f"{error.message} {error.remedy}"
        )


def _unforeseen(data_set: DataSet, error: Exception) -> BotError:
    reference = secrets.token_hex(3)
    log.error(
        "sync_failed", data_set=str(data_set), reference=reference, exc_info=error
    )
    return BotError(
        f"Something went wrong inside Gatehouse (reference {reference}).",
        remedy="Give the reference to whoever runs Gatehouse.",
    )
