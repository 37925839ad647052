"""A tenant's settings, and choosing one of several tenants."""

from bot.domain.audit import AuditAction
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, AMIR, GENERAL, NORA, RUTH
from tests.scenarios.tenant_desk import (
    add_secret,
    also_connected,
    flagged,
    initial,
    the_tenant,
    written_down,
)


async def test_settings_change_name_channels_and_approvers(connected: Office) -> None:
    """Filled in with what is; saved as one."""
    await connected.types(ADA, "/entra settings")
    view = await connected.sees_modal(ADA, "Its members may ask")
    assert initial(view, "Name") == "Contoso"
    assert initial(view, "Approvers") == [AMIR, NORA]

    await connected.submits(ADA, name="Contoso production", approvers=[NORA, RUTH])

    await connected.sees_modal(ADA, "The settings of Contoso production are saved")
    tenant = await the_tenant(connected)
    assert (tenant.name, tenant.approvers) == ("Contoso production", (NORA, RUTH))
    assert tenant.granted, "nothing else is lost"
    (entry,) = await written_down(connected, AuditAction.TENANT_SETTINGS_CHANGED)
    assert entry.facts == {
        "name": "Contoso -> Contoso production",
        "approvers": f"{AMIR}, {NORA} -> {NORA}, {RUTH}",
    }


async def test_settings_that_cannot_be_keep_what_was_typed(connected: Office) -> None:
    """The channel is to blame; the new name is not lost."""
    await connected.types(ADA, "/entra settings")
    await connected.sees_modal(ADA, "Its members may ask")

    await connected.submits(ADA, name="Contoso production", alerts=GENERAL)

    view = await connected.sees_modal(ADA, "/invite @Gatehouse in it")
    assert flagged(view) == "Alerts channel"
    assert initial(view, "Name") == "Contoso production"
    assert (await the_tenant(connected)).name == "Contoso"


async def test_with_several_tenants_one_is_chosen(connected: Office) -> None:
    """In the modal of a rotation, by a button for permissions, by name anywhere."""
    await also_connected(connected, "Fabrikam")

    await connected.types(ADA, "/entra permissions")
    await connected.is_told(ADA, "Which tenant's permissions?", "Fabrikam")
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Choose a tenant", "Fabrikam")
    fresh = add_secret(connected)
    await connected.submits(ADA, tenant="Contoso", secret=fresh)
    await connected.sees_modal(ADA, "Contoso now signs in")

    await connected.types(ADA, "/entra settings fab")
    view = await connected.sees_modal(ADA, "Its members may ask")
    assert initial(view, "Name") == "Fabrikam"


async def test_settings_of_another_tenant_are_not_mixed_up(connected: Office) -> None:
    """What was typed for one is not saved for the other."""
    await also_connected(connected, "Fabrikam")
    await connected.types(ADA, "/entra settings")
    view = await connected.sees_modal(ADA, "Its members may ask")
    assert initial(view, "Name") == "Contoso"
    (block,) = [b for b in view["blocks"] if b.get("block_id") == "tenant"]
    await connected.slack.click(
        ADA,
        block["element"]["action_id"],
        view_id=view["id"],
        block_id="tenant",
        state=connected.filled(view, {"name": "Typed for Contoso"})["values"],
        type="static_select",
        selected_option=block["element"]["options"][1],
    )
    view = await connected.sees(
        lambda: (
            initial(connected.modal(ADA), "Name") == "Fabrikam" and connected.modal(ADA)
        )
    )

    await connected.submits(ADA, name="Fabrikam GmbH")

    await connected.sees_modal(ADA, "The settings of Fabrikam GmbH are saved")
    names = await connected.bot.core.services.tenants.list_connected()
    assert sorted(tenant.name for tenant in names) == ["Contoso", "Fabrikam GmbH"]
