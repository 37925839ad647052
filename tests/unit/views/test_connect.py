"""The connect modal: its labels, what it keeps, and Slack's limits."""

import json
from dataclasses import replace

import pytest

from bot.domain.clouds import Cloud
from bot.domain.errors import BotError, InputError
from bot.domain.permissions import NEEDS
from bot.domain.tenants import Field, SignInKind, TenantStatus
from bot.views.connect import (
    ConnectForm,
    Trouble,
    checking_view,
    connect_view,
    outcome_view,
)
from bot.views.text import Block, View
from sandbox.graph.certificates import make_app_certificate
from sandbox.slack.blocks.judge import judge_view
from sandbox.slack.clock import Clock
from sandbox.slack.ids import Mint
from tests.watching import NOW, a_tenant

pytestmark = pytest.mark.quick

FILLED = ConnectForm(
    name="Contoso & <Söhne>",
    cloud=Cloud.CHINA,
    tenant_id="8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001",
    client_id="5d3c2b1a-0f9e-4d8c-b7a6-95847362514f",
    alerts_channel="CALERTS",
    approvals_channel="CAPPROVE",
    approvers=("UAMIR", "UNORA"),
)
WRONG_SECRET = InputError(
    Field.SECRET, "The client secret is wrong.", remedy="Copy the Value."
)


def judged(view: View) -> View:
    """The view, after Slack's own checks."""
    return dict(judge_view(view, Mint(Clock()), modal=True))


def labels(view: View) -> list[str]:
    """The labels of the fields, in order."""
    return [each["label"]["text"] for each in view["blocks"] if "label" in each]


def block(view: View, block_id: str) -> Block:
    """The block with an ID."""
    (found,) = [each for each in view["blocks"] if each.get("block_id") == block_id]
    return dict(found)


def test_the_labels_are_the_contract() -> None:
    view = judged(connect_view(ConnectForm()))

    assert labels(view) == [
        "Name",
        "Cloud",
        "Directory (tenant) ID",
        "Application (client) ID",
        "Sign in with",
        "Client secret value",
        "Alerts channel",
        "Approvals channel",
        "Approvers",
    ]
    assert view["submit"]["text"] == "Connect"
    options = block(view, "cloud")["element"]["options"]
    assert [option["text"]["text"] for option in options] == [
        "Global",
        "US Government GCC High",
        "US Government DoD",
        "China (21Vianet)",
    ]


def test_switching_changes_one_field_and_no_other_id() -> None:
    """Slack keeps what was typed where block and action IDs stay."""
    secret = judged(connect_view(FILLED))
    certificate = judged(connect_view(replace(FILLED, sign_in=SignInKind.CERTIFICATE)))

    def ids(view: View) -> set[tuple[str, str]]:
        fields = [each for each in view["blocks"] if "element" in each]
        return {(each["block_id"], each["element"]["action_id"]) for each in fields}

    assert ids(secret) ^ ids(certificate) == {
        ("secret", "secret"),
        ("certificate", "certificate"),
    }
    assert "Certificate and private key (PEM)" in labels(certificate)
    assert block(secret, "sign_in")["dispatch_action"] is True


def test_trouble_is_told_on_top_and_flagged_under_the_field() -> None:
    view = judged(
        connect_view(FILLED, Trouble(WRONG_SECRET, "secret", hint="Copied whole?"))
    )

    banner = view["blocks"][0]["text"]["text"]
    assert banner == (
        ":warning: *Not connected.* The client secret is wrong.\n"
        "*Next:* Copy the Value.\nCopied whole?"
    )
    assert "must be pasted again" in view["blocks"][1]["elements"][0]["text"]
    at = [each.get("block_id") for each in view["blocks"]].index("secret")
    flag = view["blocks"][at + 1]["elements"][0]["text"]
    assert flag == ":triangular_flag_on_post: *The client secret is wrong.*"


def test_what_was_typed_is_shown_again_but_for_the_credential() -> None:
    view = judged(connect_view(FILLED, Trouble(WRONG_SECRET, "secret")))

    assert block(view, "name")["element"]["initial_value"] == FILLED.name
    assert block(view, "tenant_id")["element"]["initial_value"] == FILLED.tenant_id
    assert block(view, "cloud")["element"]["initial_option"]["value"] == "china"
    assert block(view, "approvers")["element"]["initial_users"] == ["UAMIR", "UNORA"]
    channel = block(view, "alerts_channel")["element"]
    assert channel["initial_conversation"] == "CALERTS"
    assert "initial_value" not in block(view, "secret")["element"]


def test_the_form_has_no_place_for_a_secret() -> None:
    """Nothing named like one, so nobody can put one in by habit."""
    names = set(ConnectForm.__dataclass_fields__)

    assert not {name for name in names if "secret" in name or "credential" in name}
    assert json.loads(json.dumps(connect_view(FILLED)))["private_metadata"] == ""


def test_trouble_without_a_field_flags_none() -> None:
    error = BotError("Graph is down.", remedy="Wait.")

    view = judged(connect_view(FILLED, Trouble(error)))

    assert ":triangular_flag_on_post:" not in json.dumps(view)


@pytest.mark.parametrize("field", list(Field))
def test_every_field_can_be_blamed(field: Field) -> None:
    kind = SignInKind.CERTIFICATE if field is Field.CERTIFICATE else SignInKind.SECRET

    view = judged(
        connect_view(replace(FILLED, sign_in=kind), Trouble(WRONG_SECRET, field))
    )

    assert json.dumps(view).count(":triangular_flag_on_post:") == 1


def test_the_wait_has_no_button_to_press_twice() -> None:
    view = judged(checking_view())

    assert "submit" not in view


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"granted": frozenset({"User.Read.All"})}, "Tenant connected"),
        ({"granted": frozenset()}, "Consent is missing"),
        (
            {
                "name": "N" * 60,
                "granted": frozenset(),
                "delegated": frozenset(need.role for need in NEEDS),
                "requested": frozenset(need.role for need in NEEDS),
                "verified_domains": tuple(f"{'d' * 200}{n}.example" for n in range(99)),
                "approvers": tuple(f"U{n:011}" for n in range(99)),
                "problems": ("<!channel> & more" * 200,),
                "display_name": "<!here> " * 40,
                "status": TenantStatus.FAILING,
                "credential_ends_at": NOW,
                "checked_at": NOW,
            },
            "Consent is missing",
        ),
    ],
)
def test_outcomes_keep_slacks_limits(changes: dict[str, object], title: str) -> None:
    view = judged(
        outcome_view(a_tenant(**changes), "https://login.example/consent?a=b")
    )

    assert view["title"]["text"] == title
    assert "<!channel>" not in json.dumps(view)
    assert "<!here>" not in json.dumps(view)


def test_the_certificate_that_the_hint_asks_for_fits_the_field() -> None:
    view = judged(connect_view(ConnectForm(sign_in=SignInKind.CERTIFICATE)))
    field = block(view, Field.CERTIFICATE)
    made = make_app_certificate("Gatehouse", NOW, 365)

    assert "CN=Gatehouse" in field["hint"]["text"]
    assert len(made.pem) <= field["element"]["max_length"] == 3000
