"""Which of a registration's credentials is the one that signs in."""

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.tenants import AppCredential, SignInKind
from bot.graph.applications import Application, KeyCredential
from bot.graph.certificates import CertificateFacts, read_certificate

HINT_LENGTH = 3  # what Graph tells of a secret's value


@dataclass(frozen=True)
class OwnCredential:
    """What is known of the credential that signs in; None where it cannot be told.

    Attributes:
        hint: a secret's first three characters, a certificate's SHA-1 thumbprint.
        problem: why something could not be told, a sentence for people.
    """

    key_id: UUID | None = None
    hint: str | None = None
    ends_at: datetime | None = None
    problem: str | None = None


def own_credential(
    credential: AppCredential, application: Application | None, now: datetime
) -> OwnCredential:
    """Find the credential among those of the registration.

    Args:
        application: our registration; None where it could not be read. A certificate
            tells its own end even then.
    """
    if credential.kind is SignInKind.CERTIFICATE:
        return _own_certificate(read_certificate(credential.value), application)
    if application is None:
        return OwnCredential()
    return _own_secret(credential.value, application, now)


def _own_secret(value: str, application: Application, now: datetime) -> OwnCredential:
    """Match by hint; an expired secret cannot be the one that just signed in."""
    hint = value[:HINT_LENGTH]
    alike = [
        secret
        for secret in application.password_credentials
        if secret.hint == hint and secret.end_date_time > now
    ]
    if len(alike) == 1:
        return OwnCredential(alike[0].key_id, hint, alike[0].end_date_time)
    if alike:
        return OwnCredential(
            problem=f"{len(alike)} client secrets of the app begin alike, so it cannot "
            "be told which one is Gatehouse's and when it ends."
        )
    return OwnCredential(
        problem="None of the app's client secrets begins like Gatehouse's, so it "
        "cannot be told when it ends."
    )


def _own_certificate(
    facts: CertificateFacts, application: Application | None
) -> OwnCredential:
    keys = application.key_credentials if application else ()
    names = _names(facts)
    ours = next((key for key in keys if _identifier(key) in names), None)
    missing = application is not None and ours is None
    return OwnCredential(
        key_id=ours.key_id if ours else None,
        hint=facts.thumbprint_sha1,
        ends_at=facts.ends_at,
        problem="The app's list of certificates does not show Gatehouse's yet."
        if missing
        else None,
    )


def _identifier(key: KeyCredential) -> str:
    return (key.custom_key_identifier or "").upper()


def _names(facts: CertificateFacts) -> frozenset[str]:
    """How Graph may name this certificate: a thumbprint, in hexadecimal or base64."""
    thumbprints = (facts.thumbprint_sha1, facts.thumbprint_sha256)
    encoded = (base64.b64encode(bytes.fromhex(text)).decode() for text in thumbprints)
    # Upper case on both sides: two thumbprints that differ in case alone do not occur.
    return frozenset((*thumbprints, *(text.upper() for text in encoded)))
