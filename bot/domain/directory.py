"""What is read of a directory: data sets, how each stands, and safety rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ConnectionId


class DataSet(StrEnum):
    """One kind of thing that is read as a whole and kept current.

    The order is the order of reading: what others refer to comes first.
    """

    ORGANIZATION = "organization"
    USERS = "users"
    GROUPS = "groups"
    MEMBERSHIPS = "memberships"  # direct members of groups
    GROUP_OWNERS = "group_owners"
    APPLICATIONS = "applications"  # app registrations with their credentials
    APPLICATION_OWNERS = "application_owners"
    FEDERATED_CREDENTIALS = "federated_credentials"  # of app registrations
    SERVICE_PRINCIPALS = "service_principals"
    SERVICE_PRINCIPAL_OWNERS = "service_principal_owners"
    APP_ROLE_ASSIGNMENTS = "app_role_assignments"
    OAUTH_GRANTS = "oauth_grants"  # delegated permission grants
    ROLE_DEFINITIONS = "role_definitions"
    ROLE_ASSIGNMENTS = "role_assignments"
    ROLE_ELIGIBILITIES = "role_eligibilities"  # who may activate a role (PIM)
    ROLE_ACTIVATIONS = "role_activations"  # active assignments with their end (PIM)
    SUBSCRIBED_SKUS = "subscribed_skus"
    DEVICES = "devices"  # registered or joined in Entra
    MANAGED_DEVICES = "managed_devices"  # enrolled in Intune
    IDENTITY_PROVIDERS = "identity_providers"
    PROVISIONING_JOBS = "provisioning_jobs"  # SCIM, by service principal
    SIGN_IN_ACTIVITY = "sign_in_activity"  # when each user signed in last
    REGISTRATIONS = "registrations"  # authentication methods that users registered
    USAGE_OFFICE = "usage_office"  # Microsoft 365 usage reports, a row for each user
    USAGE_TEAMS = "usage_teams"
    USAGE_APPS = "usage_apps"
    DIRECTORY_AUDITS = "directory_audits"
    SIGN_INS = "sign_ins"
    PROVISIONING_LOGS = "provisioning_logs"


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
        due_at: before then the clock does not read it again; None where every sync
            does.
        started_at: when the present or last read began.
        delta_link: where the next read begins: the whole link to changes, opaque, or
            for a log the time up to which it was read.
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
    due_at: datetime | None = None
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
