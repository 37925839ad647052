"""What goes on in the generated directory: logs, usage, roles that end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sandbox.bulk.collection import Collection
from sandbox.bulk.entries import Entries
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.logs import GeneratedLog, Json
from sandbox.bulk.people import licences_of
from sandbox.bulk.shape import Shape
from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.resources.logs import LOGS
from sandbox.graph.tenant import timestamp
from sandbox.graph.usage import Use

_ELIGIBLE, _ACTIVE = 40, 12


def logs_of(shape: Shape, now: datetime) -> dict[str, GeneratedLog]:
    """Return the logs by path segment, each with as many entries as the shape says."""
    entries = Entries(shape)
    writers = {
        "directoryAudits": entries.audit,
        "signIns": entries.sign_in,
        "provisioning": entries.provisioned,
    }
    return {
        log.segment: GeneratedLog(
            log,
            shape.logs,
            now,
            writers[log.segment],
            whole=log.segment == "signIns",
        )
        for log in LOGS
    }


def uses_of(users: Collection) -> Iterator[Use]:
    """Yield what everybody with a licence used; each change is a day later."""
    names = users.fields(("userPrincipalName", "displayName"))
    for number in users.live(range(users.size)):
        products = licences_of(number)
        if not products:
            continue
        version = users.versions.get(number, 0)
        principal, name = names.values(number, version)
        yield {
            "id": object_id(Kind.USER, number),
            "principal_name": principal,
            "name": name,
            "products": products,
            **_used(number, version),
        }


def _used(number: int, version: int) -> Use:
    day = f"2026-{1 + number % 9:02}-{1 + (number + version) % 28:02}"
    return {
        "exchange": day,
        "onedrive": day if number % 3 else None,
        "sharepoint": day if number % 4 else None,
        "teams": day if number % 5 else None,
        "team_chats": number % 40,
        "private_chats": number % 90,
        "calls": number % 9,
        "meetings": number % 13,
        "activated": "2026-01-02",
        "apps": day,
        "platforms": ("Windows", "Web") if number % 2 else ("Mac",),
    }


def _schedule(shape: Shape, number: int, kind: str, now: datetime) -> Json:
    roles = list(ROLE_IDS.values())
    ends = now + timedelta(days=number) if number % 3 else None
    return {
        "id": f"{kind}-{number}",
        "principalId": object_id(Kind.USER, number % shape.anchors),
        "roleDefinitionId": roles[number % len(roles)],
        "directoryScopeId": "/",
        "appScopeId": None,
        "startDateTime": timestamp(now - timedelta(days=9)),
        "endDateTime": None if ends is None else timestamp(ends),
        "memberType": "Group" if number % 7 == 3 else "Direct",
    }


def eligibilities_of(shape: Shape, now: datetime) -> list[Json]:
    """Return who may activate a directory role."""
    found = (_schedule(shape, number, "eligible", now) for number in range(_ELIGIBLE))
    return [{**one, "roleEligibilityScheduleId": one["id"]} for one in found]


def activations_of(shape: Shape, now: datetime) -> list[Json]:
    """Return who holds a directory role for a time."""
    found = (_schedule(shape, number, "active", now) for number in range(1, _ACTIVE))
    return [
        {
            **one,
            "assignmentType": "Activated",
            "roleAssignmentOriginId": one["id"],
            "roleAssignmentScheduleId": one["id"],
        }
        for one in found
    ]
