"""Client assertions that are signed by the right key and yet prove nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.graph.assertions import BadAssertionError, claimed_client, verify
from sandbox.graph.certificates import make_app_certificate
from sandbox.graph.tokens import encode

NOW = datetime.now(UTC)
AUDIENCE = "https://127.0.0.1/tenant/oauth2/v2.0/token"
CERTIFICATE = make_app_certificate("tests", NOW, 30)
SECONDS = int(NOW.timestamp())


def assertion(header: dict[str, Any] | None = None, **claims: Any) -> str:
    """Sign an assertion that is right but for what is given."""
    key = load_pem_private_key(CERTIFICATE.pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    certificate = x509.load_pem_x509_certificate(CERTIFICATE.certificate_pem.encode())
    thumbprint = encode(certificate.fingerprint(hashes.SHA256()))
    parts = (
        {"alg": "RS256", "typ": "JWT", "x5t#S256": thumbprint, **(header or {})},
        {
            "aud": AUDIENCE,
            "iss": "client",
            "sub": "client",
            "nbf": SECONDS,
            "exp": SECONDS + 600,
            **claims,
        },
    )
    signed = ".".join(encode(json.dumps(part).encode()) for part in parts)
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{encode(signature)}"


def check(text: str) -> None:
    verify(text, [CERTIFICATE.certificate_pem], audiences={AUDIENCE}, now=NOW)


def test_right_assertion_holds() -> None:
    check(assertion())


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "https://elsewhere.example"}, "audience"),
        ({"iss": "somebody else"}, "differ"),
        ({"exp": SECONDS - 400}, "expired"),
        ({"exp": None}, "expired"),
        ({"nbf": SECONDS + 400}, "not valid yet"),
    ],
)
def test_wrong_claims_are_refused(claims: dict[str, Any], why: str) -> None:
    with pytest.raises(BadAssertionError, match=why):
        check(assertion(**claims))


@pytest.mark.parametrize("off", [-200, 200])
def test_clocks_may_differ_a_little(off: int) -> None:
    check(assertion(nbf=SECONDS + off, exp=SECONDS + off + 100))


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"alg": "none"}, "algorithm"),
        ({"alg": "PS256"}, "signature"),  # it was signed as RS256
        ({"x5t#S256": "AAAA"}, "thumbprint"),
        ({"x5t#S256": 5}, "thumbprint"),
    ],
)
def test_wrong_header_is_refused(header: dict[str, Any], why: str) -> None:
    with pytest.raises(BadAssertionError, match=why):
        check(assertion(header))


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "W10.W10.x", "e30.!.x"])
def test_garbage_is_refused(text: str) -> None:
    assert claimed_client(text) == ""
    with pytest.raises(BadAssertionError):
        check(text)


def test_client_is_read_from_the_assertion() -> None:
    assert claimed_client(assertion()) == "client"
