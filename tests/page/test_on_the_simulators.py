"""The page on the real simulators: what it shows is what they hold.

No bot is connected here; the stories with the bot are told elsewhere.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from sandbox.runner import Sandbox
from tests.page.conftest import opened
from tests.page.fixtures import Json, field, mrkdwn, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """Both simulators and the page, with the demo's workspace and tenant."""
    async with Sandbox() as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page of the simulators, at Ada's desk."""
    async with opened(browser, sandbox.page_url) as page:
        yield page


async def test_a_command_without_a_bot_is_said_and_given_back(desk: Page) -> None:
    await expect(desk.get_by_test_id("bot-status")).to_have_text("Waiting for the bot")
    composer = desk.get_by_test_id("composer")

    await composer.fill("/entra connect")
    await composer.press("Enter")

    failure = desk.get_by_test_id("composer-error")
    await expect(failure).to_contain_text("Gatehouse is not connected")
    await expect(composer).to_have_value("/entra connect")


async def test_people_talk_and_see_their_own_channels(desk: Page) -> None:
    await desk.get_by_role("button", name="hr-private").click()
    composer = desk.get_by_test_id("composer")
    await composer.fill("Does *@Ruth Okafor* read R&D <this>?")
    await composer.press("Enter")
    said = desk.get_by_test_id("message")
    await expect(said).to_contain_text("R&D <this>?")

    await desk.get_by_test_id("person-picker").click()
    await desk.get_by_role("menuitemradio", name="Lee Park").click()

    private = desk.get_by_role("button", name="hr-private")
    await expect(private).to_have_count(0)
    await expect(said).to_have_count(0)


async def test_what_the_app_posts_appears_by_itself(
    desk: Page, sandbox: Sandbox
) -> None:
    token = sandbox.slack.app.bot_token
    blocks: list[Json] = [{"type": "section", "text": mrkdwn("*Secret* ends soon")}]
    message = {"channel": "C0ALERTS", "text": "Secret ends soon", "blocks": blocks}

    answer = await desk.request.post(
        f"{sandbox.slack_api_url}chat.postMessage",
        headers={"Authorization": f"Bearer {token}"},
        data=message,
    )

    assert (await answer.json())["ok"]
    await expect(desk.get_by_test_id("message")).to_contain_text("Secret ends soon")


async def test_consent_changed_on_the_page_is_changed_in_the_tenant(
    desk: Page, sandbox: Sandbox
) -> None:
    consent = desk.get_by_role("button", name="Consent for User.Read.All")
    await expect(consent).to_have_text("Granted")

    await consent.click()
    async with desk.expect_response("**/control/entra/consent"):
        await desk.get_by_role("menuitemradio", name="Not granted").click()
    assert "User.Read.All" not in await _granted(desk, sandbox)

    async with desk.expect_response("**/control/entra/consent"):
        await desk.get_by_role("button", name="Grant admin consent").click()
    assert "User.Read.All" in await _granted(desk, sandbox)
    await expect(consent).to_have_text("Granted")


async def test_a_permission_added_on_the_page_waits_for_consent(
    desk: Page, sandbox: Sandbox
) -> None:
    """As in the portal, where adding one grants nothing."""
    await desk.get_by_role("button", name="Add a permission").click()
    await desk.get_by_role("menuitem", name="Directory.Read.All").click()
    added = desk.get_by_role("button", name="Consent for Directory.Read.All")
    await expect(added).to_have_text("Not granted")
    assert "Directory.Read.All" not in await _granted(desk, sandbox)

    await desk.get_by_role("button", name="Grant admin consent").click()

    await expect(added).to_have_text("Granted")
    assert "Directory.Read.All" in await _granted(desk, sandbox)


async def test_a_secret_added_and_expired_shows_its_days(desk: Page) -> None:
    await desk.get_by_role("tab", name="Apps").click()
    await desk.get_by_label("Search apps").fill("Status Page")
    row = desk.get_by_role("tabpanel").locator("details")
    await expect(row).to_have_count(1)

    await row.get_by_role("button", name="Add secret to Status Page").click()
    await expect(row).to_contain_text("in 180 days")
    await row.get_by_role("button", name="Expire Added on the page").click()
    await expect(row).not_to_contain_text("in 180 days")
    await expect(row.get_by_text("Added on the page")).to_be_visible()


async def test_a_fault_switched_on_is_on_in_the_simulator(
    desk: Page, sandbox: Sandbox
) -> None:
    await desk.get_by_role("tab", name="Faults").click()
    switch = desk.get_by_role("switch", name="Network down")
    await switch.click()
    await expect(switch).to_be_checked()

    answer = await desk.request.get(f"{sandbox.page_url}control/entra/faults")
    faults = {each["name"]: each["on"] for each in (await answer.json())["faults"]}
    assert faults["network_down"]
    await switch.click()
    await expect(switch).not_to_be_checked()


async def test_a_required_field_left_empty_is_refused_before_sending(
    desk: Page, sandbox: Sandbox
) -> None:
    """Slack's own client checks this, so the bot never hears of it."""
    blocks = [field("reason", "Reason", {"type": "plain_text_input"})]
    view = {"type": "modal", "title": plain("Deny"), "submit": plain("Deny")}
    sandbox.slack.views.open("U0ADA", view | {"blocks": blocks})
    sandbox.slack.changed("views")
    dialog = desk.get_by_role("dialog", name="Deny")

    await dialog.get_by_role("button", name="Deny").click()

    reason = dialog.get_by_label("Reason")
    await expect(reason).to_have_attribute("aria-invalid", "true")
    await expect(dialog.get_by_role("alert")).not_to_be_empty()
    assert sandbox.slack.log.deliveries == []


async def _granted(desk: Page, sandbox: Sandbox) -> list[str]:
    answer = await desk.request.get(f"{sandbox.page_url}control/entra/tenant")
    granted: list[str] = (await answer.json())["bot_app"]["granted"]
    return granted
