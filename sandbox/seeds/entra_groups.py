"""The groups of the seeded tenant: one of every kind, and who is in them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.seeds.entra_ids import DOMAIN, seeded_id
from sandbox.seeds.entra_people import EVERYBODY, Person


@dataclass(frozen=True)
class GroupSeed:
    """A group: what makes its kind, and its members by login or `group:name`."""

    name: str
    description: str
    members: tuple[str, ...]
    kind: dict[str, Any] = field(default_factory=dict)
    owners: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the object id."""
        return seeded_id("group", self.name)


SECURITY: dict[str, Any] = {"securityEnabled": True, "mailEnabled": False}
UNIFIED: dict[str, Any] = {
    "securityEnabled": False,
    "mailEnabled": True,
    "groupTypes": ["Unified"],
    "visibility": "Private",
}
SYNCED: dict[str, Any] = {**SECURITY, "onPremisesSyncEnabled": True}
MAIL_SECURITY: dict[str, Any] = {"securityEnabled": True, "mailEnabled": True}
DISTRIBUTION: dict[str, Any] = {"securityEnabled": False, "mailEnabled": True}
ROLE_ASSIGNABLE: dict[str, Any] = {**SECURITY, "isAssignableToRole": True}


def _dynamic(rule: str) -> dict[str, Any]:
    return {
        **SECURITY,
        "groupTypes": ["DynamicMembership"],
        "membershipRule": rule,
        "membershipRuleProcessingState": "On",
    }


def _logins(department: str) -> tuple[str, ...]:
    return tuple(p.login for p in EVERYBODY if p.department == department)


_STAFF = tuple(person.login for person in EVERYBODY if not person.guest_of)

DEMO_GROUPS = (
    GroupSeed(
        "Sales Team",
        "Sales channels and files",
        _logins("Sales"),
        UNIFIED,
        ("sofia",),
    ),
    GroupSeed(
        "CRM Users",
        "May sign in to the customer database",
        ("dana", "sofia", "luca", "aisha", "kim"),
        SECURITY,
    ),
    GroupSeed("VPN Access", "Remote access", ("dana", "omar", "lee", "nora"), SECURITY),
    GroupSeed(
        "Licence: Microsoft 365 E3",
        "Gives its members a licence",
        ("dana", "sofia", "omar", "lee", "ruth"),
        SECURITY,
    ),
    GroupSeed(
        "All Sales (dynamic)",
        "Follows the department",
        _logins("Sales"),
        _dynamic('(user.department -eq "Sales")'),
    ),
    GroupSeed(
        "File Server Sales",
        "Comes from on-premises",
        ("dana", "tomas", "ingrid"),
        SYNCED,
    ),
    GroupSeed(
        "Quote Approvals",
        "Mail-enabled security group of Exchange",
        ("dana", "sofia", "claire"),
        MAIL_SECURITY,
    ),
    GroupSeed("All Staff", "Distribution list", _STAFF, DISTRIBUTION),
    GroupSeed(
        "Helpdesk Operators",
        "Holds a directory role",
        ("jonas", "mei"),
        ROLE_ASSIGNABLE,
        ("priya",),
    ),
    GroupSeed(
        "Engineering",
        "Everybody who builds",
        _logins("Engineering"),
        UNIFIED,
        ("chloe", "oscar"),
    ),
    GroupSeed("On-call", "Pager rota", ("oscar", "nina", "omar"), SECURITY),
    GroupSeed(
        "Production Access",
        "Nested: whoever is on call",
        ("chloe", "group:On-call"),
        SECURITY,
    ),
    GroupSeed("Finance", "Ledger and payroll", _logins("Finance"), SYNCED),
    GroupSeed("R&D <Secret> *Projects*", "Named by an optimist", ("wei",), UNIFIED),
    GroupSeed("Partners", "Guests of ours", ("kim", "ola", "jo"), UNIFIED, ("luca",)),
    GroupSeed("Empty Shell", "Nobody is left", (), SECURITY),
)


def group_object(seed: GroupSeed, now: datetime) -> Json:
    """Return the Graph object of a group."""
    nickname = "".join(c for c in seed.name.lower() if c.isalnum())
    synced = bool(seed.kind.get("onPremisesSyncEnabled"))
    return {
        "id": seed.id,
        "deletedDateTime": None,
        "displayName": seed.name,
        "description": seed.description,
        "createdDateTime": timestamp(now - timedelta(days=700)),
        "groupTypes": [],
        "mail": f"{nickname}@{DOMAIN}" if seed.kind.get("mailEnabled") else None,
        "mailNickname": nickname,
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "isAssignableToRole": None,
        "onPremisesSyncEnabled": None,
        "onPremisesLastSyncDateTime": timestamp(now) if synced else None,
        "assignedLicenses": [],
        "visibility": None,
        "proxyAddresses": [],
        **seed.kind,
    }


def add_groups(tenant: Tenant, seeds: tuple[GroupSeed, ...], now: datetime) -> None:
    """Put groups, memberships and owners into a tenant whose users are there."""
    for seed in seeds:
        tenant.groups[seed.id] = group_object(seed, now)
        tenant.members[seed.id] = [_member_id(name) for name in seed.members]
        tenant.group_owners[seed.id] = [_member_id(name) for name in seed.owners]


def _member_id(name: str) -> str:
    if name.startswith("group:"):
        return seeded_id("group", name.removeprefix("group:"))
    return Person(name, "", "", "").id
