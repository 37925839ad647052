"""Modals: filled by keyboard, refused under the field, alive while one types."""

import pytest
from playwright.async_api import Page, expect

from tests.page.fake_control import FakeControl
from tests.page.fixtures import Json, field, message, modal, option, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CLOUDS = [option("Global", "global"), option("China (21Vianet)", "china")]
ACTIONS = [option("Disable account", "disable"), option("Revoke sessions", "revoke")]


def _text(**more: object) -> Json:
    return {"type": "plain_text_input"} | more


def _connect(**more: object) -> Json:
    blocks = [
        field("name", "Name", _text()),
        field("cloud", "Cloud", {"type": "static_select", "options": CLOUDS}),
        field("secret", "Client secret value", _text(), hint=plain("The Value column")),
        field("actions", "Actions", {"type": "checkboxes", "options": ACTIONS}),
        field("approvers", "Approvers", {"type": "multi_users_select"}, optional=True),
    ]
    return modal("V1", "Connect a tenant", blocks, **more)


async def _opened(page: Page, control: FakeControl, view: Json) -> None:
    control.open("U0ADA", view)
    await page.get_by_role("dialog").wait_for()


async def test_a_modal_is_filled_by_keyboard_alone(
    page: Page, control: FakeControl
) -> None:
    await _opened(page, control, _connect())
    keys = page.keyboard
    await expect(page.get_by_label("Name", exact=True)).to_be_focused()

    await keys.type("Contoso")
    await keys.press("Tab")
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.type("s3cret")
    await keys.press("Tab")
    await keys.press("Space")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.type("Amir")
    await page.get_by_role("option", name="Amir Haddad").wait_for()
    await keys.press("Enter")
    await keys.press("Escape")
    await keys.press("Tab")
    await expect(page.get_by_role("button", name="Remove Amir Haddad")).to_be_visible()
    await page.get_by_role("button", name="Connect", exact=True).focus()
    async with page.expect_response("**/control/slack/submit"):
        await keys.press("Enter")

    (sent,) = control.posted("slack/submit")
    assert sent["view_id"] == "V1"
    assert sent["state"]["values"] == {
        "name": {"value": {"type": "plain_text_input", "value": "Contoso"}},
        "cloud": {"value": {"type": "static_select", "selected_option": CLOUDS[1]}},
        "secret": {"value": {"type": "plain_text_input", "value": "s3cret"}},
        "actions": {"value": {"type": "checkboxes", "selected_options": ACTIONS[:1]}},
        "approvers": {
            "value": {"type": "multi_users_select", "selected_users": ["U0AMIR"]}
        },
    }


async def test_a_mistake_is_said_under_its_field(
    page: Page, control: FakeControl
) -> None:
    said = "This is the Secret ID; copy the Value column."
    control.answers["slack/submit"] = {"outcome": "errors", "errors": {"secret": said}}
    await _opened(page, control, _connect())
    secret = page.get_by_label("Client secret value")

    await secret.fill("11111111-aaaa-4bbb-8ccc-222222222222")
    await page.get_by_role("button", name="Connect", exact=True).click()

    await expect(secret).to_be_focused()
    await expect(secret).to_have_attribute("aria-invalid", "true")
    await expect(secret).to_have_accessible_description(f"The Value column {said}")
    await secret.fill("right")
    await expect(page.get_by_text(said)).to_have_count(0)


async def test_typed_text_outlives_a_live_update(
    page: Page, control: FakeControl
) -> None:
    """Same block and action: kept, caret and all. Another block id: fresh."""
    await _opened(page, control, _connect())
    await page.get_by_label("Client secret value").fill("kept")
    name = page.get_by_label("Name", exact=True)
    await name.fill("half a na")

    view = _connect()
    view["blocks"][0] |= {"hint": plain("Shown in messages")}
    view["blocks"][2] |= {"block_id": "secret-2"}
    view["blocks"].insert(0, {"type": "header", "block_id": "h", "text": plain("New")})
    control.stacks["U0ADA"] = [view]
    control.announce("views")
    await page.get_by_role("heading", name="New").wait_for()

    await expect(name).to_have_value("half a na")
    await expect(name).to_be_focused()
    await page.keyboard.type("me")
    await expect(name).to_have_value("half a name")
    await expect(page.get_by_label("Client secret value")).to_have_value("")


async def test_focus_stays_inside_and_escape_closes(
    page: Page, control: FakeControl
) -> None:
    await page.get_by_test_id("composer").focus()
    await _opened(page, control, _connect())
    inside = "document.querySelector('[role=dialog]').contains(document.activeElement)"

    for _ in range(16):
        await page.keyboard.press("Tab")
        assert await page.evaluate(inside)
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert control.posted("slack/close") == [
        {"user": "U0ADA", "view_id": "V1", "all": False}
    ]
    await expect(page.get_by_test_id("composer")).to_be_focused()


async def test_f6_reaches_the_tenant_and_comes_back(
    page: Page, control: FakeControl
) -> None:
    """The values to paste stand outside the modal, so a key must lead there."""
    await _opened(page, control, _connect())

    await page.keyboard.press("F6")
    await expect(page.get_by_label("Microsoft Entra tenant")).to_be_focused()
    await page.keyboard.press("F6")
    await expect(page.get_by_label("Name", exact=True)).to_be_focused()


async def test_the_top_of_the_stack_is_shown_and_back_leads_down(
    page: Page, control: FakeControl
) -> None:
    await _opened(page, control, _connect())
    await page.get_by_label("Name", exact=True).fill("Contoso")
    control.open("U0ADA", modal("V2", "The plan", [], root_view_id="V1"))
    await expect(page.get_by_role("dialog", name="The plan")).to_be_visible()

    await page.get_by_role("button", name="Previous view").click()

    await expect(page.get_by_role("dialog", name="Connect a tenant")).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Contoso")


async def test_an_external_select_asks_the_app(
    page: Page, control: FakeControl
) -> None:
    found = [option("Dana Cole", "u1", description=plain("dana@contoso.example"))]
    control.answers["slack/options"] = {"options": found}
    select = {"type": "external_select", "min_query_length": 2}
    await _opened(
        page, control, modal("V1", "Offboard", [field("l", "Leaver", select)])
    )
    leaver = page.get_by_label("Leaver")

    await leaver.fill("d")
    await expect(page.get_by_text("Type at least 2 characters")).to_be_visible()
    await leaver.fill("dan")
    await page.get_by_role("option", name="Dana Cole").click()

    await expect(leaver).to_have_value("Dana Cole")
    (asked,) = control.posted("slack/options")
    assert (asked["value"], asked["container"]) == ("dan", {"view_id": "V1"})


async def test_a_dispatching_input_tells_the_app_at_once(
    page: Page, control: FakeControl
) -> None:
    choice = {"type": "radio_buttons", "options": CLOUDS}
    view = modal("V1", "Sign in", [field("how", "With", choice, dispatch_action=True)])
    await _opened(page, control, view)

    async with page.expect_response("**/control/slack/action"):
        await page.get_by_role("radio", name="China (21Vianet)").check()

    (sent,) = control.posted("slack/action")
    assert sent["action"]["selected_option"] == CLOUDS[1]
    assert sent["state"]["values"]["how"]["value"]["selected_option"] == CLOUDS[1]


async def test_a_timeout_is_said_on_top(page: Page, control: FakeControl) -> None:
    control.answers["slack/submit"] = {"outcome": "none", "error": "operation_timeout"}
    await _opened(page, control, _connect())

    await page.get_by_role("button", name="Connect", exact=True).click()

    notice = page.get_by_role("dialog").locator(".modal-notice")
    await expect(notice).to_have_text("Gatehouse did not answer in time.")


async def test_the_page_behind_is_out_of_reach(
    page: Page, control: FakeControl
) -> None:
    control.messages["C0ALERTS"] = [message(1, "behind")]
    await _opened(page, control, _connect())

    assert await page.evaluate("document.getElementById('workspace').inert")
    await expect(page.get_by_role("tab", name="Users")).to_be_enabled()


async def test_enter_does_not_submit_a_view_without_a_submit_button(
    page: Page, control: FakeControl
) -> None:
    text = {"type": "plain_text_input", "action_id": "find"}
    view = modal("V1", "Find", [field("q", "Query", text, dispatch_action=True)])
    view["submit"] = None
    await _opened(page, control, view)
    await page.get_by_label("Query").fill("dana")

    async with page.expect_response("**/control/slack/action"):
        await page.get_by_label("Query").press("Enter")

    (sent,) = control.posted("slack/action")
    assert sent["action"]["value"] == "dana"
    assert control.posted("slack/submit") == []


async def test_choosing_anew_replaces_what_was_chosen(
    page: Page, control: FakeControl
) -> None:
    await _opened(page, control, _connect())
    cloud = page.get_by_label("Cloud")
    await cloud.click()
    await page.get_by_role("option", name="Global").click()

    await cloud.click()
    await page.keyboard.type("chi")
    await expect(page.get_by_role("option")).to_have_text(["China (21Vianet)"])
    await page.keyboard.press("Enter")

    await expect(cloud).to_have_value("China (21Vianet)")


async def test_focus_waits_on_a_button_until_there_are_fields(
    page: Page, control: FakeControl
) -> None:
    loading = modal("V1", "Loading", [{"type": "divider", "block_id": "d"}])
    await _opened(page, control, loading | {"submit": None})
    await expect(page.get_by_role("button", name="Cancel")).to_be_focused()

    control.stacks["U0ADA"] = [_connect()]
    control.announce("views")

    await expect(page.get_by_label("Name", exact=True)).to_be_focused()


async def test_a_second_enter_does_not_answer_the_next_question(
    page: Page, control: FakeControl
) -> None:
    """Review and Request approval are the same button to the hand that presses it."""
    await _opened(page, control, modal("V1", "Offboard", [], submit=plain("Review")))
    await page.get_by_role("button", name="Review").press("Enter")
    control.stacks["U0ADA"] = [modal("V1", "The plan", [], submit=plain("Request"))]
    control.announce("views")
    await page.get_by_role("dialog", name="The plan").wait_for()

    await page.keyboard.press("Enter")

    assert len(control.posted("slack/submit")) == 1
    await expect(page.get_by_role("button", name="Request")).not_to_be_focused()
