"""Every block and element is drawn, and nothing in one is ever markup or code."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.page.fake_control import FakeControl
from tests.page.fixtures import Json, message, mrkdwn, option, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
OPTIONS = [option("One", "1"), option("Two", "2", description=plain("second"))]


def _rich(text: str) -> Json:
    part = {"type": "text", "text": text, "style": {"bold": True}}
    section = {"type": "rich_text_section", "elements": [part]}
    return {"type": "rich_text", "elements": [section]}


def _element(kind: str, **more: object) -> Json:
    return {
        "type": kind,
        "action_id": kind,
        "placeholder": plain(f"pick {kind}"),
    } | more


ELEMENTS: list[Json] = [
    {"type": "button", "action_id": "go", "text": plain("Go"), "style": "primary"},
    _element("static_select", options=OPTIONS),
    _element("multi_static_select", options=OPTIONS),
    _element("external_select"),
    _element("multi_external_select"),
    _element("users_select"),
    _element("multi_users_select"),
    _element("conversations_select"),
    _element("multi_conversations_select"),
    _element("channels_select"),
    _element("multi_channels_select"),
    {"type": "overflow", "action_id": "over", "options": OPTIONS},
    {"type": "checkboxes", "action_id": "ticks", "options": OPTIONS},
    {"type": "radio_buttons", "action_id": "radio", "options": OPTIONS},
    _element("datepicker", initial_date="2026-12-24"),
    _element("timepicker", initial_time="09:30"),
    {"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1767225600},
]

PLAN: Json = {
    "type": "plan",
    "title": "Offboarding Dana",
    "tasks": [
        {"task_id": "1", "title": "Disable", "status": "complete"},
        {"task_id": "2", "title": "Revoke", "status": "in_progress"},
        {"task_id": "3", "title": "Groups", "status": "error", "output": _rich("403")},
        {"task_id": "4", "title": "Methods", "status": "pending"},
    ],
}

BLOCKS: list[Json] = [
    {"type": "header", "text": plain("A header")},
    {"type": "section", "text": mrkdwn("*Bold*"), "fields": [mrkdwn("*F*\nv")]},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("small print")]},
    {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "A cat"},
    _rich("rich words"),
    {"type": "markdown", "text": "## Markdown head"},
    PLAN,
    {"type": "task_card", "task_id": "9", "title": "Lone task", "status": "complete"},
    {"type": "alert", "level": "warning", "text": mrkdwn("Mind *this*")},
    {"type": "card", "title": mrkdwn("*A card*"), "body": mrkdwn("its body")},
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "App"}, {"type": "raw_text", "text": "Ends"}],
            [{"type": "raw_text", "text": "Payroll"}, _rich("soon")],
        ],
    },
    {"type": "actions", "elements": ELEMENTS},
]


def _with_ids(blocks: list[Json]) -> list[Json]:
    return [block | {"block_id": f"b{i}"} for i, block in enumerate(blocks)]


async def _show(page: Page, control: FakeControl, *blocks: Json) -> None:
    control.messages["C0ALERTS"] = [message(1, blocks=_with_ids(list(blocks)))]
    control.announce("messages")
    await page.locator('[data-testid="message"]').wait_for()


async def test_every_block_is_drawn(page: Page, control: FakeControl) -> None:
    await _show(page, control, *BLOCKS)

    drawn = page.get_by_test_id("message")
    await expect(drawn.get_by_role("heading", name="A header")).to_be_visible()
    await expect(drawn.locator("strong", has_text="Bold")).to_be_visible()
    await expect(drawn.get_by_role("img", name="A cat")).to_be_visible()
    await expect(drawn.locator("strong", has_text="rich words")).to_be_visible()
    await expect(drawn.get_by_role("heading", name="Markdown head")).to_be_visible()
    await expect(drawn.get_by_role("columnheader")).to_have_text(["App", "Ends"])
    await expect(drawn.get_by_text("small print")).to_be_visible()
    await expect(drawn.get_by_text("Mind this")).to_be_visible()
    await expect(drawn.get_by_text("its body")).to_be_visible()
    await expect(drawn.locator(".unknown")).to_have_count(0)


async def test_a_plan_says_how_each_task_stands(
    page: Page, control: FakeControl
) -> None:
    await _show(page, control, PLAN)

    tasks = page.get_by_test_id("task")
    await expect(tasks).to_have_text(
        ["DisableDone", "RevokeRunning", "GroupsFailed403", "MethodsWaiting"]
    )
    await expect(page.get_by_test_id("plan")).to_contain_text("1 of 4")


async def test_every_element_is_drawn_and_named(
    page: Page, control: FakeControl
) -> None:
    await _show(page, control, {"type": "actions", "elements": ELEMENTS})

    drawn = page.get_by_test_id("message")
    await expect(drawn.get_by_role("combobox")).to_have_count(10)
    await expect(drawn.get_by_role("checkbox", name="One")).to_be_visible()
    await expect(drawn.get_by_role("radio", name="Two")).to_be_visible()
    await expect(drawn.get_by_label("pick datepicker")).to_have_value("2026-12-24")
    await expect(drawn.get_by_label("pick timepicker")).to_have_value("09:30")
    await expect(drawn.get_by_label("datetimepicker")).to_have_value("2026-01-01T01:00")
    await expect(drawn.locator(".unknown")).to_have_count(0)


async def test_what_cannot_be_drawn_is_said(page: Page, control: FakeControl) -> None:
    await _show(
        page,
        control,
        {"type": "hologram"},
        {"type": "actions", "elements": [_element("mind_reader")]},
    )

    await expect(page.locator(".unknown")).to_have_text(
        [
            'This page cannot draw the block "hologram".',
            'This page cannot draw the element "mind_reader".',
        ]
    )


async def test_foreign_text_is_never_markup(page: Page, control: FakeControl) -> None:
    """A name with HTML in it, in every place that shows text, is only text."""
    option_ = option(EVIL, "1", description=plain(EVIL))
    control.workspace["people"][1]["real_name"] = EVIL
    control.workspace["channels"][0]["name"] = EVIL
    control.tenant["users"][0]["displayName"] = EVIL
    control.announce("workspace", "tenant")
    await _show(
        page,
        control,
        {"type": "header", "text": plain(EVIL)},
        {"type": "section", "text": mrkdwn(EVIL), "fields": [plain(EVIL)]},
        {"type": "section", "text": plain("*not bold* <https://a.example|b> <@U0ADA>")},
        {"type": "context", "elements": [plain(EVIL)]},
        {"type": "markdown", "text": EVIL},
        _rich(EVIL),
        {"type": "plan", "title": EVIL, "tasks": [{"task_id": "1", "title": EVIL}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": EVIL}]]},
        {"type": "image", "image_url": "javascript:window.hit=1", "alt_text": EVIL},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "e", "text": plain(EVIL)},
                {"type": "radio_buttons", "action_id": "r", "options": [option_]},
            ],
        },
    )

    assert await page.evaluate("window.hit") is None
    assert await page.locator("main img, main script").count() == 0
    unparsed = page.get_by_text("*not bold* <https://a.example|b> <@U0ADA>", exact=True)
    await expect(unparsed).to_be_visible()
    await expect(page.get_by_role("button", name=EVIL, exact=True)).to_be_visible()


async def test_a_button_sends_what_slack_sends(
    page: Page, control: FakeControl
) -> None:
    button: Json = {"type": "button", "action_id": "request.approve", "value": "r1"}
    button |= {"text": plain("Approve"), "style": "primary"}
    await _show(page, control, {"type": "actions", "elements": [button]})

    async with page.expect_response("**/control/slack/action"):
        await page.get_by_role("button", name="Approve").click()

    (sent,) = control.posted("slack/action")
    assert sent["user"] == "U0ADA"
    assert sent["container"]["channel"] == "C0ALERTS"
    assert sent["action"] == button | {"block_id": "b0"}


async def test_a_confirm_dialog_stands_before_the_click(
    page: Page, control: FakeControl
) -> None:
    confirm = {
        "title": plain("Disconnect Contoso?"),
        "text": mrkdwn("Its data *goes*."),
        "confirm": plain("Disconnect"),
        "deny": plain("Keep"),
    }
    button = {
        "type": "button",
        "action_id": "x",
        "text": plain("Cut off"),
        "value": "1",
    }
    block = {"type": "actions", "elements": [button | {"confirm": confirm}]}
    await _show(page, control, block)
    dialog = page.get_by_role("dialog", name="Disconnect Contoso?")

    await page.get_by_role("button", name="Cut off").click()
    await dialog.get_by_role("button", name="Keep").click()
    await expect(dialog).to_have_count(0)
    assert control.posted("slack/action") == []

    await page.get_by_role("button", name="Cut off").click()
    async with page.expect_response("**/control/slack/action"):
        await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    assert len(control.posted("slack/action")) == 1


async def test_buttons_for_others_are_not_shown(
    page: Page, control: FakeControl
) -> None:
    def button(name: str, who: str) -> Json:
        shown = {"text": plain(name), "visible_to_user_ids": [who]}
        return {"type": "button", "action_id": name} | shown

    elements = [button("For Ada", "U0ADA"), button("For Ruth", "U0RUTH")]
    await _show(page, control, {"type": "actions", "elements": elements})

    buttons = page.get_by_role("button", name=re.compile("^For "))
    await expect(buttons).to_have_text(["For Ada"])


async def test_a_timeout_is_said_under_the_message(
    page: Page, control: FakeControl
) -> None:
    control.answers["slack/action"] = {"acked": False, "error": "operation_timeout"}
    button = {"type": "button", "action_id": "x", "text": plain("Try")}
    await _show(page, control, {"type": "actions", "elements": [button]})

    await page.get_by_role("button", name="Try").click()

    failure = page.get_by_test_id("message").get_by_role("alert")
    await expect(failure).to_have_text("Gatehouse did not answer in time.")
