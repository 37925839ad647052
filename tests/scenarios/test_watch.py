"""Hearing in time: what the alerts channel says, and what its people do about it."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.ids import WorkspaceId
from sandbox.graph.portal import Portal
from store import audit
from tests.scenarios.office import Office, open_office
from tests.scenarios.people import ADA, ALERTS, GUS, LEE, NORA, OMAR
from tests.scenarios.screen import Json, button, buttons_in, words_in

ENDING = [
    "Payroll Export: client secret has expired",
    "Badge Printer: client secret ends in less than a day",
    "CRM Connector: client secret ends in less than a day",
    "Invoice Scanner: client secret ends in 2 days",
    "R&D <Prototype> `tool`: client secret ends in 4 days",
    "HR Onboarding Portal: client secret ends in 6 days",
    "Status Page: client secret ends in 13 days",
    "Warehouse Gateway: certificate ends in 19 days",
    "Build Pipeline: client secret ends in 29 days",
]
METHODS = "UserAuthenticationMethod.ReadWrite.All"


def headline(message: Json) -> str:
    """A message's header, "" where it has none."""
    headers = [b["text"]["text"] for b in message["blocks"] if b["type"] == "header"]
    return str(headers[0]) if headers else ""


def cards(office: Office, words: str = "") -> list[Json]:
    """Alert cards in the channel whose header says this."""
    return [
        message
        for message in office.messages(ALERTS)
        if "Show in Entra" in buttons_in(message) and words in headline(message)
    ]


async def card(office: Office, words: str, *also: str) -> Json:
    """Wait for the one card with this headline, which says these words too."""

    def look() -> Json | None:
        found = cards(office, words)
        assert found, [headline(each) for each in cards(office)]
        assert len(found) == 1, f"{len(found)} cards say {words}"
        said = words_in(found[0])
        assert all(word in said for word in also), said
        return found[0]

    seen: Json = await office.sees(look, what=f"card {words} {also}")
    return seen


def replies(office: Office, to: Json) -> list[str]:
    """What stands in a card's thread."""
    return [
        words_in(message)
        for message in office.messages(ALERTS)
        if message.get("thread_ts") == to["ts"] and message["ts"] != to["ts"]
    ]


async def press(office: Office, who: str, label: str, words: str) -> Json:
    """Somebody presses a button of the card with this headline, as it stands now."""
    found = await card(office, words)
    await office.presses(who, label, found)
    return found


async def reply(office: Office, to: Json, *words: str) -> str:
    """Wait for a reply in a card's thread that says these words."""

    def look() -> str | None:
        found = replies(office, to)
        return next((r for r in found if all(word in r for word in words)), None)

    said: str = await office.sees(look, what=f"reply {words}")
    return said


async def watched(office: Office) -> None:
    """Ada connects Contoso, and the first scan's cards have all come."""
    await office.connects()
    await office.sees(lambda: len(cards(office)) >= len(ENDING) + 1, what="cards")


async def audited(office: Office, *actions: AuditAction) -> list[AuditEntry]:
    """The audit entries of these actions, oldest first."""
    async with office.bot.core.database.snapshots() as session:
        return [
            entry
            async for entry in audit.entries(session, WorkspaceId("T0CONTOSO"))
            if entry.action in actions
        ]


def key_of(office: Office, app: str, number: int = 0) -> str:
    """The key ID of one of an app's secrets."""
    found = office.entra.tenant.find_application(app)
    assert found is not None
    return str(found["passwordCredentials"][number]["keyId"])


def set_days(office: Office, app: str, days: float) -> None:
    """An app's first secret ends so many days from now."""
    Portal(office.entra).app({"app": app, "set_days": {key_of(office, app): days}})


async def test_connecting_tells_each_coming_end_in_a_card_of_its_own(
    office: Office,
) -> None:
    """Everything within 30 days once, and nothing that is far or replaced."""
    await watched(office)

    consent = [headline(each) for each in cards(office, "Consent")]
    assert consent == ["Consent missing for deprovisioning"]
    told = [headline(each) for each in cards(office) if "Consent" not in headline(each)]
    assert sorted(told) == sorted(ENDING)
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


async def test_consent_that_is_granted_resolves_and_revoked_alerts_anew(
    office: Office,
) -> None:
    """A fresh token each time: no waiting for an old one to end."""
    await watched(office)
    missing = await card(office, "Consent missing for deprovisioning", METHODS)
    portal = Portal(office.entra)
    portal.consent({"grant": [METHODS]})
    await office.presses(ADA, "Check again", missing)
    await card(office, "Resolved: Consent for deprovisioning", "is granted")

    portal.consent({"revoke": ["Application.Read.All"]})
    await press(office, ADA, "Check again", "Status Page")
    watch = await card(office, "Consent revoked for watch", "*revoked*")
    assert "/CallAnAPI/" in button(watch, "Show in Entra")["url"]
    assert cards(office, "Resolved: Status Page") == []


async def test_a_refused_sign_in_is_told_with_entras_code_and_its_end_too(
    office: Office,
) -> None:
    """The secret expired at Entra; nothing else is called resolved meanwhile."""
    await watched(office)
    page = await card(office, "Status Page")
    office.entra.faults.login_error(7000222)
    await office.presses(OMAR, "Check again", page)
    await office.is_told(OMAR, "The check could not be finished", "AADSTS7000222")
    failing = await card(
        office, "Gatehouse cannot sign in", "AADSTS7000222", "/entra rotate"
    )
    assert "Snooze" not in buttons_in(failing)
    assert cards(office, "Resolved") == []

    office.entra.faults.off("login_error")
    await office.presses(OMAR, "Check again", failing)
    await office.is_told(OMAR, "Resolved: Gatehouse signs in again.")
    await card(office, "Resolved: Sign-in")


async def test_a_scan_that_fails_is_an_alert_never_silence(office: Office) -> None:
    """The lists say so as well, and go on showing what was known."""
    await watched(office)
    page = await card(office, "Status Page")
    office.entra.faults.set("error", -1, path="/applications", status=500)
    await office.presses(OMAR, "Check again", page)
    failed = await card(
        office, "A check could not be finished", "app registrations", "What to do"
    )
    await office.types(LEE, "/entra secrets")
    await office.is_told(LEE, "The last scan failed", "Status Page")

    office.entra.faults.off("error")
    await office.presses(OMAR, "Check again", failed)
    await card(office, "Resolved: Check")


async def test_only_members_in_the_alerts_channel_may_press(office: Office) -> None:
    """A guest who reads along is told no, alone, and that is written down."""
    await watched(office)
    page = await card(office, "Status Page")
    await office.presses(GUS, "Acknowledge", page)
    await office.is_told(GUS, "full members of this workspace only")

    await office.presses(LEE, "Snooze", page)
    await office.is_told(LEE, "Snoozed until")
    refused = await audited(office, AuditAction.REFUSED)
    assert [(entry.actor, entry.facts["what"]) for entry in refused] == [
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


async def test_consent_is_read_live_and_told_to_the_asker_alone(
    office: Office,
) -> None:
    """What was granted a second ago counts; what cannot be read says so."""
    await watched(office)
    await office.types(LEE, "/entra consent")
    await office.is_told(LEE, "Deprovisioning: 6 of 7 granted", METHODS)
    Portal(office.entra).consent({"grant": [METHODS]})
    await office.types(OMAR, "/entra consent")
    await office.is_told(OMAR, "Deprovisioning: 7 of 7 granted")
    office.entra.faults.login_error(7000222)
    await office.types(ADA, "/entra consent")
    await office.is_told(ADA, "Could not be read now", "AADSTS7000222")


async def test_own_secret_says_rotate_and_is_told_before_it_ends(
    office: Office,
) -> None:
    """The bot's own outage is the one nobody else would announce."""
    await watched(office)
    set_days(office, "Gatehouse", 6.5)
    await press(office, ADA, "Check again", "Status Page")
    await card(
        office,
        "Client secret that Gatehouse signs in with ends in 6 days",
        "/entra rotate",
    )
