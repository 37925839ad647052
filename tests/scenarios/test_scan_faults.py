"""Scans on bad days: what cannot be seen is told, and never called resolved."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alerts import AlertKind, AlertStatus
from bot.domain.credentials import Stage
from bot.domain.ids import ClientId, TenantId
from bot.domain.tenants import TenantStatus
from store import tenants
from tests.scenarios.lookout import CONTOSO, LOST, Lookout, open_lookout
from tests.watching import guid

DAY = timedelta(days=1)


@pytest.fixture
async def lookout(tmp_path: Path) -> AsyncIterator[Lookout]:
    """Contoso, connected, not scanned yet."""
    async with open_lookout(f"sqlite+aiosqlite:///{tmp_path / 'scans.db'}") as opened:
        await opened.connect()
        yield opened


async def test_a_list_not_read_to_its_end_resolves_nothing(lookout: Lookout) -> None:
    """The list cannot be read to its end: what was on it is not gone."""
    await lookout.looks()
    before = {alert.fact_key for alert in await lookout.open_alerts()}
    stored = (await lookout.stored())[1]
    apps = lookout.entra.tenant.applications
    for each in [each for each in apps.values() if each["displayName"] != "Gatehouse"]:
        del apps[each["id"]]
    lookout.entra.faults.set("error", -1, path="/applications", status=500)
    reading = await lookout.looks()
    assert not reading.read_all_apps
    after = {alert.fact_key for alert in await lookout.open_alerts()}
    assert after - before == {"scan"}
    assert before <= after
    tenant, still = await lookout.stored()
    assert still == stored
    assert tenant.last_scan_at is not None
    assert tenant.last_scan_at < reading.began_at


async def test_a_failed_read_is_an_alert_and_resolves_when_it_works(
    lookout: Lookout,
) -> None:
    """It names the part and the remedy."""
    lookout.entra.faults.set("error", -1, path="/applications", status=500)
    await lookout.looks()
    (alert,) = await lookout.open_alerts(AlertKind.SCAN_FAILING)
    assert "app registrations" in alert.facts["part"]
    assert alert.facts["remedy"]
    assert await lookout.wanted(alert) == 1
    await lookout.looks()
    assert await lookout.wanted(alert) == 1, "the same failure is no news"
    lookout.entra.faults.off("error")
    await lookout.looks()
    assert (await lookout.again(alert)).status is AlertStatus.RESOLVED


async def test_throttling_is_waited_for(lookout: Lookout) -> None:
    """Retry-After is honoured; the scan is complete in the end."""
    lookout.entra.faults.throttle(times=3, retry_after=1)
    assert (await lookout.looks()).is_complete


async def test_a_refused_sign_in_alerts_with_entras_code_and_resolves(
    lookout: Lookout,
) -> None:
    """The connection is failing; other alerts stay as they were."""
    await lookout.looks()
    names = await lookout.names()
    lookout.entra.faults.login_error(7000222)
    await lookout.looks()
    (alert,) = await lookout.open_alerts(AlertKind.SIGN_IN_FAILING)
    assert alert.facts["code"] == "AADSTS7000222"
    assert "AADSTS7000222" in alert.facts["message"]
    assert (await lookout.stored())[0].status is TenantStatus.FAILING
    assert await lookout.names() == names
    lookout.entra.faults.off("login_error")
    await lookout.looks()
    assert (await lookout.again(alert)).resolution == "Gatehouse signs in again."
    assert (await lookout.stored())[0].status is TenantStatus.ACTIVE


async def test_time_goes_on_while_a_tenant_cannot_be_read(lookout: Lookout) -> None:
    """Known ends are still told, and the card says that they are from memory."""
    await lookout.looks()
    alert = await lookout.alert_of("Status Page")
    lookout.entra.faults.login_error(7000222)
    await lookout.looks(later=8 * DAY)
    worse = await lookout.again(alert)
    assert worse.stage is Stage.SEVEN_DAYS
    assert worse.facts["from_memory"] == "yes"
    assert await lookout.wanted(alert, ":7") == 1
    lookout.entra.faults.off("login_error")
    await lookout.looks()
    assert "from_memory" not in (await lookout.again(alert)).facts


async def test_an_unreachable_entra_is_a_failed_scan_not_a_refusal(
    lookout: Lookout,
) -> None:
    """Nobody has to change a secret because a network is down."""
    lookout.entra.faults.set("network_down", -1)
    await lookout.looks()
    kinds = [alert.kind for alert in await lookout.open_alerts()]
    assert kinds == [AlertKind.SCAN_FAILING]
    assert (await lookout.stored())[0].status is TenantStatus.ACTIVE


async def test_one_tenants_failure_is_its_own(lookout: Lookout) -> None:
    """Another tenant that does not exist at Entra changes nothing for Contoso."""
    await lookout.connect(
        id=LOST, tenant_id=TenantId(guid("x")), client_id=ClientId(guid("y"))
    )
    reading = await lookout.looks(connection=LOST)
    assert reading.refusal is not None
    assert reading.refusal.aadsts == 90002
    assert (await lookout.looks()).is_complete
    assert AlertKind.SIGN_IN_FAILING not in {
        alert.kind for alert in await lookout.open_alerts()
    }


async def test_a_tenant_that_was_disconnected_is_left_alone(lookout: Lookout) -> None:
    """The scan was on its way already."""
    async with lookout.database.sessions.begin() as session:
        await tenants.remove(session, CONTOSO)
    assert await lookout.scan.run(CONTOSO) is None
    assert await lookout.open_alerts() == []


async def test_a_stored_credential_that_does_not_open_is_told(
    lookout: Lookout,
) -> None:
    """The keys were lost: an alert with the remedy, not silence."""
    lookout.keys.__init__([lookout.keys.generate_key()])  # type: ignore[misc]  # lost
    await lookout.looks()
    (alert,) = await lookout.open_alerts(AlertKind.SCAN_FAILING)
    assert alert.facts["code"] == "decryption_failed"
