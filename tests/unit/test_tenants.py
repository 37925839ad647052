"""What proofs, rotations and settings make of a tenant; what a form's shape tells."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.domain.connecting import (
    changed_by,
    differences,
    failing,
    proven,
    rotated,
)
from bot.domain.dashboard import TenantOverview, WorkspaceOverview
from bot.domain.ids import ChannelId, SlackUserId
from bot.domain.permissions import PermissionReport
from bot.domain.tenants import (
    AppCredential,
    Connection,
    SignInKind,
    TenantSettings,
    TenantStatus,
)
from bot.graph.applications import Application, PasswordCredential
from bot.services.proof import OwnCredential, own_credential
from handlers.connect import connect_answer, read_form
from handlers.payloads import Submission
from tests.watching import NOW, a_tenant, guid

pytestmark = pytest.mark.quick

SECRET = "abc8Q~made-up-value-0123456789012345678"
CREDENTIAL = AppCredential(SignInKind.SECRET, SECRET)


def secret(name: str, *, hint: str = "abc", days: int = 30) -> PasswordCredential:
    """A secret of the registration, as Graph tells it."""
    return PasswordCredential(
        key_id=guid(name), hint=hint, end_date_time=NOW + timedelta(days=days)
    )


def registration(*secrets: PasswordCredential) -> Application:
    """Our app registration."""
    return Application(
        id=guid("app"), app_id=guid("client"), password_credentials=secrets
    )


def found(**changes: Any) -> Connection:
    """What a proof found."""
    facts: dict[str, Any] = {
        "display_name": "Contoso Ltd",
        "verified_domains": ("contoso.example",),
        "report": PermissionReport(frozenset({"User.Read.All"})),
        "credential_key_id": guid("one"),
        "credential_hint": "abc",
        "credential_ends_at": NOW + timedelta(days=30),
    }
    return Connection(**facts | changes)


def test_our_secret_is_found_by_its_first_three_characters() -> None:
    app = registration(secret("other", hint="xyz"), secret("one"))

    assert own_credential(CREDENTIAL, app, now=NOW) == OwnCredential(
        guid("one"), "abc", NOW + timedelta(days=30)
    )


def test_of_two_alike_the_soonest_end_is_told_and_no_key() -> None:
    app = registration(secret("late", days=300), secret("soon", days=3))

    own = own_credential(CREDENTIAL, app, now=NOW)

    assert own == OwnCredential(None, "abc", NOW + timedelta(days=3))


def test_one_that_has_ended_cannot_have_signed_in() -> None:
    app = registration(secret("old", days=-1), secret("one"))

    assert own_credential(CREDENTIAL, app, now=NOW).key_id == guid("one")


@pytest.mark.parametrize("app", [None, registration(secret("x", hint="xyz"))])
def test_where_nothing_fits_nothing_is_claimed(app: Application | None) -> None:
    own = own_credential(CREDENTIAL, app, now=NOW)

    assert own == OwnCredential(None, "abc", None)


def test_what_a_proof_could_not_read_keeps_its_last_value() -> None:
    before = proven(a_tenant(), found(), at=NOW)
    blind = found(
        display_name="",
        verified_domains=(),
        report=PermissionReport(frozenset()),
        credential_key_id=None,
        credential_ends_at=None,
        problems=("The tenant's name.",),
    )

    after = proven(before, blind, at=NOW + timedelta(hours=1))

    assert after.verified_domains == ("contoso.example",)
    assert after.credential_ends_at == before.credential_ends_at
    assert after.granted == frozenset(), "consent is never remembered"
    assert after.problems == blind.problems


def test_a_proof_ends_a_failure() -> None:
    ill = failing(a_tenant(), "The secret has expired.", at=NOW)
    assert ill.status is TenantStatus.FAILING

    well = proven(ill, found(), at=NOW)

    assert (well.status, well.problems) == (TenantStatus.ACTIVE, ())


def test_a_rotation_forgets_all_of_the_old_credential() -> None:
    """An end that belonged to the old secret would silence the warning."""
    before = proven(a_tenant(), found(), at=NOW)
    unknown = found(
        credential_key_id=None, credential_hint=None, credential_ends_at=None
    )

    after = rotated(before, AppCredential(SignInKind.CERTIFICATE, "pem"), unknown, NOW)

    assert after.sign_in_kind is SignInKind.CERTIFICATE
    assert after.credential_key_id is None
    assert after.credential_hint is None
    assert after.credential_ends_at is None


def test_settings_change_what_they_name_and_the_audit_says_which() -> None:
    tenant = proven(a_tenant(), found(), at=NOW)
    wanted = replace(tenant.settings, name="Contoso production")

    assert changed_by(tenant, wanted) == replace(tenant, name="Contoso production")
    assert differences(tenant.settings, wanted) == {
        "name": "Contoso -> Contoso production"
    }
    people = TenantSettings(
        tenant.name,
        ChannelId("CNEW"),
        tenant.approvals_channel,
        (SlackUserId("UNORA"), SlackUserId("URUTH")),
    )
    assert differences(tenant.settings, people) == {
        "alerts_channel": "CALERTS -> CNEW",
        "approvers": "UAMIR -> UNORA, URUTH",
    }


def test_tenants_are_meant_by_how_their_name_begins() -> None:
    names = ("Contoso production", "Contoso test", "Fabrikam")
    overview = WorkspaceOverview(
        NOW, [TenantOverview(a_tenant(name=name), 1, None, 2) for name in names]
    )

    meant = overview.named("cONTOSO")
    assert [each.tenant.name for each in meant.tenants] == list(names[:2])
    assert (meant.open_alerts, meant.pending_requests) == (2, 4)
    assert overview.named("").tenants == overview.tenants
    assert overview.named("x").tenants == []


def submitted(**typed: str) -> Submission:
    """The connect modal as sent, right but for what is named."""
    texts = {
        "name": "Contoso",
        "tenant_id": str(guid("tenant")),
        "client_id": str(guid("client")),
        "secret": SECRET,
    }
    values: dict[str, dict[str, Any]] = {
        block: {block: {"value": text}} for block, text in (texts | typed).items()
    }
    return Submission(
        user=SlackUserId("UADA"),
        workspace_id=a_tenant().workspace_id,
        view_id="V1",
        view_hash="",
        private_metadata="",
        trigger_id="1.2.3",
        values=values,
    )


def test_every_field_of_wrong_shape_is_named_at_once() -> None:
    answer = connect_answer(
        submitted(name=" ", tenant_id="x", client_id="y", secret=str(guid("secret")))
    )

    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["name", "tenant_id", "client_id", "secret"]
    assert str(guid("secret")) not in str(answer)


def test_a_right_form_waits_without_the_secret() -> None:
    answer = connect_answer(submitted())

    assert answer["response_action"] == "update"
    assert SECRET not in str(answer)


def test_a_form_sent_while_it_changed_is_not_guessed_at() -> None:
    form = submitted()
    changed = replace(
        form,
        values={name: value for name, value in form.values.items() if name != "secret"},
    )

    assert list(connect_answer(changed)["errors"]) == ["sign_in"]


def test_a_secret_in_the_wrong_field_is_not_drawn_again() -> None:
    form = read_form(submitted(client_id=SECRET, tenant_id=f" {UUID(int=7)} "))

    assert (form.client_id, form.tenant_id) == ("", str(UUID(int=7)))
    assert SECRET not in repr(form)
    assert SECRET not in repr(submitted())
