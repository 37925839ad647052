"""Every AADSTS code that a connection may meet has words, a remedy, and a field."""

import pytest

from bot.domain.tenants import Field, SignInKind
from bot.graph.signin_errors import refused
from bot.graph.signin_words import SIGN_IN_WORDS

TOLD = [
    (7000215, Field.SECRET),
    (7000222, Field.SECRET),
    (7000216, None),
    (7000218, None),
    (700016, Field.CLIENT_ID),
    (700038, Field.CLIENT_ID),
    (7000229, None),
    (7000112, None),
    (90002, Field.TENANT_ID),
    (900023, Field.TENANT_ID),
    (90038, Field.CLOUD),
    (900382, Field.CLOUD),
    (900432, Field.CLOUD),
    (9001023, None),
    (90130, None),
    (500011, Field.CLOUD),
    (650052, None),
    (65001, None),
    (50034, Field.TENANT_ID),
    (53003, None),
    (530035, None),
    (53011, None),
    (700027, Field.CERTIFICATE),
    (700024, None),
    (700030, Field.CERTIFICATE),
    (50012, Field.CERTIFICATE),
    (700211, Field.SIGN_IN),
    (700213, Field.SIGN_IN),
    (70021, Field.SIGN_IN),
    (1002012, None),
    (70011, None),
]
TRANSIENT = [50196, 90033, 90090, 50033, 90024, 90006, 50087, 90055]

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(("code", "field"), TOLD)
def test_the_field_to_blame(code: int, field: Field | None) -> None:
    kind = SignInKind.CERTIFICATE if field is Field.CERTIFICATE else SignInKind.SECRET

    error = refused({"error_codes": [code], "correlation_id": "c-1"}, kind=kind)

    assert error.field is field
    assert error.message.endswith(f"(AADSTS{code}, correlation ID c-1)")
    assert not error.is_transient


@pytest.mark.parametrize("code", TRANSIENT)
def test_what_passes_by_itself(code: int) -> None:
    error = refused({"error_codes": [code]}, kind=SignInKind.SECRET)

    assert error.is_transient
    assert error.field is None


def test_every_remedy_is_a_sentence() -> None:
    for code, words in SIGN_IN_WORDS.items():
        assert words.message.endswith("."), code
        assert words.remedy.endswith("."), code


def test_the_code_is_found_in_the_description_too() -> None:
    answer = {"error": "invalid_client", "error_description": "AADSTS7000222: Gone."}

    assert refused(answer, kind=SignInKind.SECRET).aadsts == 7000222


def test_an_answer_without_a_code_tells_its_oauth_error() -> None:
    error = refused({"error": "temporarily_unavailable"}, kind=SignInKind.SECRET)

    assert error.aadsts is None
    assert "(temporarily_unavailable)" in error.message


def test_an_unknown_code_with_status_429_is_transient() -> None:
    answer = {"error": "slow_down", "error_codes": [123456]}

    assert refused(answer, kind=SignInKind.SECRET, status=429).is_transient
    assert not refused(answer, kind=SignInKind.SECRET, status=401).is_transient
