"""Disconnecting a tenant: what goes, what stays, and who hears of it."""

from typing import Any

import pytest

from bot.domain.audit import AuditAction
from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId
from tests.scenarios.offboarding import asks
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, APPROVALS, LEE, RUTH
from tests.scenarios.screen import buttons_in
from tests.scenarios.tenant_desk import disconnects, flagged, the_tenant, written_down


async def test_disconnecting_removes_data_and_keeps_the_trail(
    connected: Office,
) -> None:
    """The message says so; it can be connected again."""
    tenant = await the_tenant(connected)

    await disconnects(connected)

    await connected.sees_modal(ADA, "Contoso is disconnected", "audit trail")
    await connected.sees_message(ALERTS, "*Disconnected.*", "/entra connect")
    card = await connected.sees_message(ALERTS, "Over: the tenant was disconnected")
    assert buttons_in(card) == []
    core = connected.bot.core
    with pytest.raises(NotFoundError):
        await core.services.tenants.get(tenant.id)
    assert await left_over(connected, tenant.id) == (0, 0, "")
    assert await written_down(connected, AuditAction.TENANT_CONNECTED)
    (entry,) = await written_down(connected, AuditAction.TENANT_DISCONNECTED)
    assert entry.facts["name"] == "Contoso"

    await connected.connects()
    await connected.sees_modal(ADA, "Tenant connected")
    assert (await the_tenant(connected)).id != tenant.id


async def left_over(office: Office, key: ConnectionId) -> tuple[Any, ...]:
    """Credential rows, alert rows, and the stored ciphertext of a connection."""
    database = office.bot.core.database
    async with database.engine.connect() as connection:
        counts = [
            (
                await connection.exec_driver_sql(
                    f"SELECT {what} FROM {table} WHERE {column} = '{key}'"  # noqa: S608 - a test's own words
                )
            ).scalar_one()
            for what, table, column in (
                ("count(*)", "credential", "connection_id"),
                ("count(*)", "alert", "connection_id"),
                ("credential_encrypted", "tenant", "id"),
            )
        ]
    return tuple(counts)


async def test_the_wrong_name_disconnects_nothing(connected: Office) -> None:
    """The modal asks again, with the field marked."""
    await disconnects(connected, "Contozo")

    view = await connected.sees_modal(ADA, "This is not the tenant's name")
    assert flagged(view) == "Name, to confirm"
    assert (await the_tenant(connected)).is_connected

    await connected.submits(ADA, **{"Name, to confirm": " contoso "})
    await connected.sees_modal(ADA, "Contoso is disconnected")


async def test_requests_that_wait_are_voided_and_told(connected: Office) -> None:
    """The card loses its buttons, and the requester hears why."""
    await asks(connected, RUTH)

    await disconnects(connected)

    await connected.sees_modal(ADA, "Voided offboarding requests: 1")
    card = await connected.sees_message(
        APPROVALS, "Dana Cole", "the tenant was disconnected"
    )
    assert "Approve" not in buttons_in(card)
    await connected.is_told(RUTH, "the tenant was disconnected")
    (entry,) = await written_down(connected, AuditAction.REQUEST_VOIDED)
    assert entry.actor == ADA


async def test_an_old_button_after_a_disconnect(connected: Office) -> None:
    """A status message that is still on the screen says what has become of it."""
    await connected.types(LEE, "/entra status")
    status = await connected.sees_message(ALERTS, "Ends next", who=LEE)
    await disconnects(connected)
    await connected.sees_modal(ADA, "Contoso is disconnected")

    await connected.presses(LEE, "Check again", status)

    await connected.is_told(LEE, "not connected (any more)")
