"""Hearing in time: what the alerts channel says, and what its people do about it."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.domain.audit import AuditAction
from sandbox.graph.portal import Portal
from tests.scenarios.alert_channel import (
    ENDING,
    audited,
    card,
    cards,
    headline,
    key_of,
    press,
    replies,
    reply,
    set_days,
    watched,
)
from tests.scenarios.office import Office, open_office
from tests.scenarios.people import ADA, ALERTS, GUS, LEE, NORA, OMAR
from tests.scenarios.screen import button, buttons_in, words_in


async def test_connecting_tells_each_coming_end_in_a_card_of_its_own(
    office: Office,
) -> None:
    """Everything within 30 days once, and nothing that is far or replaced."""
    await watched(office)

    consent = [headline(each) for each in cards(office, "Consent")]
    assert consent == ["Consent missing for deprovisioning"]
    told = [headline(each) for each in cards(office) if "Consent" not in headline(each)]
    assert sorted(told) == sorted(ENDING)
    # The most urgent stands nearest to where people type; two end the same day.
    assert (told[-1], told[:6]) == (ENDING[0], ENDING[:2:-1])
    printer = await card(office, "Badge Printer", "Omar Diaz", "Nora Weiss")
    assert buttons_in(printer) == [
        "Acknowledge",
        "Snooze",
        "Check again",
        "Show in Entra",
    ]
    app = office.entra.tenant.find_application("Badge Printer")
    assert app is not None
    link = button(printer, "Show in Entra")["url"]
    assert link == (
        "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/"
        f"ApplicationMenuBlade/~/Credentials/appId/{app['appId']}"
    )
    opened = await audited(office, AuditAction.ALERT_OPENED)
    assert len(opened) == len(ENDING) + 1


async def test_acknowledging_names_who_and_when_to_everybody(office: Office) -> None:
    """Omar and Nora press at once: one takes care, the other is told who does."""
    await watched(office)
    before = await card(office, "Status Page")
    await asyncio.gather(
        office.presses(OMAR, "Acknowledge", before),
        office.presses(NORA, "Acknowledge", before),
    )
    after = await card(office, "Status Page", "Acknowledged by")
    assert "Acknowledge" not in buttons_in(after)

    (entry,) = await audited(office, AuditAction.ALERT_ACKNOWLEDGED)
    first, second = (OMAR, NORA) if entry.actor == OMAR else (NORA, OMAR)
    assert f"Acknowledged by <@{first}>" in words_in(after)
    await office.is_told(second, f"<@{first}> acknowledged this already")


async def test_an_acknowledged_alert_still_escalates_in_its_thread(
    office: Office,
) -> None:
    """Two days later it is worse, and whoever follows the thread hears of it."""
    await watched(office)
    first = await press(office, OMAR, "Acknowledge", "HR Onboarding Portal")
    await card(office, "HR Onboarding Portal", "Acknowledged")

    set_days(office, "HR Onboarding Portal", 2.5)
    await press(office, OMAR, "Check again", "HR Onboarding Portal")
    await office.is_told(OMAR, "Still there: 2 days left")
    await reply(office, first, "HR Onboarding Portal: client secret ends in 2 days")
    worse = await card(office, "HR Onboarding Portal", "2 days left", "Acknowledged")
    assert worse["ts"] == first["ts"]

    await press(office, OMAR, "Check again", "HR Onboarding Portal")
    await office.sees(lambda: office.told_alone(OMAR).count("Still there") == 2)
    assert len(replies(office, first)) == 1


async def test_check_again_after_the_repair_resolves_the_card(office: Office) -> None:
    """A new secret was added: the card says so and asks for nothing any more."""
    await watched(office)
    before = await card(office, "CRM Connector")

    Portal(office.entra).app({"app": "CRM Connector", "add_secret": {"days": 180}})
    await office.presses(OMAR, "Check again", before)
    await office.is_told(OMAR, "Resolved: A newer client secret ends on")
    after = await card(office, "Resolved: CRM Connector", "A newer client secret")
    assert after["ts"] == before["ts"]
    assert buttons_in(after) == ["Show in Entra"]


async def test_a_removed_secret_is_resolved_with_that_reason(office: Office) -> None:
    """The reason differs from a rotation's."""
    await watched(office)
    before = await card(office, "Payroll Export")
    Portal(office.entra).app(
        {"app": "Payroll Export", "remove": key_of(office, "Payroll Export")}
    )
    await office.presses(ADA, "Check again", before)
    await card(office, "Resolved: Payroll Export", "It was removed from the app")


async def test_a_snooze_is_quiet_until_a_day_is_left(office: Office) -> None:
    """Three days: silence. One day: everybody hears."""
    await watched(office)
    first = await press(office, OMAR, "Snooze", "HR Onboarding Portal")
    await office.is_told(OMAR, "Snoozed until")
    await card(office, "HR Onboarding Portal", f"Snoozed by <@{OMAR}> until")

    set_days(office, "HR Onboarding Portal", 3.5)
    await press(office, OMAR, "Check again", "HR Onboarding Portal")
    await card(office, "HR Onboarding Portal: client secret ends in 3 days")
    assert replies(office, first) == []

    set_days(office, "HR Onboarding Portal", 1.5)
    await press(office, OMAR, "Check again", "HR Onboarding Portal")
    await reply(office, first, "client secret ends in 1 day")
    assert len(await audited(office, AuditAction.ALERT_SNOOZED)) == 1


async def test_only_members_in_the_alerts_channel_may_press(office: Office) -> None:
    """A guest who reads along is told no, alone, and that is written down."""
    await watched(office)
    page = await card(office, "Status Page")
    await office.presses(GUS, "Acknowledge", page)
    await office.is_told(GUS, "full members of this workspace only")

    await office.presses(LEE, "Snooze", page)
    await office.is_told(LEE, "Snoozed until")
    refused = await audited(office, AuditAction.REFUSED)
    assert [(entry.actor, entry.facts["wanted"]) for entry in refused] == [
        (GUS, "alert.acknowledge")
    ]
    assert "Acknowledge" in buttons_in(await card(office, "Status Page"))


async def test_the_clock_scans_by_itself_and_a_restart_tells_nothing_twice(
    tmp_path: Path,
) -> None:
    """Slots of two seconds: what changes is told without anybody pressing."""
    every = timedelta(seconds=2)
    async with open_office(tmp_path, scan_every=every) as office:
        await watched(office)
        set_days(office, "Data Lake Loader", 6.5)
        await card(office, "Data Lake Loader: client secret ends in 6 days")
        before = [message["ts"] for message in office.messages(ALERTS)]

        await office.restarts()
        set_days(office, "Archive Reader", 20.5)
        await card(office, "Archive Reader: client secret ends in 20 days")
        after = [message["ts"] for message in office.messages(ALERTS)]
        assert len(after) == len(before) + 1
        assert set(before) < set(after)


async def test_secrets_are_listed_soonest_first_to_the_asker_alone(
    office: Office,
) -> None:
    """Expired ones are marked, and the list says as of when it is."""
    await watched(office)
    await office.types(LEE, "/entra secrets")
    said = await office.is_told(
        LEE, "Payroll Export", "expired", "as of", "Gatehouse signs in with it"
    )
    order = [said.index(line.split(":")[0]) for line in ENDING if "R&D" not in line]
    assert order == sorted(order)
    assert "R&amp;D &lt;Prototype&gt;" in said
    await office.types(GUS, "/entra secrets")
    await office.is_told(GUS, "full members of this workspace only")
    assert "Payroll Export" not in office.told_alone(GUS)
