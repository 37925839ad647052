"""The whole sandbox in one process: where a bot is led, what the page sees and does."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import msal
import pytest

from sandbox.graph.fault_list import known_faults
from sandbox.runner import CLOUDS, Sandbox
from sandbox.seeds.entra_apps import CONSENTED
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, BOT_SECRET_VALUE, TENANT_ID
from tests.sandbox.graph.calling import DANA, group_id


class Page:
    """What the page asks of the control routes."""

    def __init__(self, sandbox: Sandbox, http: httpx.AsyncClient) -> None:
        self.sandbox, self.http = sandbox, http

    async def see(self, what: str) -> dict[str, Any]:
        answer = (await self.http.get(f"/control/entra/{what}")).json()
        assert answer["ok"] is True
        seen: dict[str, Any] = answer
        return seen

    async def act(self, what: str, **body: Any) -> dict[str, Any]:
        answer = (await self.http.post(f"/control/entra/{what}", json=body)).json()
        assert answer["ok"] is True, answer
        done: dict[str, Any] = answer
        return done

    async def refused(self, what: str, **body: Any) -> str:
        answer = await self.http.post(f"/control/entra/{what}", json=body)
        assert answer.status_code == 400
        assert answer.json()["ok"] is False
        assert answer.json()["message"]
        return str(answer.json()["error"])

    async def app(self, name: str) -> dict[str, Any]:
        apps = (await self.see("tenant"))["apps"]
        found: dict[str, Any] = next(a for a in apps if a["displayName"] == name)
        return found


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with (
        Sandbox() as sandbox,
        httpx.AsyncClient(base_url=sandbox.page_url, trust_env=False) as http,
    ):
        yield Page(sandbox, http)


async def test_environment_leads_a_bot_everywhere(page: Page) -> None:
    env = page.sandbox.bot_environment()

    clouds = json.loads(env["GATEHOUSE_CLOUDS"])
    assert tuple(clouds) == CLOUDS
    context = ssl.create_default_context(cafile=env["GATEHOUSE_CA_BUNDLE"])
    async with httpx.AsyncClient(verify=context, trust_env=False) as http:
        login = f"{clouds['china']['login']}/{TENANT_ID}/v2.0/.well-known"
        answer = await http.get(f"{login}/openid-configuration")
    assert answer.json()["issuer"].endswith(f"{TENANT_ID}/v2.0")
    slack = await page.http.post(
        f"{env['GATEHOUSE_SLACK_API_URL']}auth.test",
        headers={"Authorization": f"Bearer {env['SLACK_BOT_TOKEN']}"},
    )
    assert slack.json()["ok"] is True
    assert (await page.http.get("/")).headers["Content-Type"].startswith("text/html")


async def test_page_sees_the_tenant(page: Page) -> None:
    seen = await page.see("tenant")

    assert seen["tenant"]["displayName"] == "Contoso Ltd"
    dana = next(user for user in seen["users"] if user["id"] == DANA)
    assert dana["accountEnabled"] is True
    assert "All Sales (dynamic)" in dana["groups"]
    assert [m["type"] for m in dana["methods"] if m["default"]] == [
        "microsoftAuthenticator"
    ]
    assert {group["kind"] for group in seen["groups"]} == {
        "security",
        "Microsoft 365",
        "dynamic",
        "synced",
        "mail-enabled security",
        "distribution list",
        "role-assignable",
    }
    assert [c["days"] for c in (await page.app("Payroll Export"))["credentials"]] == [
        -3.0
    ]


async def test_bot_app_can_sign_in_with_what_the_page_shows(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    bot = (await page.see("tenant"))["bot_app"]
    assert (bot["clientId"], bot["secret_value"]) == (BOT_CLIENT_ID, BOT_SECRET_VALUE)
    pem = bot["certificate_pem"]
    at = pem.index("-----BEGIN CERTIFICATE")

    def sign_in(credential: Any) -> dict[str, Any]:
        app = msal.ConfidentialClientApplication(
            bot["clientId"],
            authority=f"{page.sandbox.entra_url}/{TENANT_ID}",
            client_credential=credential,
            verify=str(page.sandbox.ca_file),
            instance_discovery=False,
        )
        answer: dict[str, Any] = app.acquire_token_for_client(
            [f"{page.sandbox.entra_url}/.default"]
        )
        app.http_client.close()
        return answer

    for credential in (
        bot["secret_value"],
        {"private_key": pem[:at], "public_certificate": pem[at:]},
    ):
        assert "access_token" in await asyncio.to_thread(sign_in, credential)


async def test_consent_is_granted_revoked_and_mistaken(page: Page) -> None:
    async def bot() -> dict[str, Any]:
        seen: dict[str, Any] = (await page.see("tenant"))["bot_app"]
        return seen

    before = await bot()
    assert set(before["granted"]) == set(CONSENTED)
    assert before["delegated"] == ["LicenseAssignment.Read.All"]

    await page.act("consent", all=True)
    everything = await bot()
    assert set(everything["granted"]) == set(everything["requested"])

    await page.act("consent", revoke=["User.Read.All"])
    assert "User.Read.All" not in (await bot())["granted"]
    assert "User.Read.All" in (await bot())["requested"]

    await page.act("consent", delegated=["AuditLog.Read.All"])
    mistaken = await bot()
    assert "AuditLog.Read.All" in mistaken["delegated"]
    assert "AuditLog.Read.All" not in mistaken["granted"] + mistaken["requested"]

    await page.act("consent", grant=["AuditLog.Read.All", "User.Read.All"])
    assert "AuditLog.Read.All" in (await bot())["granted"]
    assert "AuditLog.Read.All" not in (await bot())["delegated"]
    assert await page.refused("consent", grant=["Nothing.Read"]) == "unknown_permission"


async def test_credentials_are_added_expired_and_removed(page: Page) -> None:
    added = await page.act(
        "app", app="CRM Connector", add_secret={"displayName": "New", "days": 180}
    )
    credentials = (await page.app("CRM Connector"))["credentials"]
    assert sorted(c["days"] for c in credentials) == [1.0, 180.0]
    assert added["secretText"][:3] == credentials[-1]["hint"]

    await page.act("app", app="CRM Connector", set_days={added["keyId"]: 2})
    await page.act("app", app="CRM Connector", expire=credentials[0]["keyId"])
    credentials = (await page.app("CRM Connector"))["credentials"]
    assert [c["days"] for c in credentials] == [0.0, 2.0]
    assert credentials[0]["endDateTime"] < page.sandbox.entra.now().isoformat()

    await page.act("app", app=BOT_CLIENT_ID, enabled=False)
    assert (await page.see("tenant"))["bot_app"]["enabled"] is False
    await page.act("app", app="CRM Connector", remove=added["keyId"])
    assert len((await page.app("CRM Connector"))["credentials"]) == 1
    assert await page.refused("app", app="Nothing") == "app_not_found"
    assert (
        await page.refused("app", app="CRM Connector", remove="x")
        == "credential_not_found"
    )


async def test_tenant_moves_and_buys(page: Page) -> None:
    here = page.sandbox.entra.tenant
    before = await page.act("tenant")
    assert before["cloud"] == "global"
    assert before["plans"] == ["AAD_PREMIUM", "AAD_PREMIUM_P2", "INTUNE_A"]

    moved = await page.act("tenant", cloud="china", plans={"AAD_PREMIUM_P2": False})

    assert moved["plans"] == ["AAD_PREMIUM", "INTUNE_A"]
    assert here.cloud == (await page.see("tenant"))["tenant"]["cloud"] == "china"
    assert await page.refused("tenant", cloud="moon") == "unknown_cloud"
    assert await page.refused("tenant", plans={"GOLD": True}) == "unknown_plan"
    again = await page.act("tenant", plans={"AAD_PREMIUM_P2": True})
    assert again["plans"] == before["plans"]


async def test_log_entries_are_added_late(page: Page) -> None:
    before = list(page.sandbox.entra.tenant.sign_ins)

    added = await page.act(
        "log", log="signIns", minutes_ago=40, entry={"appDisplayName": "Late"}
    )

    entry = added["entry"]
    assert page.sandbox.entra.tenant.sign_ins == [*before, entry]
    assert entry["appDisplayName"] == "Late"
    age = page.sandbox.entra.now() - datetime.fromisoformat(entry["createdDateTime"])
    assert 39 < age.total_seconds() / 60 < 41
    assert await page.refused("log", log="dreams") == "unknown_log"


async def test_user_is_changed(page: Page) -> None:
    await page.act(
        "user",
        userPrincipalName="lee@contoso.example",
        jobTitle="Admin",
        roles=["Global Administrator"],
    )

    users = (await page.see("tenant"))["users"]
    lee = next(user for user in users if user["displayName"] == "Lee Park")
    assert (lee["jobTitle"], lee["roles"]) == ("Admin", ["Global Administrator"])
    assert await page.refused("user", id="nobody") == "user_not_found"
    assert await page.refused("user", id=DANA, shoeSize=43) == "unknown_property"
    assert await page.refused("user", id=DANA, roles=["King"]) == "unknown_role"


async def test_faults_are_switched(page: Page) -> None:
    listed = (await page.see("faults"))["faults"]
    assert [f["name"] for f in listed] == [f.name for f in known_faults()]
    assert [f["name"] for f in listed if f["on"]] == ["forbid_privileged"]

    await page.act("faults", name="throttle", on=True, params={"retry_after": "4"})
    assert page.sandbox.entra.faults.params("throttle")["retry_after"] == 4

    await page.act("faults", name="throttle", on=True, params={"n": 2})
    answer = await page.act("faults", name="forbid_privileged", on=False)
    states = {f["name"]: f for f in answer["faults"]}
    assert states["throttle"]["params"]["n"] == 2
    assert states["forbid_privileged"]["on"] is False
    assert await page.refused("faults", name="gremlins", on=True) == "unknown_fault"
    assert (
        await page.refused("faults", name="slow", on=True, params={"colour": 1})
        == "bad_params"
    )


async def test_requests_are_shown_since_a_number(page: Page) -> None:
    context = ssl.create_default_context(cafile=str(page.sandbox.ca_file))
    async with httpx.AsyncClient(
        base_url=page.sandbox.entra_url, verify=context, trust_env=False
    ) as http:
        headers = {"Authorization": "Bearer secret-token"}
        await http.get("/v1.0/organization", headers=headers)
        await http.get("/v1.0/users", headers=headers)

    first, second = (await page.see("requests"))["requests"]

    assert first["url"] == "https://graph.microsoft.com/v1.0/organization"
    assert first["status"] == 401
    assert first["reason"].startswith("InvalidAuthenticationToken")
    assert "secret-token" not in json.dumps([first, second])
    later = (await page.see(f"requests?since={first['seq']}"))["requests"]
    assert later == [second]
    assert (await page.http.get("/control/entra/requests?since=x")).status_code == 400


async def test_reset_and_bad_bodies(page: Page) -> None:
    page.sandbox.entra.tenant.members[group_id("VPN Access")].clear()
    await page.act("reset")

    assert DANA in page.sandbox.entra.tenant.members[group_id("VPN Access")]
    for content in (b"{", b"[]"):
        answer = await page.http.post("/control/entra/user", content=content)
        assert answer.json()["error"] == "bad_json"


async def test_changes_are_announced(page: Page) -> None:
    async with page.http.stream("GET", "/control/events") as stream:
        lines = stream.aiter_lines()
        first = await anext(lines)
        await anext(lines)  # the empty one that ends an event
        await page.act("user", id=DANA, jobTitle="Left")
        second = await anext(lines)

    assert first.startswith("data: ")
    assert "tenant" in json.loads(second.removeprefix("data: "))["what"]


async def test_small_seed_is_the_workspace_alone() -> None:
    async with Sandbox(seed="small") as sandbox:
        assert len(sandbox.entra.tenant.users) == 7
        assert DANA in sandbox.entra.tenant.users
