"""What people see of syncs, and what they can do about them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from bot.domain.directory import DataSet, Standing
from bot.domain.syncs import TenantSync
from sandbox.graph.portal import Portal
from sandbox.runner import Sandbox
from tests.places import MANIFEST
from tests.scenarios.office import Office, open_office
from tests.scenarios.people import ADA, ALERTS, GUS, LEE
from tests.scenarios.processes import answer_of
from tests.scenarios.screen import Json, words_in
from tests.scenarios.shell import Shell
from tests.store.directory import stored


@pytest.fixture
async def connected(tmp_path: Path) -> AsyncIterator[Office]:
    """Contoso, connected and read once."""
    async with open_office(tmp_path, scan_every=timedelta(hours=6)) as office:
        await office.connects()
        await ended(office)
        yield office


async def directory(office: Office) -> TenantSync:
    """How Contoso's directory stands."""
    (tenant,) = await office.bot.core.services.tenants.list_connected()
    return await office.bot.core.services.directory.of(tenant.id)


async def ended(office: Office, than: TenantSync | None = None) -> TenantSync:
    """Wait until a sync ended that began after this one was seen."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        now = await directory(office)
        fresh = than is None or now.started_at != than.started_at
        if now.ended_at is not None and fresh and not now.is_running:
            return now
        await asyncio.sleep(0.05)
    raise AssertionError("no sync ended within 20 s")


async def syncs_now(office: Office, who: str = ADA) -> TenantSync:
    """Somebody presses "Sync now" and waits."""
    before = await directory(office)
    await office.presses(who, "Sync now", await sync_message(office, who))
    await office.is_told(who, "Contoso's directory is being read")
    return await ended(office, before)


async def sync_message(office: Office, who: str = ADA) -> Json:
    """What `/entra sync` says to somebody now."""
    before = len(alone(office, who))
    await office.types(who, "/entra sync")
    messages: list[Json] = await office.sees(lambda: alone(office, who)[before:])
    return messages[-1]


def alone(office: Office, who: str) -> list[Json]:
    """What only this person sees of directories."""
    return [
        message
        for message in office.messages(ALERTS, who)
        if message.get("is_ephemeral") and "Sync now" in words_in(message)
    ]


async def test_connecting_reads_the_directory_and_everybody_sees_how_it_stands(
    connected: Office,
) -> None:
    tenant = connected.entra.tenant
    users = len(tenant.users)

    said = words_in(await sync_message(connected, LEE))

    assert f"Users *{users:,}*, Groups *{len(tenant.groups):,}*" in said
    assert ":lock: *Not permitted.* Add, as Application permissions" in said
    assert "• `Directory.Read.All`: Delegated permission grants" in said
    await connected.types(LEE, "/entra status")
    line = f"*Directory:* {users} users, {len(tenant.groups)} groups, "
    await connected.is_told(LEE, line, "could be read with more permissions")
    status = connected.messages(ALERTS, LEE)[-1]
    await connected.presses(LEE, "Directory", status)
    assert await connected.sees(lambda: alone(connected, LEE)[1:])
    await connected.types(GUS, "/entra sync")
    await connected.is_told(GUS, "full members of this workspace only")
    await connected.types(LEE, "/entra sync Fabrikam")
    await connected.is_told(LEE, "No connected tenant's name begins with `Fabrikam`")


async def test_sync_now_brings_a_change_in(connected: Office) -> None:
    """By what changed alone, with nobody waiting for the next hour."""
    dana = connected.entra.tenant.find_user("dana@contoso.example") or next(
        iter(connected.entra.tenant.users.values())
    )
    portal = Portal(connected.entra)
    portal.user({"id": dana["id"], "department": "Lighthouses"})

    sync = await syncs_now(connected)

    users = await stored(connected.bot.core.database, sync.tenant.id, DataSet.USERS)
    found: Any = next(row for row in users if str(row[0]) == dana["id"])
    assert found.department == "Lighthouses"
    state = next(each for each in sync.states if each.data_set is DataSet.USERS)
    assert (state.generation, state.rows_done) == (1, 1)


async def test_consent_that_is_revoked_shows_and_takes_nothing_away(
    connected: Office,
) -> None:
    users = len(connected.entra.tenant.users)
    Portal(connected.entra).consent({"revoke": list(GRANTING_USERS)})

    await syncs_now(connected)

    said = words_in(await sync_message(connected))
    assert f":lock: *No longer permitted:* Users *{users:,}*" in said
    assert "The app has not been granted User.Read.All" in said
    assert "Stored as of" in said
    assert "*1 needs somebody*" in said


GRANTING_USERS = ("User.Read.All", "User.ReadWrite.All", "Directory.Read.All")


async def test_a_shrinkage_is_held_until_an_administrator_says_it_is_true(
    connected: Office,
) -> None:
    """A member may look; only who administers Gatehouse removes."""
    roles = connected.entra.tenant.role_assignments
    first = next(iter(roles.values()))
    for number in range(30):
        id = f"added-{number:02}"
        roles[id] = {**first, "id": id}
    await syncs_now(connected)
    for id in list(roles)[-30:]:
        del roles[id]

    await syncs_now(connected)

    card = await connected.sees_message(ALERTS, "The directory is not kept current")
    message = await sync_message(connected, LEE)
    assert "Directory role assignments: *held back*" in words_in(message)
    await connected.presses(LEE, "Remove what is gone", message)
    await connected.is_told(LEE, "Only Gatehouse administrators may do this")

    message = await removes(connected, "30 rows of Contoso's directory role assig")
    await removes(connected, "30 rows of Contoso's active roles with an end (PIM)")

    now = await directory(connected)
    state = next(s for s in now.states if s.data_set is DataSet.ROLE_ASSIGNMENTS)
    assert (state.standing, state.rows) == (Standing.CURRENT, len(roles))
    await connected.sees_message(ALERTS, "Resolved: Directory", "Everything that")
    await connected.presses(ADA, "Remove what is gone", message)
    await connected.is_told(ADA, "Nothing of this is held back any more")
    assert card["ts"]


async def removes(office: Office, what: str) -> Json:
    """Ada removes the first of what is held back; returns the message she pressed in.

    Who holds a role shows in two data sets, the active ones being of PIM.
    """
    before = await directory(office)
    message = await sync_message(office)
    await office.presses(ADA, "Remove what is gone", message)
    await office.is_told(ADA, what)
    await ended(office, before)
    return message


async def test_a_failing_part_is_told_once_and_closes_by_itself(
    connected: Office,
) -> None:
    faults = connected.entra.faults
    faults.error(400, "BadRequest", "Not today.", times=-1, path="/subscribedSkus")
    await syncs_now(connected)

    card = await connected.sees_message(
        ALERTS, "The directory is not kept current", "licences", "Not today."
    )

    faults.clear()
    before = await directory(connected)
    await connected.presses(LEE, "Check again", card)
    await connected.is_told(LEE, "this alert closes itself")
    await ended(connected, before)
    await connected.sees_message(ALERTS, "Everything that may be read")


async def test_clicks_stay_quick_during_a_sync(connected: Office) -> None:
    """Graph is slow and the sync long; nobody who clicks notices."""
    connected.entra.faults.slow(400)
    before = await directory(connected)
    await connected.presses(ADA, "Sync now", await sync_message(connected))
    took = []
    while (await directory(connected)).started_at == before.started_at:  # noqa: ASYNC110 - no event tells that a row changed
        await asyncio.sleep(0.01)
    for _ in range(10):
        began = time.monotonic()
        await connected.types(LEE, "/entra help")
        took.append(time.monotonic() - began)

    assert (await directory(connected)).is_running, "the sync was too short"
    assert median(took) < 0.1
    connected.entra.faults.slow(0)
    await ended(connected, before)


async def test_an_operator_syncs_from_the_command_line(tmp_path: Path) -> None:
    """With the numbers as JSON; twice, and for a name that is none."""
    async with Sandbox(manifest=MANIFEST) as sandbox:
        shell = Shell(sandbox, tmp_path)
        await shell.adds()

        status, output = await shell("sync", "Contoso", "--json")

        told = json.loads(output[output.index("[\n") :])
        by_set = {each["data_set"]: each for each in told}
        assert status == 0
        assert by_set["users"]["standing"] == "current"
        assert by_set["users"]["rows"] == len(sandbox.entra.tenant.users)
        assert by_set["oauth_grants"]["standing"] == "not_permitted"

        sandbox.entra.faults.error(400, "No", "Not today.", times=-1, path="/users")
        status, output = await shell("sync", "Contoso")
        assert status == 1
        assert "Not today." in output

        status, output = await answer_of(
            "sync", "Nobody", environment=shell.settings, folder=tmp_path
        )
        assert status == 1
        assert "0 connected tenants match 'Nobody'" in output
