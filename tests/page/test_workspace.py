"""Acting as several people: places, writing, commands, threads, who sees what."""

import pytest
from playwright.async_api import Page, expect

from tests.page.fake_control import FakeControl
from tests.page.fixtures import Json, message, mrkdwn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FUTURE = 2_000_000_000  # seconds, past every test's clock, so unread


async def _become(page: Page, name: str) -> None:
    await page.get_by_test_id("person-picker").click()
    await page.get_by_role("menuitemradio", name=name).click()
    await expect(page.get_by_test_id("person-picker")).to_contain_text(name)


async def test_a_guest_sees_only_their_channels(page: Page) -> None:
    places = page.get_by_test_id("channel-list").get_by_role("button")
    await expect(places).to_have_count(4)

    await _become(page, "Gus Petit")

    await expect(places).to_have_text(["entra-alerts", "Gatehouse"])


async def test_deactivated_people_cannot_be_acted_as(page: Page) -> None:
    await page.get_by_test_id("person-picker").click()

    gone = page.get_by_role("menuitemradio", name="Olga Deleted")
    await expect(gone).to_be_disabled()


async def test_new_messages_elsewhere_are_counted_until_read(
    page: Page, control: FakeControl
) -> None:
    late = {"ts": f"{FUTURE}.000100"}
    control.messages["C0APPROVE"] = [message(1, "old"), message(2, "new", **late)]
    control.announce("messages")

    place = page.get_by_role("button", name="offboarding-approvals, 1 unread")
    await place.click()

    name = "offboarding-approvals, private channel"
    await expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()


async def test_what_only_one_person_sees_is_marked(
    page: Page, control: FakeControl
) -> None:
    control.messages["C0ALERTS"] = [message(1, "Ask Amir.", is_ephemeral=True)]
    control.announce("messages")

    await expect(page.get_by_test_id("message")).to_contain_text("Only visible to you")


async def test_a_command_runs_as_typed(page: Page, control: FakeControl) -> None:
    composer = page.get_by_test_id("composer")

    await composer.fill("/en")
    await expect(page.get_by_role("option")).to_contain_text(["/entra connect"])
    await composer.press("Tab")
    await expect(composer).to_have_value("/entra ")
    await composer.press_sequentially("connect")
    async with page.expect_response("**/control/slack/command"):
        await composer.press("Enter")

    (sent,) = control.posted("slack/command")
    assert sent == {"user": "U0ADA", "channel": "C0ALERTS", "text": "/entra connect"}
    await expect(composer).to_have_value("")


async def test_a_command_that_fails_is_given_back(
    page: Page, control: FakeControl
) -> None:
    control.answers["slack/command"] = {"acked": False, "error": "app_not_connected"}
    composer = page.get_by_test_id("composer")

    await composer.fill("/entra status")
    await composer.press("Enter")

    failure = page.get_by_test_id("composer-error")
    await expect(failure).to_contain_text("/entra failed. Gatehouse is not connected")
    await expect(composer).to_have_value("/entra status")


async def test_a_mention_is_completed_and_sent_as_a_handle(
    page: Page, control: FakeControl
) -> None:
    composer = page.get_by_test_id("composer")

    await composer.fill("/offboard ")
    await composer.press_sequentially("@am")
    await page.get_by_role("option", name="Amir Haddad").wait_for()
    await composer.press("Enter")
    await expect(composer).to_have_value("/offboard @Amir Haddad ")
    async with page.expect_response("**/control/slack/command"):
        await composer.press("Enter")

    (sent,) = control.posted("slack/command")
    assert sent["text"] == "/offboard @amir"


async def test_shortcuts_are_offered_where_they_belong(
    page: Page, control: FakeControl
) -> None:
    control.messages["C0ALERTS"] = [message(1, "Dana leaves")]
    control.announce("messages")

    await page.get_by_role("button", name="Shortcuts").click()
    async with page.expect_response("**/control/slack/shortcut"):
        await page.get_by_role("menuitem", name="Connect a tenant").click()
    await page.get_by_test_id("message").hover()
    await page.get_by_role("button", name="More message actions").click()
    async with page.expect_response("**/control/slack/shortcut"):
        await page.get_by_role("menuitem", name="Offboard this person").click()

    alone, on_message = control.posted("slack/shortcut")
    assert alone == {"user": "U0ADA", "callback_id": "connect"}
    assert on_message["channel"] == "C0ALERTS"
    assert on_message["message_ts"] == message(1)["ts"]


async def test_a_thread_opens_under_its_message_and_takes_replies(
    page: Page, control: FakeControl
) -> None:
    parent = message(1, "Secret ends soon")
    thread = {"thread_ts": parent["ts"]}
    control.messages["C0ALERTS"] = [parent | thread, message(2, "Still", **thread)]
    control.announce("messages")
    await expect(page.get_by_test_id("message")).to_have_count(1)

    await page.get_by_role("button", name="1 reply").click()
    await expect(page.get_by_test_id("message")).to_have_count(2)
    reply = page.get_by_test_id("thread-composer")
    await reply.fill("On it")
    async with page.expect_response("**/control/slack/say"):
        await reply.press("Enter")

    (sent,) = control.posted("slack/say")
    assert (sent["text"], sent["thread_ts"]) == ("On it", parent["ts"])


async def test_nobody_writes_in_an_archived_channel(page: Page) -> None:
    await page.get_by_role("button", name="old-project").click()

    await expect(page.get_by_text("This channel is archived.")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_be_hidden()


async def test_home_tells_the_app_and_draws_what_it_published(
    page: Page, control: FakeControl
) -> None:
    section: Json = {"type": "section", "block_id": "s", "text": mrkdwn("*1 tenant*")}
    control.homes["U0ADA"] = {"id": "V9", "type": "home", "blocks": [section]}

    async with page.expect_response("**/control/slack/home"):
        await page.get_by_role("button", name="Gatehouse, app").click()

    await expect(page.get_by_test_id("home")).to_contain_text("1 tenant")
    assert control.posted("slack/home") == [{"user": "U0ADA"}]


async def test_an_updated_message_stays_in_its_place(
    page: Page, control: FakeControl
) -> None:
    control.messages["C0ALERTS"] = [message(1, "first"), message(2, "second")]
    control.announce("messages")
    await expect(page.get_by_test_id("message")).to_have_count(2)
    untouched = await page.get_by_test_id("message").nth(1).element_handle()

    control.messages["C0ALERTS"][0] |= {"text": "changed", "edited": {"ts": "1"}}
    control.announce("messages")

    await expect(page.get_by_test_id("message").nth(0)).to_contain_text("changed")
    await expect(page.get_by_test_id("message").nth(0)).to_contain_text("(edited)")
    kept = await page.get_by_test_id("message").nth(1).element_handle()
    assert await page.evaluate("([a, b]) => a === b", [untouched, kept])


async def test_the_guide_starts_a_step_and_stays_dismissed(page: Page) -> None:
    await page.get_by_role("button", name="Guide", exact=True).click()
    await page.get_by_role("button", name="Start: Connect the tenant").click()
    await expect(page.get_by_test_id("composer")).to_have_value("/entra connect")

    await page.get_by_role("button", name="Dismiss guide").click()
    await expect(page.get_by_test_id("guide")).to_have_count(0)
    assert await page.evaluate("localStorage.getItem('gatehouse.guide')") == "done"
