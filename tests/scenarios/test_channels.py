"""A channel that closes behind the bot: somebody hears of it, and nothing is lost."""

import pytest

from sandbox.slack import sights
from tests.scenarios.alert_channel import set_days
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, APPROVALS


async def a_new_fact(office: Office) -> None:
    """A secret that was long good ends in two days, and a scan sees it."""
    set_days(office, "Archive Reader", 2)
    (tenant,) = await office.bot.core.services.tenants.list_connected()
    await office.bot.core.services.watch.enqueue_scan(tenant.id, "20261124T120000Z")


@pytest.mark.parametrize(
    ("change", "why"),
    [({"kick_bot": True}, "no longer in it"), ({"archive": True}, "is archived")],
)
async def test_who_connected_the_tenant_hears_that_its_channel_is_closed(
    change: dict[str, bool], why: str, office: Office
) -> None:
    await office.connects()
    await office.sees(lambda: office.messages(ALERTS)[8:])
    before = len(office.messages(ALERTS))
    sights.change_channel(office.slack, {"id": ALERTS, **change})

    await a_new_fact(office)
    await office.is_told(ADA, "reach nobody", why, "/entra settings")

    assert len(office.messages(ALERTS)) == before
    direct = office.slack.channels.im_with(ADA).id
    assert len(office.messages(direct)) == 1, "once a day is enough"


async def test_what_waited_goes_to_the_channel_chosen_instead(office: Office) -> None:
    await office.connects()
    await office.sees(lambda: office.messages(ALERTS)[8:])
    sights.change_channel(office.slack, {"id": ALERTS, "kick_bot": True})
    await a_new_fact(office)
    await office.is_told(ADA, "reach nobody")

    await office.types(ADA, "/entra settings", channel=APPROVALS)
    await office.sees_modal(ADA, "Save")
    await office.submits(ADA, alerts=APPROVALS)

    await office.sees_message(APPROVALS, "Archive Reader", within=30)
