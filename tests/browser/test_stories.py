"""The three main stories, told in a browser as a newcomer would live them."""

import pytest
from playwright.async_api import expect

from tests.browser.desk import Desk
from tests.scenarios.people import SECRET, SECRET_ID

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_connect_with_the_secret_id_pasted_first(desk: Desk) -> None:
    """Ada pastes the Secret ID, is told so under the field, and then connects."""
    await desk.connects(secret=SECRET_ID)

    await expect(desk.modal).to_contain_text("This is the Secret ID.")
    await desk.shoots("secret-id")

    await desk.fills(secret=SECRET)
    await desk.presses("Connect")
    await expect(desk.modal).to_contain_text("Contoso Ltd", timeout=15_000)
    await expect(desk.modal).to_contain_text("contoso.example")
    await expect(desk.modal).to_contain_text("UserAuthenticationMethod.ReadWrite.All")
    await desk.shoots("connected")

    await desk.presses("Done")
    await desk.sees("Contoso Ltd", "Check again")
    await desk.shoots("channel")


async def test_an_expiry_alert_is_acknowledged(desk: Desk) -> None:
    """Omar, who owns the app, says that he is on it; everybody can see that."""
    await desk.connects()
    await desk.presses("Done")
    await desk.becomes("Omar Diaz")
    await desk.goes_to("entra-alerts")
    alert = await desk.sees("HR Onboarding Portal", "client secret ends in")
    await desk.shoots("alert")

    await alert.get_by_role("button", name="Acknowledge").click()
    acknowledged = await desk.sees("HR Onboarding Portal", "Omar Diaz")

    await expect(acknowledged).to_contain_text("cknowledged")
    await expect(acknowledged.get_by_role("button", name="Acknowledge")).to_have_count(
        0
    )
    await desk.shoots("acknowledged")


async def test_an_offboarding_is_approved_by_a_second_person(desk: Desk) -> None:
    """Ruth asks and may not approve; Amir does; the directory shows it."""
    await desk.connects()
    await desk.presses("Done")
    await desk.page.get_by_role("button", name="Grant admin consent").click()
    await desk.becomes("Ruth Okafor")
    await desk.goes_to("offboarding-approvals")
    await desk.types("/offboard @Dana Cole")
    await expect(desk.modal).to_contain_text("dana@contoso.example")
    await desk.fills(reason="Last day was Friday", ticket="HR-1234")
    await desk.shoots("form")
    await desk.presses("Review")
    await expect(desk.modal).to_contain_text("VPN Access", timeout=15_000)
    await desk.shoots("plan")
    await desk.presses("Request approval")
    await expect(desk.modal).to_contain_text("Approval is requested")
    await desk.presses("Close")

    card = await desk.sees("Dana Cole", "Waiting for approval")
    await card.get_by_role("button", name="Approve").click()
    await (
        desk.page.get_by_test_id("confirm")
        .get_by_role("button", name="Approve")
        .click()
    )
    await desk.sees("You cannot decide your own request.")
    await desk.shoots("refused")

    await desk.becomes("Amir Haddad")
    await desk.goes_to("offboarding-approvals")
    card = desk.message("Dana Cole", "Waiting for approval")
    await card.get_by_role("button", name="Approve").click()
    await (
        desk.page.get_by_test_id("confirm")
        .get_by_role("button", name="Approve")
        .click()
    )
    done = await desk.sees("Dana Cole", "everything approved is done and verified")
    await desk.shoots("done")

    await expect(done.get_by_role("button", name="Approve")).to_have_count(0)
    await desk.page.get_by_role("tab", name="Users").click()
    await desk.page.get_by_role("searchbox").fill("dana@")
    await expect(desk.page.get_by_text("Disabled", exact=True)).to_be_visible()
    await desk.shoots("directory")

    await desk.becomes("Ruth Okafor")
    await desk.goes_to("Gatehouse")
    await desk.sees("Your request to offboard", "Dana Cole")
    await desk.shoots("told")
