"""What requests cost of Graph's quotas, as published.

Source: Microsoft Graph "Service-specific throttling limits": identity and access,
reporting, usage reports, Intune devices. Limits may change without notice, so answers
correct what is written here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from bot.graph.requests import GraphRequest


class Group(StrEnum):
    """Requests that share a limit."""

    IDENTITY = "identity"  # resource units of the directory
    WRITES = "writes"  # changes to the directory, beside their resource units
    REPORTING = "reporting"  # logs and registration reports
    USAGE_REPORTS = "usage_reports"
    INTUNE = "intune"


class TenantSize(StrEnum):
    """How large Graph takes a tenant to be: the larger, the more it grants."""

    SMALL = "S"  # under 50 users
    MEDIUM = "M"  # up to 500
    LARGE = "L"


def tenant_size(users: int) -> TenantSize:
    """The size of a tenant with that many users."""
    if users < 50:
        return TenantSize.SMALL
    return TenantSize.MEDIUM if users <= 500 else TenantSize.LARGE


@dataclass(frozen=True)
class Limit:
    """A token bucket: so much at once, and so much more each second.

    In any time of t seconds at most `burst + t * per_second` is spent.
    """

    burst: float
    per_second: float

    @classmethod
    def bucket(cls, units: float, seconds: float) -> "Limit":
        """What Microsoft calls a token bucket: it may be emptied at once."""
        return cls(units, units / seconds)

    @classmethod
    def window(cls, requests: float, seconds: float, burst: float) -> "Limit":
        """At most so many requests in any window, `burst` of them at once."""
        return cls(burst, (requests - burst) / seconds)


# Kept back from each bucket: what leaves here evenly may arrive there in a bunch.
_MARGIN = 0.95

IDENTITY: Mapping[TenantSize, Limit] = MappingProxyType(
    {
        TenantSize.SMALL: Limit.bucket(3_500 * _MARGIN, 10),
        TenantSize.MEDIUM: Limit.bucket(5_000 * _MARGIN, 10),
        TenantSize.LARGE: Limit.bucket(8_000 * _MARGIN, 10),
    }
)
LIMITS: Mapping[Group, Limit] = MappingProxyType(
    {
        Group.WRITES: Limit.window(3_000 * _MARGIN, 150, burst=1_500),
        Group.REPORTING: Limit.window(5, 10, burst=1),
        Group.USAGE_REPORTS: Limit.window(14, 600, burst=7),
        Group.INTUNE: Limit.window(2_000 * _MARGIN, 20, burst=1_000),
    }
)

Charge = Mapping[Group, float]


@dataclass(frozen=True)
class Shape:
    """What decides a request's cost; the same for all requests alike.

    Attributes:
        rule: number of the published rule that it falls under, -1 for the rest.
    """

    group: Group
    rule: int
    is_selected: bool
    is_expanded: bool
    is_few: bool
    is_write: bool

    @property
    def published(self) -> float:
        """Resource units by the published table; 1 for one of other groups."""
        if self.group is not Group.IDENTITY:
            return 1
        base = _COSTS[self.rule][1] if self.rule >= 0 else 1
        return max(1, base - self.is_selected + self.is_expanded - self.is_few)


_GROUPS = (
    (re.compile(r"/auditLogs/|/reports/authenticationMethods/"), Group.REPORTING),
    (re.compile(r"/reports/get"), Group.USAGE_REPORTS),
    (re.compile(r"/deviceManagement/"), Group.INTUNE),
)
# Of PIM's schedules, synchronization and identity providers no limit is published:
# each request counts as one of the rest. What they answer corrects it.
_COSTS = (
    (re.compile(r"/groups/[^/]+/transitiveMembers(/.*)?"), 5),
    (re.compile(r"/.*/checkMember(Groups|Objects)"), 4),
    (re.compile(r"/groups/[^/]+/members(/.*)?"), 3),
    (re.compile(r"/subscribedSkus"), 3),
    (re.compile(r"/directoryObjects/getByIds"), 3),
    (re.compile(r"/(users|applications|oauth2PermissionGrants)"), 2),
    (re.compile(r"/users/delta"), 2),
    (re.compile(r"/.*/(memberOf|transitiveMemberOf)(/.*)?"), 2),
    (re.compile(r"/users/[^/]+/(licenseDetails|ownedObjects)"), 2),
    (re.compile(r"/servicePrincipals/[^/]+/appRoleAssignments"), 2),
)
_FEW = 20  # a smaller $top costs one unit less


def shape(request: GraphRequest) -> Shape:
    """The request as its cost sees it."""
    return _shape(request.path, request.params, is_write=request.is_write)


def inner_shapes(request: GraphRequest) -> Iterator[Shape]:
    """The shapes of a $batch's requests, each of which counts by itself."""
    for item in (request.body or {}).get("requests", ()):
        url = urlsplit(str(item["url"]))
        yield _shape(url.path, dict(parse_qsl(url.query)), item["method"] != "GET")


def is_batch(request: GraphRequest) -> bool:
    """Whether the request is one that holds others."""
    return request.path == "/$batch"


def _shape(path: str, params: Mapping[str, str], is_write: bool) -> Shape:
    top = params.get("$top", "")
    return Shape(
        next((group for name, group in _GROUPS if name.match(path)), Group.IDENTITY),
        next((i for i, (name, _) in enumerate(_COSTS) if name.fullmatch(path)), -1),
        is_selected="$select" in params,
        is_expanded="$expand" in params,
        is_few=top.isdigit() and int(top) < _FEW,
        is_write=is_write,
    )
