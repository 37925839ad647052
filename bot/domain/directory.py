"""What is read of a directory: data sets, how each stands, and safety rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ConnectionId
from bot.domain.permissions import AppRole


class DataSet(StrEnum):
    """One kind of thing that is read as a whole and kept current.

    The order is the order of reading: what others refer to comes first.
    """

    ORGANIZATION = "organization"
    USERS = "users"
    GROUPS = "groups"
    MEMBERSHIPS = "memberships"  # direct members of groups
    APPLICATIONS = "applications"  # app registrations with their credentials
    SERVICE_PRINCIPALS = "service_principals"
    APP_ROLE_ASSIGNMENTS = "app_role_assignments"
    OAUTH_GRANTS = "oauth_grants"  # delegated permission grants
    ROLE_DEFINITIONS = "role_definitions"
    ROLE_ASSIGNMENTS = "role_assignments"
    SUBSCRIBED_SKUS = "subscribed_skus"


class Standing(StrEnum):
    """How a data set stands. Only CURRENT means that the rows are the directory."""

    NEVER_READ = "never_read"
    READING = "reading"
    CURRENT = "current"
    PARTIAL = "partial"  # rows are there, but not all; the reason says why
    NOT_PERMITTED = "not_permitted"
    NOT_LICENSED = "not_licensed"
    NOT_IN_CLOUD = "not_in_cloud"
    FAILED = "failed"  # the last read ended early; older rows stay
    HELD = "held"  # complete, but suddenly so small that nothing was removed


@dataclass(frozen=True)
class DataSetState:
    """How one data set of one connection stands.

    Attributes:
        rows: rows stored now.
        reason: one sentence with its remedy, for every standing but CURRENT.
        read_at: when the last complete read ended; None before the first.
        started_at: when the present or last read began.
        delta_link: where the next read of changes begins; the whole link, opaque.
        generation: counts full reads; rows of older generations are swept after a
            complete one.
        pages_done, rows_done: progress of the present read.
    """

    connection_id: ConnectionId
    data_set: DataSet
    standing: Standing = Standing.NEVER_READ
    rows: int = 0
    reason: str = ""
    read_at: datetime | None = None
    started_at: datetime | None = None
    delta_link: str | None = None
    generation: int = 0
    pages_done: int = 0
    rows_done: int = 0


SHRINK_SHARE = 0.5  # of the rows before; a smaller complete read is held, not swept
SHRINK_MIN_ROWS = 20  # below this many rows a directory may halve by itself


def is_suspicious(before: int, after: int) -> bool:
    """Whether a complete read is so much smaller that removing rows must wait.

    A permission narrowed or a filter gone wrong looks just like a mass deletion.
    """
    return before >= SHRINK_MIN_ROWS and after < before * SHRINK_SHARE


@dataclass(frozen=True)
class Reading:
    """What a data set needs.

    Attributes:
        enough: permissions of which any one is enough.
        delta: whether Graph tells changes since the last read.
    """

    data_set: DataSet
    enough: frozenset[AppRole]
    delta: bool = False


_DIRECTORY = (AppRole.DIRECTORY_READ_ALL, AppRole.DIRECTORY_READ_WRITE_ALL)
_APPS = (
    *_DIRECTORY,
    AppRole.APPLICATION_READ_ALL,
    AppRole.APPLICATION_READ_WRITE_ALL,
)


def _reading(data_set: DataSet, *enough: AppRole, delta: bool = False) -> Reading:
    return Reading(data_set, frozenset(enough), delta)


READINGS: dict[DataSet, Reading] = {
    reading.data_set: reading
    for reading in (
        _reading(
            DataSet.ORGANIZATION,
            AppRole.ORGANIZATION_READ_ALL,
            AppRole.ORGANIZATION_READ_WRITE_ALL,
            AppRole.USER_READ_ALL,
            *_DIRECTORY,
        ),
        _reading(
            DataSet.USERS,
            AppRole.USER_READ_ALL,
            AppRole.USER_READ_WRITE_ALL,
            *_DIRECTORY,
            delta=True,
        ),
        _reading(
            DataSet.GROUPS,
            AppRole.GROUP_MEMBER_READ_ALL,
            AppRole.GROUP_READ_ALL,
            AppRole.GROUP_READ_WRITE_ALL,
            *_DIRECTORY,
            delta=True,
        ),
        _reading(
            DataSet.MEMBERSHIPS,
            AppRole.GROUP_MEMBER_READ_ALL,
            AppRole.GROUP_READ_ALL,
            AppRole.GROUP_READ_WRITE_ALL,
            *_DIRECTORY,
            delta=True,
        ),
        _reading(DataSet.APPLICATIONS, *_APPS, delta=True),
        _reading(DataSet.SERVICE_PRINCIPALS, *_APPS, delta=True),
        _reading(DataSet.APP_ROLE_ASSIGNMENTS, *_APPS),
        _reading(DataSet.OAUTH_GRANTS, *_DIRECTORY, delta=True),
        _reading(
            DataSet.ROLE_DEFINITIONS,
            AppRole.ROLE_MANAGEMENT_READ_DIRECTORY,
            AppRole.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY,
            *_DIRECTORY,
        ),
        _reading(
            DataSet.ROLE_ASSIGNMENTS,
            AppRole.ROLE_MANAGEMENT_READ_DIRECTORY,
            AppRole.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY,
            *_DIRECTORY,
        ),
        _reading(
            DataSet.SUBSCRIBED_SKUS,
            AppRole.ORGANIZATION_READ_ALL,
            AppRole.ORGANIZATION_READ_WRITE_ALL,
            *_DIRECTORY,
        ),
    )
}
