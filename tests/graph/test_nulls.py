"""Properties that Graph's schema lets be null: read, never a reason to fail."""

from typing import Any

import pytest

from bot.domain.credentials import CredentialKind
from bot.graph.applications import Application, credentials_of
from bot.graph.users import User

pytestmark = pytest.mark.quick

ID = "8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001"


def application(**changes: Any) -> Application:
    return Application.model_validate({"id": ID, "appId": ID, **changes})


def test_a_credential_without_an_end_never_ends() -> None:
    unbounded = {"keyId": ID, "endDateTime": None, "hint": None, "displayName": None}
    app = application(passwordCredentials=[unbounded], keyCredentials=[unbounded])

    secret, certificate = credentials_of(app)

    assert secret.never_ends
    assert certificate.never_ends
    assert certificate.kind is CredentialKind.CERTIFICATE


def test_a_collection_that_is_null_is_empty() -> None:
    app = application(
        displayName=None, passwordCredentials=None, requiredResourceAccess=None
    )
    user = User.model_validate(
        {"id": ID, "userPrincipalName": "a@contoso.example", "proxyAddresses": None}
    )

    assert list(credentials_of(app)) == []
    assert app.required_resource_access == ()
    assert user.addresses == ("a@contoso.example",)


def test_ends_carry_seven_digits_of_a_second() -> None:
    end = {"keyId": ID, "endDateTime": "2027-01-01T00:00:00.1234567Z"}

    (secret,) = credentials_of(application(passwordCredentials=[end]))

    assert secret.ends_at.isoformat() == "2027-01-01T00:00:00.123456+00:00"
