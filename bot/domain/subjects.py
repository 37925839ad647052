"""What the data sets of a directory are about: how people look for them, what for."""

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.readings import READINGS
from bot.domain.syncs import NEEDS_SOMEBODY


class Subject(StrEnum):
    """A heading under which data sets are shown."""

    PEOPLE = "People"
    APPS = "Apps"
    ROLES = "Roles"
    DEVICES = "Devices"
    REPORTS = "Reports"
    LOGS = "Logs"


SUBJECTS: dict[Subject, tuple[DataSet, ...]] = {
    Subject.PEOPLE: (
        DataSet.ORGANIZATION,
        DataSet.USERS,
        DataSet.GROUPS,
        DataSet.MEMBERSHIPS,
        DataSet.GROUP_OWNERS,
        DataSet.SUBSCRIBED_SKUS,
        DataSet.IDENTITY_PROVIDERS,
    ),
    Subject.APPS: (
        DataSet.APPLICATIONS,
        DataSet.APPLICATION_OWNERS,
        DataSet.FEDERATED_CREDENTIALS,
        DataSet.SERVICE_PRINCIPALS,
        DataSet.SERVICE_PRINCIPAL_OWNERS,
        DataSet.APP_ROLE_ASSIGNMENTS,
        DataSet.OAUTH_GRANTS,
        DataSet.PROVISIONING_JOBS,
    ),
    Subject.ROLES: (
        DataSet.ROLE_DEFINITIONS,
        DataSet.ROLE_ASSIGNMENTS,
        DataSet.ROLE_ELIGIBILITIES,
        DataSet.ROLE_ACTIVATIONS,
    ),
    Subject.DEVICES: (DataSet.DEVICES, DataSet.MANAGED_DEVICES),
    Subject.REPORTS: (
        DataSet.SIGN_IN_ACTIVITY,
        DataSet.REGISTRATIONS,
        DataSet.USAGE_OFFICE,
        DataSet.USAGE_TEAMS,
        DataSet.USAGE_APPS,
    ),
    Subject.LOGS: (
        DataSet.DIRECTORY_AUDITS,
        DataSet.SIGN_INS,
        DataSet.PROVISIONING_LOGS,
    ),
}

# What a tenant must have bought before Graph answers. Source: the reference page of
# each collection; the rest is there in every tenant.
LICENCES: dict[DataSet, str] = {
    DataSet.ROLE_ELIGIBILITIES: "Entra ID P2",
    DataSet.ROLE_ACTIVATIONS: "Entra ID P2",
    DataSet.MANAGED_DEVICES: "Intune",
    DataSet.SIGN_IN_ACTIVITY: "Entra ID P1",
    DataSet.REGISTRATIONS: "Entra ID P1",
    DataSet.SIGN_INS: "Entra ID P1",
    DataSet.PROVISIONING_LOGS: "Entra ID P1",
}


def by_subject(
    states: Sequence[DataSetState],
) -> list[tuple[Subject, list[DataSetState]]]:
    """The states under their headings, in a fixed order; no heading without any."""
    given = {state.data_set: state for state in states}
    found = [
        (subject, [given[each] for each in data_sets if each in given])
        for subject, data_sets in SUBJECTS.items()
    ]
    return [(subject, some) for subject, some in found if some]


def own_clock(state: DataSetState) -> bool:
    """Whether it is read on a slower clock than each sync."""
    return READINGS[state.data_set].every is not None


def is_amiss(state: DataSetState) -> bool:
    """Whether what is stored is no longer kept current.

    What never was permitted is not amiss: nobody has to want it.
    """
    return state.standing in NEEDS_SOMEBODY or is_locked_out(state)


def is_locked_out(state: DataSetState) -> bool:
    """Whether it was read once, and its permission was taken away since."""
    return state.standing is Standing.NOT_PERMITTED and state.read_at is not None
