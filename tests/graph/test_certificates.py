"""Certificates as people paste them, and what they are told when one is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from bot.domain.errors import InputError
from bot.domain.tenants import Field
from bot.graph.certificates import read_certificate
from sandbox.graph.certificates import AppCertificate, make_app_certificate

NOW = datetime(2026, 5, 1, tzinfo=UTC)

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def pasted() -> AppCertificate:
    return make_app_certificate("gatehouse", NOW, 90)


@pytest.fixture(scope="module")
def other() -> AppCertificate:
    return make_app_certificate("somebody else", NOW, 90)


def key_of(pasted: AppCertificate) -> str:
    return pasted.pem.replace(pasted.certificate_pem, "")


def complaint(pem: str, now: datetime | None = NOW) -> str:
    with pytest.raises(InputError) as caught:
        read_certificate(pem, now=now)
    assert caught.value.field == Field.CERTIFICATE
    assert caught.value.remedy.endswith((".", "pem"))
    return caught.value.message


def test_key_and_certificate_in_any_order(pasted: AppCertificate) -> None:
    key = key_of(pasted)
    for pem in (pasted.certificate_pem + key, key + pasted.certificate_pem):
        facts = read_certificate(pem, now=NOW)
        assert facts.thumbprint_sha1 == pasted.thumbprint_sha1
        assert len(facts.thumbprint_sha256) == 64
        assert facts.subject == "CN=gatehouse"
        assert abs(facts.ends_at - pasted.ends_at) < timedelta(seconds=1)


def test_pasted_with_spaces_and_foreign_line_ends(pasted: AppCertificate) -> None:
    messy = "  " + pasted.pem.replace("\n", " \r\n  ") + "\n\n"

    assert read_certificate(messy).thumbprint_sha1 == pasted.thumbprint_sha1


def test_the_certificate_that_fits_is_picked_from_a_chain(
    pasted: AppCertificate, other: AppCertificate
) -> None:
    facts = read_certificate(other.certificate_pem + pasted.pem)

    assert facts.certificate_pem == pasted.certificate_pem


def test_the_repr_hides_the_key(pasted: AppCertificate) -> None:
    assert "PRIVATE KEY" not in repr(read_certificate(pasted.pem))


def test_missing_key(pasted: AppCertificate) -> None:
    assert "private key is missing" in complaint(pasted.certificate_pem)


def test_missing_certificate(pasted: AppCertificate) -> None:
    assert "certificate is missing" in complaint(key_of(pasted))


@pytest.mark.parametrize("text", ["", "hello", "-----BEGIN CERTIFICATE-----\nx"])
def test_no_pem_at_all(text: str) -> None:
    assert "missing" in complaint(text)


def test_a_key_of_another_certificate(
    pasted: AppCertificate, other: AppCertificate
) -> None:
    message = complaint(pasted.certificate_pem + key_of(other))

    assert "does not belong" in message


def test_a_truncated_certificate(pasted: AppCertificate) -> None:
    lines = pasted.certificate_pem.splitlines()
    cut = "\n".join([*lines[:4], lines[-1]])

    assert "certificate cannot be read" in complaint(cut + "\n" + key_of(pasted))


def test_a_truncated_key(pasted: AppCertificate) -> None:
    lines = key_of(pasted).splitlines()
    cut = "\n".join([*lines[:4], lines[-1]])

    assert "private key cannot be read" in complaint(pasted.certificate_pem + cut)


@pytest.mark.parametrize(
    "shape", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL]
)
def test_a_key_with_a_password(pasted: AppCertificate, shape: PrivateFormat) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    locked = key.private_bytes(
        Encoding.PEM, shape, BestAvailableEncryption(b"password")
    ).decode()

    assert "protected by a password" in complaint(pasted.certificate_pem + locked)


def test_a_key_that_is_not_rsa(pasted: AppCertificate) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )

    assert "not an RSA key" in complaint(pasted.certificate_pem + key.decode())


def test_an_expired_certificate(pasted: AppCertificate) -> None:
    assert "ended on 2026-07-30" in complaint(pasted.pem, NOW + timedelta(days=91))


def test_a_certificate_from_the_future(pasted: AppCertificate) -> None:
    assert "valid only from" in complaint(pasted.pem, NOW - timedelta(days=30))


def test_an_expired_one_is_still_read_where_the_time_does_not_matter(
    pasted: AppCertificate,
) -> None:
    assert read_certificate(pasted.pem).ends_at < NOW + timedelta(days=91)


def test_far_too_much_text(pasted: AppCertificate) -> None:
    assert "too long" in complaint(pasted.pem + "x" * 20_000)
