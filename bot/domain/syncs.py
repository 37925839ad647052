"""One read of a tenant's directory: what follows for alerts, what people see of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from bot.domain.alerts import Alert, AlertKind, Finding, Sight
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.due import is_due, stays
from bot.domain.readings import READINGS
from bot.domain.tenants import Tenant

SYNC_KEY = "sync"

NEEDS_SOMEBODY = frozenset({Standing.FAILED, Standing.HELD})

LABELS = {
    DataSet.ORGANIZATION: "Organization",
    DataSet.USERS: "Users",
    DataSet.GROUPS: "Groups",
    DataSet.MEMBERSHIPS: "Group memberships",
    DataSet.GROUP_OWNERS: "Group owners",
    DataSet.APPLICATIONS: "App registrations",
    DataSet.APPLICATION_OWNERS: "App owners",
    DataSet.FEDERATED_CREDENTIALS: "Federated credentials",
    DataSet.SERVICE_PRINCIPALS: "Service principals",
    DataSet.SERVICE_PRINCIPAL_OWNERS: "Service principal owners",
    DataSet.APP_ROLE_ASSIGNMENTS: "App role assignments",
    DataSet.OAUTH_GRANTS: "Delegated permission grants",
    DataSet.ROLE_DEFINITIONS: "Directory roles",
    DataSet.ROLE_ASSIGNMENTS: "Directory role assignments",
    DataSet.ROLE_ELIGIBILITIES: "Eligible roles (PIM)",
    DataSet.ROLE_ACTIVATIONS: "Active roles with an end (PIM)",
    DataSet.SUBSCRIBED_SKUS: "Licences",
    DataSet.DEVICES: "Devices",
    DataSet.MANAGED_DEVICES: "Intune devices",
    DataSet.IDENTITY_PROVIDERS: "Identity providers",
    DataSet.PROVISIONING_JOBS: "Provisioning jobs (SCIM)",
    DataSet.SIGN_IN_ACTIVITY: "Last sign-ins",
    DataSet.REGISTRATIONS: "Registered authentication methods",
    DataSet.USAGE_OFFICE: "Microsoft 365 usage",
    DataSet.USAGE_TEAMS: "Teams usage",
    DataSet.USAGE_APPS: "Microsoft 365 apps usage",
    DataSet.DIRECTORY_AUDITS: "Directory audit log",
    DataSet.SIGN_INS: "Sign-in log",
    DataSet.PROVISIONING_LOGS: "Provisioning log",
}

_NAMES = ("Microsoft", "Teams", "Intune")  # keep their capital in a sentence


def in_words(data_set: DataSet) -> str:
    """Its label inside a sentence: "eligible roles (PIM)"."""
    label = LABELS[data_set]
    if label.startswith(_NAMES):
        return label
    return label[0].lower() + label[1:]


@dataclass(frozen=True)
class TenantSync:
    """A tenant's directory as it is stored.

    Attributes:
        states: every data set, in the order of reading.
        started_at: when the last read began; None before the first.
        ended_at: when the last read that came to its end did so.
        next_at: when the next one begins by itself.
        reads_all: whether the one that runs reads what is not due yet as well.
    """

    tenant: Tenant
    states: Sequence[DataSetState]
    next_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    is_running: bool = False
    reads_all: bool = False

    @property
    def done(self) -> int:
        """Data sets that the present or last read is through with."""
        return sum(
            is_done(state, self.started_at, reads_all=self.reads_all)
            for state in self.states
        )


def is_done(
    state: DataSetState, since: datetime | None, *, reads_all: bool = False
) -> bool:
    """Whether a read that began then is through with it, for better or worse.

    It is through at once with what is not due, unless it reads all: then only with what
    is renewed no sooner.
    """
    if since is None:
        return False
    if stays(state, since) if reads_all else not is_due(state, since):
        return True
    if state.started_at is None:
        return False
    return state.started_at >= since and state.standing is not Standing.READING


def share_done(state: DataSetState) -> float | None:
    """How much of a data set was read, 0 to 1; None where nobody knows how much it is.

    The rows of the last complete read are the measure; a log's window has none.
    """
    is_log = READINGS[state.data_set].is_log
    if state.standing is not Standing.READING or not state.rows or is_log:
        return None
    return min(state.rows_done / state.rows, 1.0)


def sync_findings(states: Sequence[DataSetState]) -> list[Finding]:
    """What of a directory somebody must act on: one fact, however many data sets."""
    bad = [state for state in states if state.standing in NEEDS_SOMEBODY]
    if not bad:
        return []
    parts = ", ".join(in_words(state.data_set) for state in bad)
    words = dict.fromkeys(state.reason for state in bad)
    facts = {
        "part": parts,
        "message": " ".join(words),
        "remedy": "See `/entra sync` for how each part stands.",
        "code": ",".join(sorted({str(state.standing) for state in bad})),
    }
    return [Finding(AlertKind.SYNC_FAILING, SYNC_KEY, facts)]


def sight(states: Sequence[DataSetState]) -> Sight:
    """What these states can tell: that all is well, only once nothing is half read."""
    if any(state.standing is Standing.READING for state in states):
        return Sight()
    return Sight(kinds=frozenset({AlertKind.SYNC_FAILING}))


def judge(
    states: Sequence[DataSetState], alerts: Sequence[Alert], began_at: datetime | None
) -> tuple[list[Finding], Sight]:
    """Say what of a sync that signed in is worth an alert, and what it could see.

    Args:
        alerts: the tenant's open ones.
        began_at: when the sync signed in; a refusal told since then is not over, and
            explains whatever failed. One sign-in that is refused is one alert.
    """
    refusals = [each for each in alerts if each.kind is AlertKind.SIGN_IN_FAILING]
    if began_at is not None and any(each.seen_at >= began_at for each in refusals):
        return [], Sight()
    kinds = sight(states).kinds | {AlertKind.SIGN_IN_FAILING}
    return sync_findings(states), Sight(kinds)


def held_key(state: DataSetState) -> UUID:
    """The opaque key of what is held back of a data set, for a button to carry.

    It is of the numbers that were shown: who pressed it has seen just these.
    """
    return uuid5(state.connection_id, f"{state.data_set}:{state.reason}")
