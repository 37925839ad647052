"""What each data set needs: permissions, a cloud that has it, its own clock.

Source of permissions and of what clouds have: Microsoft's published permissions data
(Graph v1.0, application scheme) and the metadata of each cloud.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.app_roles import AppRole
from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet

AnyOf = tuple[AppRole, ...]


@dataclass(frozen=True)
class Reading:
    """What a data set needs.

    Attributes:
        needs: groups of permissions, of each of which one is enough; its first is the
            least, the one to ask for.
        delta: whether Graph tells changes since the last read.
        every: how long the clock leaves it alone after a complete read; None where
            each sync reads it.
        stays: how long even whoever asks gets what is stored: it is renewed no sooner,
            and asking counts against a small limit. None where asking tells more.
        kept: of a log, how long an entry is kept; None for what is read as a whole.
        absent_from: clouds whose metadata has no such collection.
    """

    data_set: DataSet
    needs: tuple[AnyOf, ...]
    delta: bool = False
    every: timedelta | None = None
    stays: timedelta | None = None
    kept: timedelta | None = None
    absent_from: frozenset[Cloud] = frozenset()

    @property
    def is_log(self) -> bool:
        """Whether entries are added by windows of time and never swept."""
        return self.kept is not None

    def missing(self, granted: Collection[str]) -> list[AppRole]:
        """The permissions to ask for; none where what is granted is enough."""
        return [any_of[0] for any_of in self.needs if not set(any_of) & set(granted)]


R = AppRole
_DIRECTORY = (R.DIRECTORY_READ_ALL, R.DIRECTORY_READ_WRITE_ALL)
_ORGANIZATION = (
    R.ORGANIZATION_READ_ALL,
    R.ORGANIZATION_READ_WRITE_ALL,
    *_DIRECTORY,
)
_USERS = (R.USER_READ_ALL, R.USER_READ_WRITE_ALL, *_DIRECTORY)
# The broadest permission opens groups, but neither their members and owners nor apps.
_IN_GROUPS = (
    R.GROUP_MEMBER_READ_ALL,
    R.GROUP_READ_ALL,
    R.GROUP_READ_WRITE_ALL,
    R.DIRECTORY_READ_ALL,
)
_GROUPS = (*_IN_GROUPS, R.DIRECTORY_READ_WRITE_ALL)
_APPS = (R.APPLICATION_READ_ALL, R.APPLICATION_READ_WRITE_ALL, R.DIRECTORY_READ_ALL)
_ROLES = (
    R.ROLE_MANAGEMENT_READ_DIRECTORY,
    R.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY,
    *_DIRECTORY,
)
_ANY_ROLES = (
    R.ROLE_MANAGEMENT_READ_DIRECTORY,
    R.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY,
    R.ROLE_MANAGEMENT_READ_ALL,
)
_ELIGIBILITIES = (
    R.ROLE_ELIGIBILITY_SCHEDULE_READ_DIRECTORY,
    R.ROLE_ELIGIBILITY_SCHEDULE_READ_WRITE_DIRECTORY,
    *_ANY_ROLES,
)
_ACTIVATIONS = (
    R.ROLE_ASSIGNMENT_SCHEDULE_READ_DIRECTORY,
    R.ROLE_ASSIGNMENT_SCHEDULE_READ_WRITE_DIRECTORY,
    *_ANY_ROLES,
)
_DEVICES = (R.DEVICE_READ_ALL, R.DEVICE_READ_WRITE_ALL, *_DIRECTORY)
_INTUNE = (
    R.DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_ALL,
    R.DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_WRITE_ALL,
    R.DEVICE_MANAGEMENT_CONFIGURATION_READ_ALL,
    R.DEVICE_MANAGEMENT_CONFIGURATION_READ_WRITE_ALL,
)
_AUDIT = (R.AUDIT_LOG_READ_ALL,)

_HOURS = timedelta(hours=1)
_A_DAY, _TWO_DAYS = timedelta(days=1), timedelta(days=2)
_A_WEEK, _A_MONTH = timedelta(days=7), timedelta(days=30)
_US_GOVERNMENT = frozenset({Cloud.GCC_HIGH, Cloud.DOD})
_NATIONAL = _US_GOVERNMENT | {Cloud.CHINA}


def _usage(data_set: DataSet) -> Reading:
    """Microsoft renews usage reports once a day, about two days late."""
    return Reading(
        data_set,
        ((R.REPORTS_READ_ALL,),),
        every=12 * _HOURS,
        stays=_HOURS,
        absent_from=_NATIONAL,
    )


READINGS: dict[DataSet, Reading] = {
    reading.data_set: reading
    for reading in (
        Reading(DataSet.ORGANIZATION, ((*_ORGANIZATION, R.USER_READ_ALL),)),
        Reading(DataSet.USERS, (_USERS,), delta=True),
        Reading(DataSet.GROUPS, (_GROUPS,), delta=True),
        Reading(DataSet.MEMBERSHIPS, (_IN_GROUPS,), delta=True),
        Reading(DataSet.GROUP_OWNERS, (_IN_GROUPS,), every=6 * _HOURS),
        Reading(DataSet.APPLICATIONS, (_APPS,), delta=True),
        Reading(DataSet.APPLICATION_OWNERS, (_APPS,), every=6 * _HOURS),
        Reading(
            DataSet.FEDERATED_CREDENTIALS,
            ((R.APPLICATION_READ_ALL, R.APPLICATION_READ_WRITE_ALL),),
            every=_A_DAY,
        ),
        Reading(DataSet.SERVICE_PRINCIPALS, (_APPS,), delta=True),
        Reading(DataSet.SERVICE_PRINCIPAL_OWNERS, (_APPS,), every=6 * _HOURS),
        Reading(DataSet.APP_ROLE_ASSIGNMENTS, (_APPS,), every=6 * _HOURS),
        Reading(
            DataSet.OAUTH_GRANTS,
            ((*_DIRECTORY, R.DELEGATED_PERMISSION_GRANT_READ_WRITE_ALL),),
            delta=True,
        ),
        Reading(DataSet.ROLE_DEFINITIONS, (_ROLES,)),
        Reading(DataSet.ROLE_ASSIGNMENTS, (_ROLES,)),
        Reading(DataSet.ROLE_ELIGIBILITIES, (_ELIGIBILITIES,)),
        Reading(DataSet.ROLE_ACTIVATIONS, (_ACTIVATIONS,)),
        Reading(
            DataSet.SUBSCRIBED_SKUS,
            (
                (
                    R.LICENSE_ASSIGNMENT_READ_ALL,
                    *_ORGANIZATION,
                ),
            ),
        ),
        Reading(DataSet.DEVICES, (_DEVICES,), delta=True),
        Reading(DataSet.MANAGED_DEVICES, (_INTUNE,), every=6 * _HOURS),
        Reading(
            DataSet.IDENTITY_PROVIDERS,
            ((R.IDENTITY_PROVIDER_READ_ALL, R.IDENTITY_PROVIDER_READ_WRITE_ALL),),
            every=_A_DAY,
            absent_from=_US_GOVERNMENT,
        ),
        Reading(
            DataSet.PROVISIONING_JOBS,
            (
                (R.SYNCHRONIZATION_READ_ALL, R.SYNCHRONIZATION_READ_WRITE_ALL),
                _APPS,  # to know whose jobs to ask for
            ),
            every=6 * _HOURS,
        ),
        Reading(DataSet.SIGN_IN_ACTIVITY, (_AUDIT, _USERS), every=_A_DAY),
        Reading(DataSet.REGISTRATIONS, (_AUDIT,), every=_A_DAY),
        _usage(DataSet.USAGE_OFFICE),
        _usage(DataSet.USAGE_TEAMS),
        _usage(DataSet.USAGE_APPS),
        Reading(
            DataSet.DIRECTORY_AUDITS, ((*_AUDIT, R.DIRECTORY_READ_ALL),), kept=_A_MONTH
        ),
        Reading(DataSet.SIGN_INS, (_AUDIT,), kept=_TWO_DAYS),
        Reading(
            DataSet.PROVISIONING_LOGS,
            ((R.PROVISIONING_LOG_READ_ALL, *_AUDIT, R.DIRECTORY_READ_ALL),),
            kept=_A_WEEK,
        ),
    )
}
