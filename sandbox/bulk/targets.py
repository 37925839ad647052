"""What a path of Graph names in the generated directory, and who may ask for it."""

import re
from dataclasses import dataclass

from sandbox.bulk.directory import BulkDirectory
from sandbox.graph.licences import Plan
from sandbox.graph.limits import REPORTING, Limit, usage_limit
from sandbox.graph.pipeline import Incoming
from sandbox.graph.query import USUAL_SIZES, PageSizes
from sandbox.graph.resources import access
from sandbox.graph.resources.devices import INTUNE_PAGES
from sandbox.graph.resources.logs import LOG_PAGES, LOGS
from sandbox.graph.resources.registrations import REGISTRATION_PAGES
from sandbox.graph.usage import REPORTS


@dataclass(frozen=True)
class Source:
    """A collection, a log or a report. `plan` and `limit` are as those of a route."""

    segment: str
    path: str
    needs: tuple[str, ...]
    plan: Plan | None = None
    limit: Limit | None = None
    sizes: PageSizes = USUAL_SIZES


_PLAIN = {
    "users": access.READ_USERS,
    "groups": access.READ_GROUPS,
    "applications": access.READ_APPLICATIONS,
    "servicePrincipals": access.READ_APPLICATIONS,
    "oauth2PermissionGrants": access.READ_GRANTS,
    "devices": access.READ_DEVICES,
}
_SOURCES = (
    *(Source(name, name, needs) for name, needs in _PLAIN.items()),
    Source(
        "managedDevices",
        "deviceManagement/managedDevices",
        access.READ_MANAGED_DEVICES,
        plan=Plan.INTUNE,
        sizes=INTUNE_PAGES,
    ),
    Source(
        "userRegistrationDetails",
        "reports/authenticationMethods/userRegistrationDetails",
        access.READ_SIGN_INS,
        plan=Plan.P1,
        limit=REPORTING,
        sizes=REGISTRATION_PAGES,
    ),
    *(
        Source(
            log.segment,
            f"auditLogs/{log.segment}",
            log.needs,
            plan=log.plan,
            limit=REPORTING,
            sizes=LOG_PAGES,
        )
        for log in LOGS
    ),
    *(
        Source(
            report.function,
            f"reports/{report.function}",
            access.READ_USAGE,
            limit=usage_limit(report.function),
        )
        for report in REPORTS
    ),
)
_BY_PATH = {f"/{source.path}".lower(): source for source in _SOURCES}
# Relations are read by any who may read the object, unless they are named here.
RELATIONS = {
    "members": None,
    "owners": None,
    "approleassignedto": None,
    "federatedidentitycredentials": access.READ_FEDERATED,
    "synchronization/jobs": access.READ_JOBS,
}
_PATH = re.compile(
    rf"(?P<source>/({'|'.join(_PLAIN)}))(/(?P<key>\$count|delta|[^/()]+)"
    rf"(/(?P<relation>{'|'.join(RELATIONS)}))?)?",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"(?P<source>/reports/\w+)\(period='(?P<period>[^']*)'\)", re.IGNORECASE
)


@dataclass(frozen=True)
class Target:
    """What a path names; None as key is the collection itself.

    `relation` is in lower case; `period` is that of a usage report.
    """

    source: Source
    key: str | None = None
    relation: str | None = None
    period: str | None = None


def target_of(directory: BulkDirectory, incoming: Incoming) -> Target | None:
    """Return what a request names, None where the ordinary simulator answers it."""
    if incoming.method != "GET":
        return None
    path = incoming.path
    if match := _REPORT.fullmatch(path):
        source = _BY_PATH.get(match["source"].lower())
        return None if source is None else Target(source, period=match["period"])
    match = _PATH.fullmatch(path)
    if match is None:
        source = None if "/reports/get" in path else _BY_PATH.get(path.lower())
        return None if source is None else Target(source)
    target = Target(
        _BY_PATH[match["source"].lower()],
        match["key"],
        match["relation"] and match["relation"].lower(),
    )
    if target.key is None or target.key in ("$count", "delta"):
        return target if target.relation is None else None
    known = directory.collections[target.source.segment].is_mine(target.key)
    return target if known else None
