"""The alerts channel in stories: its cards, their threads, and what Entra holds."""

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.ids import WorkspaceId
from sandbox.graph.portal import Portal
from store import audit
from tests.scenarios.office import Office
from tests.scenarios.people import ALERTS
from tests.scenarios.screen import Json, buttons_in, words_in

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
