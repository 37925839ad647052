"""The tenant beside the workspace: seen, copied from, changed, made to fail."""

import pytest
from playwright.async_api import Page, expect

from tests.page.fake_control import FakeControl

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COPIED = {
    "tenant ID": "8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001",
    "client ID": "5d3c2b1a-0f9e-4d8c-b7a6-95847362514f",
    "secret value": "gh78Q~demoSECRETvalue-not-real-012345678",
    "secret ID": "11111111-aaaa-4bbb-8ccc-222222222222",
}


async def test_every_value_to_paste_can_be_copied(page: Page) -> None:
    copied = {}
    for what in COPIED:
        await page.get_by_role("button", name=f"Copy {what}").click()
        await page.get_by_text(f"Copied {what}.").wait_for()
        copied[what] = await page.evaluate("navigator.clipboard.readText()")

    assert copied == COPIED


async def test_consent_is_shown_and_changed_for_each_permission(
    page: Page, control: FakeControl
) -> None:
    wrong = page.get_by_role("button", name="Consent for Group.Read.All")
    await expect(wrong).to_have_text("Delegated only")
    right = page.get_by_role("button", name="Consent for User.Read.All")
    await expect(right).to_have_text("Granted")

    await wrong.click()
    async with page.expect_response("**/control/entra/consent"):
        await page.get_by_role("menuitemradio", name="Granted", exact=True).click()
    async with page.expect_response("**/control/entra/consent"):
        await page.get_by_role("button", name="Grant admin consent").click()

    assert control.posted("entra/consent") == [
        {"grant": ["Group.Read.All"]},
        {"all": True},
    ]


async def test_a_permission_is_added_before_it_can_be_granted(
    page: Page, control: FakeControl
) -> None:
    await page.get_by_role("button", name="Add a permission").click()
    async with page.expect_response("**/control/entra/consent"):
        await page.get_by_role("menuitem", name="Directory.Read.All").click()

    assert control.posted("entra/consent") == [{"add": ["Directory.Read.All"]}]


async def test_what_changes_at_a_user_flashes_and_the_rest_does_not(
    page: Page, control: FakeControl
) -> None:
    await page.get_by_role("tab", name="Users").click()
    await page.get_by_label("Search users").fill("dana")
    row = page.get_by_role("tabpanel").locator("details")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("Sales")

    control.tenant["users"][0] |= {"accountEnabled": False, "groups": []}
    control.announce("tenant")

    await expect(row.locator("[data-facet=enabled]")).to_have_text("Disabled")
    await expect(row.locator(".flash")).to_have_count(2)
    await expect(row.locator("[data-facet=methods].flash")).to_have_count(0)


async def test_credentials_can_be_added_expired_and_removed(
    page: Page, control: FakeControl
) -> None:
    await page.get_by_role("tab", name="Apps").click()
    await page.get_by_text("Payroll sync").click()

    for name in ("Add secret to Payroll sync", "Expire ci of", "Remove backup of"):
        async with page.expect_response("**/control/entra/app"):
            await page.get_by_role("button", name=name).click()

    added, expired, removed = control.posted("entra/app")
    assert added == {
        "app": "a1",
        "add_secret": {"displayName": "Added on the page", "days": 180},
    }
    assert expired == {"app": "a1", "expire": "k1"}
    assert removed == {"app": "a1", "remove": "k2"}


async def test_faults_are_switched_with_their_settings(
    page: Page, control: FakeControl
) -> None:
    await page.get_by_role("tab", name="Faults 1").click()
    await expect(page.get_by_role("switch", name="Throttle Graph")).to_be_checked()

    await page.get_by_label("Rate limit: times").fill("5")
    async with page.expect_response("**/control/slack/faults"):
        await page.get_by_role("switch", name="Rate limit").press("Space")

    (sent,) = control.posted("slack/faults")
    assert sent == {"name": "rate_limit", "on": True, "params": {"n": 5}}


async def test_the_log_follows_calls_and_opens_their_bodies(
    page: Page, control: FakeControl
) -> None:
    await page.get_by_role("tab", name="Log").click()
    url = "https://graph.microsoft.com/v1.0/users?$select=id"
    request = {"seq": 1, "at": 1_790_000_000, "method": "GET", "url": url}
    control.requests = [request | {"status": 429, "needs": "User.Read.All"}]
    control.announce("log")

    line = page.get_by_role("tabpanel").locator("summary")
    await expect(line).to_contain_text(["/users?$select=id"])
    await expect(line).to_contain_text(["429"])
    await line.click()
    await expect(page.get_by_text('"needs": "User.Read.All"')).to_be_visible()


async def test_a_lost_stream_comes_back_by_itself(
    page: Page, control: FakeControl
) -> None:
    await expect(page.get_by_test_id("bot-status")).to_have_text("Bot connected")
    control.workspace["app"]["connected"] = False

    await page.context.set_offline(True)
    control.feed.close()
    await expect(page.get_by_test_id("bot-status")).to_contain_text("Page offline")
    control.feed.closed = False
    await page.context.set_offline(False)

    status = page.get_by_test_id("bot-status")
    await expect(status).to_have_text("Waiting for the bot", timeout=10_000)
