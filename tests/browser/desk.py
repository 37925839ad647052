"""What a person does at the page: by labels and names, as they read them."""

from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.scenarios.office import Office
from tests.scenarios.people import CLIENT_ID, SECRET, TENANT_ID


class Desk:
    """A person at the page."""

    def __init__(self, page: Page, office: Office, shots: Path) -> None:
        self.page, self.office = page, office
        self._shots, self._taken = shots, 0

    @property
    def modal(self) -> Locator:
        """The modal on top."""
        return self.page.get_by_test_id("modal").last

    async def shoots(self, name: str) -> None:
        """Keep a screenshot as output of the test."""
        self._shots.mkdir(exist_ok=True)
        self._taken += 1
        await self.page.screenshot(path=self._shots / f"{self._taken:02d}-{name}.png")

    async def becomes(self, name: str) -> None:
        """Sit down as somebody else."""
        await self.page.get_by_test_id("person-picker").click()
        await self.page.get_by_role("menuitemradio", name=name).click()

    async def goes_to(self, channel: str) -> None:
        """Open a channel."""
        await (
            self.page.get_by_test_id("channel-list")
            .get_by_role("button", name=channel)
            .click()
        )

    async def types(self, text: str) -> None:
        """Type into the composer and send."""
        composer = self.page.get_by_test_id("composer")
        await composer.fill(text)
        await composer.press("Enter")

    async def fills(self, **fields: str) -> None:
        """Fill text fields of the modal; underscores stand for spaces in labels."""
        for label, value in fields.items():
            field = self.modal.get_by_label(_LABELS.get(label, label))
            await field.first.fill(value)

    async def picks(self, label: str, *options: str) -> None:
        """Choose from a menu that is typed into."""
        box = self.modal.get_by_label(label)
        for option in options:
            await box.click()
            await box.fill(option)
            await self.page.get_by_role("option", name=option).first.click()
        if len(options) > 1:  # a menu of several stays open
            await box.press("Escape")

    async def presses(self, name: str) -> None:
        """Press a button of the modal."""
        await self.modal.get_by_role("button", name=name, exact=True).click()

    def message(self, *words: str) -> Locator:
        """The newest message that says all of these words."""
        found = self.page.get_by_test_id("message")
        for word in words:
            found = found.filter(has_text=word)
        return found.last

    async def sees(self, *words: str) -> Locator:
        """Wait for a message with these words."""
        found = self.message(*words)
        await expect(found).to_be_visible(timeout=15_000)
        return found

    async def connects(self, *, secret: str = SECRET) -> None:
        """Fill the connect modal and submit it."""
        await self.types("/entra connect")
        await self.fills(
            name="Contoso", tenant_id=TENANT_ID, client_id=CLIENT_ID, secret=secret
        )
        await self.picks("Alerts channel", "entra-alerts")
        await self.picks("Approvals channel", "offboarding-approvals")
        await self.picks("Approvers", "Amir Haddad", "Nora Weiss")
        await self.presses("Connect")


_LABELS = {
    "name": "Name",
    "tenant_id": "Directory (tenant) ID",
    "client_id": "Application (client) ID",
    "secret": "Client secret value",
    "reason": "Reason",
    "ticket": "Ticket",
}
