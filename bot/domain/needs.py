"""What each feature of Gatehouse needs of Microsoft Graph, and what that is for.

Source of what covers what: Microsoft's published permissions data (Graph v1.0,
application scheme).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.app_roles import AppRole
from bot.domain.clouds import Cloud
from bot.domain.readings import READINGS

R = AppRole


class Feature(StrEnum):
    """A part of Gatehouse that an administrator may want without the others."""

    CORE = "core"
    WATCH = "watch"
    DEPROVISIONING = "deprovisioning"
    PROVISIONING = "provisioning"
    DIRECTORY = "directory"  # what is read of it beside what the others need


# Without these Gatehouse does nothing at all; the other features may be unwanted.
ALWAYS_WANTED = (Feature.CORE, Feature.WATCH)


@dataclass(frozen=True)
class Need:
    """One permission that a feature needs.

    Attributes:
        role: the least permission, the one to ask for.
        purpose: what it is for, to stand after a dash.
        covered_by: broader permissions that serve as well.
        optional: the feature works without it, less well; `purpose` says how.
        absent_from: clouds whose Graph has nothing that it is needed for.
    """

    feature: Feature
    role: AppRole
    purpose: str
    covered_by: frozenset[AppRole] = frozenset()
    optional: bool = False
    absent_from: frozenset[Cloud] = frozenset()

    def is_met_by(self, granted: Collection[str]) -> bool:
        """Whether any of the granted permissions serves."""
        return self.role in granted or any(r in granted for r in self.covered_by)


def _need(
    feature: Feature,
    role: AppRole,
    purpose: str,
    *covers: AppRole,
    optional: bool = False,
    absent_from: Collection[Cloud] = (),
) -> Need:
    return Need(
        feature, role, purpose, frozenset(covers), optional, frozenset(absent_from)
    )


_DIRECTORY = (R.DIRECTORY_READ_ALL, R.DIRECTORY_READ_WRITE_ALL)
_APPS = (*_DIRECTORY, R.APPLICATION_READ_WRITE_ALL)
_USER_WRITE = (R.USER_READ_WRITE_ALL, R.DIRECTORY_READ_WRITE_ALL)
_GROUP_WRITE = (R.GROUP_READ_WRITE_ALL, R.DIRECTORY_READ_WRITE_ALL)

_WORK: tuple[Need, ...] = (
    _need(
        Feature.CORE,
        R.ORGANIZATION_READ_ALL,
        "read the tenant's name and verified domains",
        *_DIRECTORY,
        R.ORGANIZATION_READ_WRITE_ALL,
    ),
    _need(
        Feature.CORE,
        R.APPLICATION_READ_ALL,
        "read this app's own registration and what was consented",
        *_APPS,
    ),
    _need(
        Feature.WATCH,
        R.APPLICATION_READ_ALL,
        "see when app secrets and certificates end, and who owns the apps",
        *_APPS,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_READ_ALL,
        "find the leaver and prove each change by reading it back",
        *_DIRECTORY,
        R.USER_READ_WRITE_ALL,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.GROUP_MEMBER_READ_ALL,
        "name the leaver's groups in the plan",
        *_DIRECTORY,
        R.GROUP_READ_ALL,
        R.GROUP_READ_WRITE_ALL,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_ENABLE_DISABLE_ACCOUNT_ALL,
        "disable the account",
        *_USER_WRITE,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_REVOKE_SESSIONS_ALL,
        "revoke sign-in sessions",
        *_USER_WRITE,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.GROUP_MEMBER_READ_WRITE_ALL,
        "remove group memberships",
        *_GROUP_WRITE,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
        "list and remove authentication methods (a tier 0 permission: its holder "
        "could register a method for anybody)",
    ),
    _need(
        Feature.DEPROVISIONING,
        R.ROLE_MANAGEMENT_READ_DIRECTORY,
        "see before approval that a leaver holds administrator roles; without it "
        "that is found out only when a step is refused",
        *_DIRECTORY,
        R.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY,
        optional=True,
    ),
    _need(
        Feature.PROVISIONING,
        R.USER_READ_WRITE_ALL,
        "create the joiner's account",
        R.DIRECTORY_READ_WRITE_ALL,
    ),
    _need(
        Feature.PROVISIONING,
        R.GROUP_MEMBER_READ_WRITE_ALL,
        "add the joiner to groups",
        *_GROUP_WRITE,
    ),
    _need(
        Feature.PROVISIONING,
        R.LICENSE_ASSIGNMENT_READ_WRITE_ALL,
        "assign licences",
        *_USER_WRITE,
    ),
    _need(
        Feature.PROVISIONING,
        R.USER_AUTH_METHOD_TAP_READ_WRITE_ALL,
        "issue the Temporary Access Pass for the first sign-in",
        R.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
        absent_from=(Cloud.CHINA,),  # its metadata has no such method
    ),
)

# What reading more adds, for each least permission that the data sets name. What is
# always wanted anyway is not asked for again.
_ADDS = {
    R.USER_READ_ALL: "see people, their managers and their licences",
    R.GROUP_MEMBER_READ_ALL: "see groups, who is in them and who owns them",
    R.DIRECTORY_READ_ALL: "see what people let apps do in their name; it is broad, and "
    "serves for most others of this list",
    R.ROLE_MANAGEMENT_READ_DIRECTORY: "see who holds which administrator role",
    R.ROLE_ELIGIBILITY_SCHEDULE_READ_DIRECTORY: "see who may activate an administrator "
    "role (needs Entra ID P2)",
    R.ROLE_ASSIGNMENT_SCHEDULE_READ_DIRECTORY: "see who holds an administrator role "
    "only for a time (needs Entra ID P2)",
    R.LICENSE_ASSIGNMENT_READ_ALL: "see which licences there are and how many are left",
    R.DEVICE_READ_ALL: "see devices that are registered or joined",
    R.DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_ALL: "see managed devices and whether "
    "they comply (needs Intune)",
    R.IDENTITY_PROVIDER_READ_ALL: "see who else may vouch for guests who sign in",
    R.SYNCHRONIZATION_READ_ALL: "see which apps' provisioning is stuck",
    R.AUDIT_LOG_READ_ALL: "see what changed, who signed in when, and who has no second "
    "factor (sign-ins need Entra ID P1)",
    R.REPORTS_READ_ALL: "see who uses Microsoft 365, Teams and the Office apps",
    R.PROVISIONING_LOG_READ_ALL: "see whom provisioning could not create or change in "
    "an app",
}


def _adding(role: AppRole, purpose: str) -> Need:
    """What reading needs a permission for.

    Covered only by what serves for each of its data sets, and absent only from clouds
    that have none of them.
    """
    served = [
        (reading, any_of)
        for reading in READINGS.values()
        for any_of in reading.needs
        if any_of[0] is role
    ]
    enough = frozenset.intersection(*(frozenset(any_of) for _, any_of in served))
    absent_from = frozenset.intersection(*(each.absent_from for each, _ in served))
    covers = enough - {role}
    return Need(Feature.DIRECTORY, role, purpose, covers, True, absent_from)


NEEDS: tuple[Need, ...] = (
    *_WORK,
    *(_adding(role, purpose) for role, purpose in _ADDS.items()),
)
