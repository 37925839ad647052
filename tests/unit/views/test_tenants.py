"""A tenant in words: the message, status, help, Home, and the modals that change it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clouds import Cloud
from bot.domain.dashboard import TenantOverview, WorkspaceOverview
from bot.domain.errors import InputError
from bot.domain.ids import ConnectionId
from bot.domain.permissions import NEEDS, AppRole, Feature
from bot.domain.tenants import Field, Tenant, TenantStatus
from bot.views.connect import Trouble
from bot.views.disconnect import disconnect_view, disconnected_view
from bot.views.help import COMMANDS, help_blocks
from bot.views.home import closed_home_view, home_view
from bot.views.permissions import feature_text
from bot.views.rotate import RotateForm, rotate_view, rotated_view
from bot.views.status import status_message, which_tenant
from bot.views.tenant_settings import saved_view, settings_view
from bot.views.tenants import connection_message, summary
from bot.views.text import Drawing
from handlers.entra import WORDS
from sandbox.slack.blocks.judge import find_faults, judge_message, judge_view
from sandbox.slack.blocks.spots import Surface
from sandbox.slack.clock import Clock
from sandbox.slack.ids import Mint
from tests.watching import NOW, a_credential, a_tenant, guid

pytestmark = pytest.mark.quick

EVERYTHING = frozenset(str(need.role) for need in NEEDS)
NEEDED = frozenset(str(need.role) for need in NEEDS if not need.optional)
HOSTILE = "<!channel> *bold* `code` & \u202eeurt"


def granted(*roles: str, **changes: Any) -> Tenant:
    """Contoso with these permissions."""
    return a_tenant(granted=frozenset(roles), **changes)


def many(number: int) -> list[Tenant]:
    """Tenants with long, hostile names."""
    return [
        replace(
            granted(*EVERYTHING),
            id=ConnectionId(guid(f"connection {n}")),
            name=f"{HOSTILE} {n} {'x' * 60}"[:60],
        )
        for n in range(number)
    ]


def overview(tenants: list[Tenant]) -> WorkspaceOverview:
    """Each with an alert, a request and something that ends."""
    ending = a_credential(app=HOSTILE)
    return WorkspaceOverview(
        NOW, [TenantOverview(each, 1, ending, 2) for each in tenants]
    )


def good(drawing: Drawing) -> str:
    """A message's blocks as text, after Slack's own checks."""
    judge_message(drawing.blocks)
    assert len(drawing.text) < 4000
    return json.dumps(drawing.blocks, ensure_ascii=False)


@pytest.mark.parametrize(
    ("tenant", "words"),
    [
        (granted(*EVERYTHING), "everything that Gatehouse uses is granted"),
        (granted(*NEEDED), "everything needed is granted (11 optional permissions"),
        (
            granted(*NEEDED, "Directory.Read.All", cloud=Cloud.DOD),
            "everything needed is granted (5 optional permissions are not).",
        ),
        (granted(), "nothing is consented"),
        (granted(*EVERYTHING, status=TenantStatus.FAILING), "sign-in fails"),
        (granted(status=TenantStatus.DISCONNECTED), "disconnected"),
        (
            granted("Organization.Read.All", "Application.Read.All"),
            "set up for watching only",
        ),
        (granted("Organization.Read.All"), "missing for core and watch"),
        (
            granted("Directory.Read.All", "User.RevokeSessions.All"),
            "missing for deprovisioning",
        ),
    ],
)
def test_one_line_says_how_it_stands(tenant: Tenant, words: str) -> None:
    assert words in summary(tenant)
    good(connection_message(tenant))


def test_a_broader_permission_serves() -> None:
    text = feature_text(granted("Directory.Read.All").report, Feature.CORE)

    assert "`Organization.Read.All` (through `Directory.Read.All`)" in text
    assert ":x:" not in text


def test_each_missing_permission_says_why() -> None:
    tenant = granted(
        delegated=frozenset({"User.Read.All"}),
        requested=frozenset({"User.RevokeSessions.All"}),
    )

    text = feature_text(tenant.report, Feature.DEPROVISIONING)

    assert (
        ":x: `User.Read.All` (chosen as *Delegated*, needed as *Application*)" in text
    )
    assert ":x: `User.RevokeSessions.All` (requested, consent not granted)" in text
    assert ":x: `GroupMember.Read.All`: name the leaver's groups" in text
    assert ":white_circle: `RoleManagement.Read.Directory` (optional)" in text


@pytest.mark.parametrize(
    ("cloud", "portal"),
    [
        (Cloud.GLOBAL, "https://entra.microsoft.com/"),
        (Cloud.GCC_HIGH, "https://portal.azure.us/"),
        (Cloud.CHINA, "https://portal.azure.cn/"),
    ],
)
def test_links_lead_to_the_clouds_own_portal(cloud: Cloud, portal: str) -> None:
    said = good(connection_message(granted(cloud=cloud)))

    assert f'"{portal}#view/' in said
    assert "/CallAnAPI/" in said


def test_the_consent_link_is_there_only_where_it_works() -> None:
    tenant = granted()

    assert 'Grant admin consent"' not in good(connection_message(tenant))
    said = good(connection_message(tenant, "https://login.example/adminconsent"))
    assert "https://login.example/adminconsent" in said


def test_a_tenant_that_lacks_everything_still_fits_into_a_message() -> None:
    """All asked for in the wrong way, and as many words of others as there may be."""
    tenant = granted(
        delegated=EVERYTHING,
        requested=EVERYTHING,
        problems=("&" * 600,) * 3,
        verified_domains=("&" * 80,) * 9,
    )

    said = good(connection_message(tenant))

    assert "each is optional" in said
    wrong = said.count("(chosen as *Delegated*, needed as *Application*)")
    assert wrong == len(NEEDS) - 1, "all but the one that is optional for leavers"


def test_foreign_names_stay_harmless() -> None:
    tenant = granted(
        display_name=HOSTILE,
        name=HOSTILE,
        verified_domains=(HOSTILE,),
        problems=(HOSTILE,),
    )

    message = connection_message(tenant)
    said = [each for each in message.blocks if each["type"] != "header"]
    assert "<!channel>" not in json.dumps(said) + message.text
    assert "\u202e" not in good(message) + message.text


@pytest.mark.parametrize("number", [0, 1, 12, 13, 100])
def test_messages_about_many_tenants_keep_slacks_limits(number: int) -> None:
    tenants = many(number)

    good(status_message(overview(tenants)))
    good(which_tenant(tenants, "Which?", "tenant.report", "Show"))


@pytest.mark.parametrize("number", [0, 1, 20, 100])
@pytest.mark.parametrize("is_admin", [True, False])
def test_homes_keep_slacks_limits(number: int, is_admin: bool) -> None:
    view = home_view(overview(many(number)), is_admin=is_admin, who="<@UADA>")

    judge_view(view, Mint(Clock()), modal=False)
    judge_view(closed_home_view("<@UADA>"), Mint(Clock()), modal=False)


TROUBLE = Trouble(InputError(Field.NAME, "No.", remedy="Another."), Field.NAME)
VIEWS: dict[str, Callable[[list[Tenant]], dict[str, Any]]] = {
    "rotate": lambda tenants: rotate_view(RotateForm(tenants), TROUBLE),
    "rotated": lambda tenants: rotated_view(tenants[0]),
    "disconnect": lambda tenants: disconnect_view(tenants, trouble=TROUBLE),
    "disconnected": lambda tenants: disconnected_view(tenants[0], 3),
    "settings": lambda tenants: settings_view(
        tenants, tenants[0], tenants[0].settings, TROUBLE
    ),
    "saved": lambda tenants: saved_view(tenants[0]),
}


@pytest.mark.parametrize("number", [1, 2, 120])
@pytest.mark.parametrize("name", VIEWS)
def test_modals_keep_slacks_limits(name: str, number: int) -> None:
    judge_view(VIEWS[name](many(number)), Mint(Clock()), modal=True)


def test_a_tenants_settings_have_fields_of_their_own() -> None:
    """Or what was typed for one tenant would be saved for another."""
    one, two = many(2)

    def ids(tenant: Tenant) -> set[str]:
        view = settings_view([one, two], tenant, tenant.settings)
        return {each["block_id"] for each in view["blocks"] if "element" in each}

    assert ids(one) & ids(two) == {"tenant"}


def test_status_counts_days_from_when_it_was_read() -> None:
    tenant = granted(*EVERYTHING, credential_ends_at=NOW + timedelta(days=3, hours=1))

    said = good(status_message(overview([tenant])))

    assert "(3 days left)" in said
    gone = replace(tenant, credential_ends_at=NOW - timedelta(seconds=1))
    assert "(expired)" in good(status_message(overview([gone])))


def test_help_names_every_command() -> None:
    said = json.dumps(help_blocks("<!channel>"))

    assert all(f"/entra {word}" in said for word in COMMANDS)
    assert set(COMMANDS) == set(WORDS)
    assert "<!channel>" not in said
    assert find_faults(help_blocks(), Surface.MESSAGE) == []


def test_every_permission_is_spelled_in_full() -> None:
    said = good(connection_message(granted()))

    assert all(str(need.role) in said for need in NEEDS)
    assert AppRole.USER_READ_ALL in said
