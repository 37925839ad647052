"""What the groups look like: of every kind that can or cannot be changed."""

from sandbox.bulk.calendar import Calendar
from sandbox.bulk.collection import Collection, Columns
from sandbox.bulk.identifiers import Kind
from sandbox.bulk.people import DOMAIN, SKUS
from sandbox.bulk.shape import Shape
from sandbox.graph.schema import GROUP

_RULE = '"(user.department -eq \\"Sales\\")"'


def _is_unified(number: int) -> bool:
    return number % 4 == 1


def _is_dynamic(number: int) -> bool:
    return number % 11 == 6


def _types(number: int, _: int) -> str:
    types = ['"Unified"'] if _is_unified(number) else []
    if _is_dynamic(number):
        types.append('"DynamicMembership"')
    return f"[{','.join(types)}]"


def _licences(number: int, _: int) -> str:
    if number:
        return "[]"
    return f'[{{"disabledPlans":[],"skuId":"{SKUS[0][0]}"}}]'


def _columns(calendar: Calendar) -> Columns:
    return {
        "displayName": lambda n, v: f'"Team {n} & friends{f" ({v})" if v else ""}"',
        "description": lambda n, _: "null" if n % 3 else f'"What team {n} does"',
        "mail": lambda n, _: f'"team{n}@{DOMAIN}"' if _is_unified(n) else "null",
        "mailNickname": lambda n, _: f'"team{n}"',
        "mailEnabled": lambda n, _: "true" if _is_unified(n) else "false",
        "securityEnabled": lambda n, _: "false" if _is_unified(n) else "true",
        "groupTypes": _types,
        "membershipRule": lambda n, _: _RULE if _is_dynamic(n) else "null",
        "isAssignableToRole": lambda n, _: "true" if n % 100 == 2 else "null",
        "onPremisesSyncEnabled": lambda n, _: "true" if n % 8 == 3 else "null",
        "assignedLicenses": _licences,
        "visibility": lambda n, _: '"Private"' if _is_unified(n) else "null",
        "createdDateTime": lambda n, _: calendar.text(n),
    }


def groups_of(shape: Shape) -> Collection:
    """Return the groups; `directory` adds how to expand their members."""
    calendar = Calendar(shape.groups)
    return Collection(
        Kind.GROUP, GROUP, shape.groups, _columns(calendar), calendar=calendar
    )
