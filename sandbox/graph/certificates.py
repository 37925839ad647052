"""Keys and certificates made at start: the sandbox's CA, its server, the bot's own."""

import ssl
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

# Clocks of client and server may differ a little, also when a test moves one.
_BEFORE = timedelta(days=1)
_LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class Tls:
    """A server context, and the file of the CA that clients must trust."""

    context: ssl.SSLContext
    ca_file: Path


@dataclass(frozen=True)
class AppCertificate:
    """A certificate that an app signs in with. `pem` holds it and its private key."""

    pem: str
    certificate_pem: str
    thumbprint_sha1: str
    ends_at: datetime


def make_tls(folder: Path) -> Tls:
    """Make a CA and a server certificate for 127.0.0.1 and localhost in a folder."""
    now = datetime.now(UTC)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _authority(ca_key, now)
    server = _server(key, authority, ca_key, now)
    ca_file, chain_file = folder / "ca.pem", folder / "server.pem"
    ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    chain_file.touch(mode=0o600)
    chain_file.write_text(_private_pem(key) + _public_pem(server))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain_file)
    return Tls(context, ca_file)


def make_app_certificate(name: str, now: datetime, days: int) -> AppCertificate:
    """Make a self-signed RSA certificate, as an admin uploads it to a registration.

    The same certificate for the same name and day, within one process: whoever signed
    in with it still can after the tenant was put back to its seed.
    """
    return _app_certificate(name, now.date(), days)


@cache
def _app_certificate(name: str, on: date, days: int) -> AppCertificate:
    now = datetime(on.year, on.month, on.day, tzinfo=UTC)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ends_at = now + timedelta(days=days)
    certificate = (
        _builder(name, name, now)
        .not_valid_after(ends_at)
        .public_key(key.public_key())
        .sign(key, hashes.SHA256())
    )
    public = _public_pem(certificate)
    # Entra shows SHA-1 thumbprints; nothing is protected by them.
    thumbprint = certificate.fingerprint(hashes.SHA1())  # noqa: S303
    return AppCertificate(
        _private_pem(key) + public, public, thumbprint.hex().upper(), ends_at
    )


def _builder(subject: str, issuer: str, now: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
    )


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        _builder("Sandbox CA", "Sandbox CA", now)
        .not_valid_after(now + _LIFETIME)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    names: list[x509.GeneralName] = [
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.DNSName("localhost"),
    ]
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return (
        _builder("127.0.0.1", "Sandbox CA", now)
        .not_valid_after(now + _LIFETIME)
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(signer, critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _public_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _private_pem(key: PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
