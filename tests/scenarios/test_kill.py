"""`kill -9` at random moments of an offboarding: nothing lost, nothing beyond the plan.

The bot is the real one, in a process of its own; both simulators live here, so that
they see everything that it ever sent, in all of its lives.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
    StepResult,
    StepStatus,
)
from bot.domain.plans import Action
from sandbox.graph.journal import Entry
from sandbox.graph.tenant import Tenant
from sandbox.runner import Sandbox
from store.engine import open_database
from tests.places import MANIFEST
from tests.scenarios.offboarding import (
    Snapshot,
    allows_methods,
    as_now,
    asks,
    group_id,
    stored_in,
    trail_in,
    user_id,
)
from tests.scenarios.office import Office, graph_log, settings_for
from tests.scenarios.people import AMIR, RUTH
from tests.scenarios.processes import environment, gatehouse
from tests.scenarios.screen import Json, words_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KILLS = 12
PROJECTS = 45  # groups beside the seeded ones, so that there is time for all kills
DANA = user_id("dana")
# Beside what the plan says of the account: sessions end, methods go.
OWN = {f"users/{DANA}/signInSessionsValidFromDateTime", f"methods/{DANA}"}
CHANCE = random.Random(20261124)  # noqa: S311 - moments, not secrets
# Groups of the seed that Gatehouse cannot change; without them the run is complete.
UNREMOVABLE = (
    "All Sales (dynamic)",
    "File Server Sales",
    "Quote Approvals",
    "All Staff",
)


@asynccontextmanager
async def workplace(folder: Path) -> AsyncIterator[tuple[Office, dict[str, str]]]:
    """Both simulators, and the environment of a bot that works on them."""
    async with Sandbox(manifest=MANIFEST, graph_log=graph_log()) as sandbox:
        data = folder / "data"
        office = Office(sandbox, settings_for(sandbox, data))
        try:
            yield office, environment(sandbox, data)
        finally:
            await office.bot.core.close()


def prepare(tenant: Tenant) -> None:
    """Put Dana into many groups, all of which she can be taken out of."""
    for name in UNREMOVABLE:
        tenant.members[group_id(name)].remove(DANA)
    for number in range(PROJECTS):
        key = f"00000000-0000-4000-8000-{number:012}"
        pattern = tenant.groups[group_id("VPN Access")]
        tenant.groups[key] = pattern | {
            "id": key,
            "displayName": f"Project {number:02}",
        }
        tenant.members[key] = [DANA, user_id("omar")]
        tenant.group_owners[key] = []


async def is_approved(office: Office) -> Json:
    """Dana's offboarding, asked for and approved; Graph is slow from then on."""
    await office.sees(lambda: office.slack.connected, within=30)
    await office.connects()
    card = await asks(office)
    office.entra.faults.slow(60)
    await office.presses(AMIR, "Approve", card)
    await office.sees(lambda: "approved by" in words_in(as_now(office, card)))
    return card


async def is_at_work(office: Office, card: Json, kills: int) -> None:
    """Wait for a moment to be killed at, before the run has ended."""
    # Mostly in the midst of the work, now and then during the start itself.
    if CHANCE.random() < 0.8:
        await moved_on(office, kills)
    await asyncio.sleep(CHANCE.uniform(0, 0.8))
    assert "Complete" not in words_in(as_now(office, card)), (
        f"the run ended after {kills} kills; make it longer"
    )


async def moved_on(office: Office, kills: int) -> None:
    """Wait until one more change was asked for."""
    before = len(writes(office))
    await office.sees(
        lambda: len(writes(office)) > before,
        within=40,
        what=f"a write in life {kills + 1}",
    )


def writes(office: Office) -> list[Entry]:
    """Every change that the bot ever asked Graph for."""
    return [
        each
        for each in office.entra.journal.since(0)
        if each.service == "graph"
        and each.method != "GET"
        and not each.url.endswith("/$batch")
    ]


def planned_writes(steps: tuple[StepResult, ...]) -> set[str]:
    """What the approved plan allows to be sent."""
    paths = {
        Action.DISABLE_ACCOUNT: f"PATCH /users/{DANA}",
        Action.REVOKE_SESSIONS: f"POST /users/{DANA}/revokeSignInSessions",
        Action.REMOVE_GROUPS: "DELETE /groups/{id}/members/" + f"{DANA}/$ref",
        Action.REMOVE_METHODS: f"DELETE /users/{DANA}/authentication/"
        "{collection}/{id}",
    }
    return {
        paths[each.step.action].format(
            id=each.step.target_id, collection=each.step.variety
        )
        for each in steps
    }


def unplanned(office: Office, steps: tuple[StepResult, ...]) -> list[str]:
    """Writes that were sent and that nobody approved."""
    sent = {f"{e.method} {e.url.partition('/v1.0')[2]}" for e in writes(office)}
    return sorted(sent - planned_writes(steps))


def wanted(members: dict[str, list[str]]) -> dict[str, object]:
    """What the approved plan makes of the tenant, as far as it can be foretold."""
    left = {
        f"members/{key}": [each for each in ids if each != DANA]
        for key, ids in members.items()
        if DANA in ids
    }
    return {f"users/{DANA}/accountEnabled": False, **left}


def beyond_plan(
    office: Office,
    steps: tuple[StepResult, ...],
    changes: dict[str, Any],
    expected: dict[str, object],
) -> list[str]:
    """What was asked for or has changed without anybody's approval."""
    others = [
        path
        for path, value in changes.items()
        if path not in OWN
        and not path.startswith("default_methods/")
        and (path not in expected or value != expected[path])
    ]
    return [*unplanned(office, steps), *others]


async def as_stored(
    office: Office, card: Json
) -> tuple[OffboardingRequest, tuple[StepResult, ...], int]:
    """The request, its steps, and how often the trail says that it was finished."""
    database = open_database(office.settings.effective_database_url)
    try:
        request, steps = await stored_in(database, card)
        entries = await trail_in(database)
    finally:
        await database.close()
    return request, steps, sum(each.action == "request.finished" for each in entries)


def told_once(office: Office, card: Json) -> None:
    """One card with the end on it, and one word to who asked."""
    assert "Complete" in words_in(as_now(office, card))
    assert len(office.messages(card["channel"], RUTH)) == 1
    assert office.told_alone(RUTH).count("Your request to offboard") == 1


async def test_kills_at_random_moments_lose_nothing_and_add_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with workplace(tmp_path) as (office, settings):
        tenant = office.entra.tenant
        allows_methods(office)
        prepare(tenant)
        members = {key: list(ids) for key, ids in tenant.members.items()}
        before = Snapshot(tenant)
        card: Json = {}
        for kills in range(KILLS):
            async with gatehouse("run", environment=settings, folder=tmp_path):
                card = card or await is_approved(office)
                await is_at_work(office, card, kills)
        async with gatehouse("run", environment=settings, folder=tmp_path) as bot:
            office.entra.faults.slow(0)
            await office.is_told(RUTH, "Dana Cole", "Complete: every step is verified")
            await office.sees(lambda: "Complete" in words_in(as_now(office, card)))
            bot.process.terminate()
            await bot.ends(30)

        request, steps, finished = await as_stored(office, card)
        lost = [each for each in steps if each.status is not StepStatus.VERIFIED]
        changes, expected = before.changes(), wanted(members)
        beyond = beyond_plan(office, steps, changes, expected)
        with capsys.disabled():
            print(  # noqa: T201 - what the test measured
                f"\nkills {KILLS}, steps {len(steps)}, lost {len(lost)}, "
                f"beyond-plan {len(beyond)}"
            )
        assert (lost, beyond) == ([], [])
        assert expected.items() <= changes.items()
        assert changes.keys() >= OWN
        assert (request.status, finished) == (RequestStatus.COMPLETE, 1)
        assert len(tenant.methods[DANA]) == 1  # the password
        told_once(office, card)
