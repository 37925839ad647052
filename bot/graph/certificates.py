"""Certificates with their private keys, as people paste them: one PEM text."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from bot.domain.errors import InputError
from bot.domain.tenants import PEM_MAX, Field

_BLOCK = re.compile(
    r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----.*?-----END (?P=label)-----", re.DOTALL
)


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate and the key that fits it.

    Attributes:
        thumbprint_sha256: 64 upper-case hexadecimal digits.
        thumbprint_sha1: 40 of them; how Entra's portal and Graph name certificates.
        subject: the distinguished name, e.g. "CN=Gatehouse".
        certificate_pem: the one certificate that fits the key.
    """

    thumbprint_sha256: str
    thumbprint_sha1: str
    starts_at: datetime
    ends_at: datetime
    subject: str
    certificate_pem: str = field(repr=False)
    key_pem: str = field(repr=False)


def read_certificate(pem: str, *, now: datetime | None = None) -> CertificateFacts:
    """Read a certificate and its private key, in any order, chain certificates too.

    Args:
        now: when given, a certificate that is over or not yet begun is refused.

    Raises:
        InputError: under Field.CERTIFICATE, saying what is missing or wrong.
    """
    if len(pem) > PEM_MAX:
        raise _wrong("This is too long.", "Paste one certificate and its private key.")
    key = _private_key(_blocks(pem))
    certificate = _fitting(_certificates(_blocks(pem)), key)
    if now is not None:
        _check_dates(certificate, now)
    return _facts(certificate, _key_block(_blocks(pem)))


def _blocks(pem: str) -> list[tuple[str, str]]:
    """The PEM blocks as (label, text), each with clean line ends."""
    lines = "\n".join(line.strip() for line in pem.strip().splitlines())
    return [(found["label"], found.group()) for found in _BLOCK.finditer(lines)]


def _key_block(blocks: list[tuple[str, str]]) -> str:
    keys = [text for label, text in blocks if label.endswith("PRIVATE KEY")]
    if not keys:
        raise _wrong(
            "The private key is missing.",
            'Paste it below the certificate, with its "BEGIN PRIVATE KEY" and "END '
            'PRIVATE KEY" lines.',
        )
    return keys[0]


def _private_key(blocks: list[tuple[str, str]]) -> RSAPrivateKey:
    text = _key_block(blocks)
    if "ENCRYPTED" in text:
        raise _wrong(
            "The private key is protected by a password.",
            "Paste it without one: openssl pkey -in key.pem -out plain.pem",
        )
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _wrong(
            "The private key cannot be read.",
            "Copy it again, whole, from its BEGIN line to its END line.",
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise _wrong(
            "The private key is not an RSA key, which Entra wants.",
            "Make a certificate with an RSA key of at least 2048 bits.",
        )
    return key


def _certificates(blocks: list[tuple[str, str]]) -> list[x509.Certificate]:
    texts = [text for label, text in blocks if label == "CERTIFICATE"]
    if not texts:
        raise _wrong(
            "The certificate is missing.",
            'Paste it with its "BEGIN CERTIFICATE" and "END CERTIFICATE" lines, then '
            "the private key.",
        )
    try:
        return [x509.load_pem_x509_certificate(text.encode()) for text in texts]
    except ValueError as error:
        raise _wrong(
            "The certificate cannot be read.",
            "Copy it again, whole, from its BEGIN line to its END line.",
        ) from error


def _fitting(
    certificates: list[x509.Certificate], key: RSAPrivateKey
) -> x509.Certificate:
    wanted = key.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    for certificate in certificates:
        held = certificate.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        if held == wanted:
            return certificate
    raise _wrong(
        "The private key does not belong to the certificate.",
        "Paste the key that this certificate was made with.",
    )


def _check_dates(certificate: x509.Certificate, now: datetime) -> None:
    ends_at, starts_at = (
        certificate.not_valid_after_utc,
        certificate.not_valid_before_utc,
    )
    if ends_at <= now:
        raise _wrong(
            f"The certificate ended on {ends_at:%Y-%m-%d}.",
            "Make a new certificate, upload it to the app registration, and paste it.",
        )
    if starts_at > now:
        raise _wrong(
            f"The certificate is valid only from {starts_at:%Y-%m-%d %H:%M} UTC.",
            "Wait until then, or make one that is valid now.",
        )


def _facts(certificate: x509.Certificate, key_pem: str) -> CertificateFacts:
    # Entra names certificates by SHA-1; nothing is protected by the digest.
    sha1 = certificate.fingerprint(hashes.SHA1())  # noqa: S303 - a name, see above
    return CertificateFacts(
        thumbprint_sha256=certificate.fingerprint(hashes.SHA256()).hex().upper(),
        thumbprint_sha1=sha1.hex().upper(),
        starts_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
        subject=certificate.subject.rfc4514_string(),
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
        key_pem=key_pem,
    )


def _wrong(message: str, remedy: str) -> InputError:
    return InputError(Field.CERTIFICATE, message, remedy=remedy)
