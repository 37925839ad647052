"""The four clouds, and addresses put in place of Microsoft's."""

from uuid import UUID

import pytest

from bot.domain.clouds import Cloud
from bot.domain.ids import ClientId, TenantId
from bot.graph.clouds import (
    CLOUDS,
    CloudSettingError,
    admin_consent_link,
    api_permissions_link,
    credentials_link,
    hosts,
)

pytestmark = pytest.mark.quick

APP = ClientId(UUID("5d3c2b1a-0f9e-4d8c-b7a6-95847362514f"))


def test_every_cloud_is_there_and_differs() -> None:
    assert set(CLOUDS) == set(Cloud)
    assert len({place.graph for place in CLOUDS.values()}) == 4
    for cloud, place in CLOUDS.items():
        assert place.cloud is cloud
        assert place.scope == f"{place.graph}/.default"
        for address in (place.login, place.graph, place.portal, place.entra_portal):
            assert address.startswith("https://")
            assert not address.endswith("/")


def test_addresses_put_in_place_of_microsofts() -> None:
    here = {"login": "https://127.0.0.1:8443/", "graph": "https://127.0.0.1:8443"}

    place = hosts(Cloud.CHINA, {"china": here})

    assert place.login == place.graph == "https://127.0.0.1:8443"
    assert place.portal == CLOUDS[Cloud.CHINA].portal
    assert place.method_collections == CLOUDS[Cloud.CHINA].method_collections
    assert hosts(Cloud.GLOBAL, {"china": here}) == CLOUDS[Cloud.GLOBAL]
    assert hosts(Cloud.DOD) == CLOUDS[Cloud.DOD]


@pytest.mark.parametrize(
    "override", [{"graph": "http://127.0.0.1"}, {"grapf": "https://127.0.0.1"}]
)
def test_addresses_that_cannot_be_used(override: dict[str, str]) -> None:
    with pytest.raises(CloudSettingError) as caught:
        hosts(Cloud.GLOBAL, {"global": override})

    assert "GATEHOUSE_CLOUDS" in caught.value.message
    assert caught.value.remedy


def test_links_lead_to_the_clouds_own_portal() -> None:
    assert api_permissions_link(Cloud.GLOBAL, APP) == (
        "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/"
        f"ApplicationMenuBlade/~/CallAnAPI/appId/{APP}"
    )
    assert "/~/Credentials/" in credentials_link(Cloud.GLOBAL, APP)
    assert credentials_link(Cloud.GCC_HIGH, APP).startswith("https://portal.azure.us/#")
    assert credentials_link(Cloud.CHINA, APP).startswith("https://portal.azure.cn/#")


def test_the_consent_link_is_encoded() -> None:
    link = admin_consent_link(
        CLOUDS[Cloud.DOD],
        TenantId(UUID(int=1)),
        APP,
        redirect_uri="https://bot.example/done?a=b",
        state="x y",
    )

    assert link == (
        f"https://login.microsoftonline.us/{UUID(int=1)}/adminconsent?client_id={APP}"
        "&redirect_uri=https%3A%2F%2Fbot.example%2Fdone%3Fa%3Db&state=x%20y"
    )
