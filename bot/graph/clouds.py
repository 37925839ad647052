"""The national clouds as data: hosts, portal links, and what a cloud lacks.

Source: Microsoft Graph "National cloud deployments" and Entra "Azure AD authentication
endpoints". Graph's page and Entra's disagree on China's login host; Entra's is used,
since the other one is deprecated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import quote, urlencode

from bot.domain.clouds import Cloud
from bot.domain.errors import BotError
from bot.domain.ids import ClientId, TenantId

Overrides = Mapping[str, Mapping[str, str]]

_REGISTRATION_BLADE = "#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~"


@dataclass(frozen=True)
class CloudHosts:
    """Where one cloud lives; every address is an https origin without a final slash.

    Attributes:
        login: `/{tenant}/oauth2/v2.0/token` is appended.
        graph: `/v1.0/…` is appended; also the audience of tokens.
        portal: the Azure portal; shows app registrations too.
        entra_portal: the Entra admin centre, or the Azure portal where a cloud's
            centre is not documented.
        method_collections: the only collections of authentication methods, to be
            listed one by one; None where all can be listed at once.
    """

    cloud: Cloud
    login: str
    graph: str
    portal: str
    entra_portal: str
    method_collections: tuple[str, ...] | None = None

    @property
    def scope(self) -> str:
        """The only scope that client credentials may ask for."""
        return f"{self.graph}/.default"


CLOUDS: Mapping[Cloud, CloudHosts] = MappingProxyType(
    {
        Cloud.GLOBAL: CloudHosts(
            Cloud.GLOBAL,
            login="https://login.microsoftonline.com",
            graph="https://graph.microsoft.com",
            portal="https://portal.azure.com",
            entra_portal="https://entra.microsoft.com",
        ),
        Cloud.GCC_HIGH: CloudHosts(
            Cloud.GCC_HIGH,
            login="https://login.microsoftonline.us",
            graph="https://graph.microsoft.us",
            portal="https://portal.azure.us",
            entra_portal="https://portal.azure.us",
        ),
        Cloud.DOD: CloudHosts(
            Cloud.DOD,
            login="https://login.microsoftonline.us",
            graph="https://dod-graph.microsoft.us",
            portal="https://portal.azure.us",
            entra_portal="https://portal.azure.us",
        ),
        Cloud.CHINA: CloudHosts(
            Cloud.CHINA,
            login="https://login.partner.microsoftonline.cn",
            graph="https://microsoftgraph.chinacloudapi.cn",
            portal="https://portal.azure.cn",
            entra_portal="https://portal.azure.cn",
            # v1.0 metadata of this cloud has no list over all methods.
            method_collections=(
                "microsoftAuthenticatorMethods",
                "phoneMethods",
                "platformCredentialMethods",
            ),
        ),
    }
)


class CloudSettingError(BotError):
    """An override of a cloud's addresses that cannot be used."""

    code = "cloud_setting"


def hosts(cloud: Cloud, overrides: Overrides | None = None) -> CloudHosts:
    """A cloud's addresses, with those of `overrides` in place of Microsoft's.

    Args:
        overrides: by cloud value, e.g. {"global": {"login": …, "graph": …}}.

    Raises:
        CloudSettingError: an override names an unknown place, or is not https.
    """
    usual, given = CLOUDS[cloud], (overrides or {}).get(cloud.value, {})
    for name, address in given.items():
        _check_override(cloud, name, address)
    return replace(
        usual,
        login=given.get("login", usual.login).rstrip("/"),
        graph=given.get("graph", usual.graph).rstrip("/"),
        portal=given.get("portal", usual.portal).rstrip("/"),
        entra_portal=given.get("entra_portal", usual.entra_portal).rstrip("/"),
    )


def _check_override(cloud: Cloud, name: str, address: str) -> None:
    if name not in ("login", "graph", "portal", "entra_portal"):
        raise CloudSettingError(
            f'GATEHOUSE_CLOUDS names "{name}" for {cloud.value}.',
            remedy='Use "login", "graph", "portal" or "entra_portal".',
        )
    if not address.startswith("https://"):
        raise CloudSettingError(
            f"GATEHOUSE_CLOUDS gives {address} as {name} of {cloud.value}.",
            remedy="Give an address that begins with https://.",
        )


def api_permissions_link(cloud: Cloud, client_id: ClientId) -> str:
    """The registration's API permissions page, which holds the consent button."""
    return _registration_link(cloud, "CallAnAPI", client_id)


def credentials_link(cloud: Cloud, client_id: ClientId) -> str:
    """The registration's "Certificates & secrets" page."""
    return _registration_link(cloud, "Credentials", client_id)


def admin_consent_link(
    place: CloudHosts,
    tenant_id: TenantId,
    client_id: ClientId,
    *,
    redirect_uri: str,
    state: str = "",
) -> str:
    """Where an administrator grants everything that the registration requests.

    Works only if the registration has `redirect_uri` among its redirect URIs.
    """
    query = {"client_id": str(client_id), "redirect_uri": redirect_uri}
    if state:
        query["state"] = state
    asked = urlencode(query, quote_via=quote)
    return f"{place.login}/{tenant_id}/adminconsent?{asked}"


def _registration_link(cloud: Cloud, blade: str, client_id: ClientId) -> str:
    portal = CLOUDS[cloud].entra_portal
    return f"{portal}/{_REGISTRATION_BLADE}/{blade}/appId/{client_id}"
