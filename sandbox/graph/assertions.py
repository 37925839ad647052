"""Client assertions: the JWT by which an app signs in with a certificate."""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from sandbox.graph.tenant import Json

SKEW = timedelta(minutes=5)

_PSS = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
_PADDINGS: dict[str, padding.AsymmetricPadding] = {
    "RS256": padding.PKCS1v15(),
    "PS256": _PSS,
}


class BadAssertionError(Exception):
    """An assertion that proves nothing; the text says why."""


class UntimelyAssertionError(BadAssertionError):
    """A sound assertion outside its own lifetime: somebody's clock is wrong."""


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise BadAssertionError("It is not base64url.") from None


def _json(part: str) -> Json:
    try:
        value = json.loads(_decoded(part))
    except ValueError:
        raise BadAssertionError("It is not JSON.") from None
    if not isinstance(value, dict):
        raise BadAssertionError("It is not a JSON object.")
    return value


def claimed_client(assertion: str) -> str:
    """Return the client id that an assertion claims, "" if it is unreadable."""
    try:
        return str(_json(assertion.split(".")[1]).get("sub", ""))
    except (BadAssertionError, IndexError):
        return ""


def verify(
    assertion: str, certificates: Iterable[str], *, audiences: set[str], now: datetime
) -> None:
    """Check an assertion against an app's certificates (PEM).

    Raises:
        UntimelyAssertionError: outside its lifetime.
        BadAssertionError: wrong shape, no certificate of that thumbprint, expired
            certificate, bad signature, wrong audience.
    """
    parts = assertion.split(".")
    if len(parts) != 3:
        raise BadAssertionError("It does not have three parts.")
    header, claims = _json(parts[0]), _json(parts[1])
    certificate = _certificate(header, certificates)
    if certificate.not_valid_after_utc < now:
        raise BadAssertionError("The certificate is expired.")
    _check_signature(header, certificate, parts)
    _check_claims(claims, audiences, now)


def _certificate(header: Json, certificates: Iterable[str]) -> x509.Certificate:
    for pem in certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        if _matches(header, "x5t#S256", certificate, hashes.SHA256()):
            return certificate
        # The older header; the digest is the protocol's choice, not a safeguard.
        if _matches(header, "x5t", certificate, hashes.SHA1()):  # noqa: S303
            return certificate
    raise BadAssertionError("The key was not found by its thumbprint.")


def _matches(
    header: Json, name: str, certificate: x509.Certificate, digest: hashes.HashAlgorithm
) -> bool:
    given = header.get(name)
    if not isinstance(given, str):
        return False
    return _decoded(given) == certificate.fingerprint(digest)


def _check_signature(
    header: Json, certificate: x509.Certificate, parts: list[str]
) -> None:
    scheme = _PADDINGS.get(str(header.get("alg")))
    key = certificate.public_key()
    if scheme is None or not isinstance(key, RSAPublicKey):
        raise BadAssertionError("The signature algorithm is not supported.")
    signed = f"{parts[0]}.{parts[1]}".encode()
    try:
        key.verify(_decoded(parts[2]), signed, scheme, hashes.SHA256())
    except InvalidSignature:
        raise BadAssertionError("The signature does not fit the key.") from None


def _check_claims(claims: Json, audiences: set[str], now: datetime) -> None:
    if claims.get("iss") != claims.get("sub"):
        raise BadAssertionError("Issuer and subject differ.")
    if claims.get("aud") not in audiences:
        raise BadAssertionError("The audience is not this token endpoint.")
    begins, ends = (float(claims.get(name) or 0) for name in ("nbf", "exp"))
    if ends < (now - SKEW).timestamp():
        raise UntimelyAssertionError("The assertion is expired.")
    if begins > (now + SKEW).timestamp():
        raise UntimelyAssertionError("The assertion is not valid yet.")
