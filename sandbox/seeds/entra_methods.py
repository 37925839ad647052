"""Authentication methods of the seeded people."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.graph.resources.methods import PHONE_IDS
from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.seeds.entra_ids import seeded_id
from sandbox.seeds.entra_people import EVERYBODY, Person

# The same for every user of every tenant.
PASSWORD_ID = "28c10230-6103-485e-b985-444c60001490"


def _method(kind: str, method_id: str, created: str, **rest: Any) -> Json:
    return {
        "@odata.type": f"#microsoft.graph.{kind}AuthenticationMethod",
        "id": method_id,
        "createdDateTime": created,
        **rest,
    }


def password(created: str) -> Json:
    """Return the password method that everybody has."""
    return _method("password", PASSWORD_ID, created, password=None)


def phone(number: str, created: str, *, alternate: bool = False) -> Json:
    """Return a phone method."""
    phone_type = "alternateMobile" if alternate else "mobile"
    return _method(
        "phone",
        PHONE_IDS[phone_type],
        created,
        phoneNumber=number,
        phoneType=phone_type,
        smsSignInState="notConfigured" if alternate else "ready",
    )


def authenticator(login: str, device: str, created: str) -> Json:
    """Return a Microsoft Authenticator registration."""
    return _method(
        "microsoftAuthenticator",
        seeded_id("authenticator", login),
        created,
        displayName=device,
        deviceTag="SoftwareTokenActivated",
        phoneAppVersion="6.8.3",
    )


def fido2(login: str, created: str) -> Json:
    """Return a security key. Its id is no GUID, as in the service."""
    return _method(
        "fido2",
        f"_jpuR-{seeded_id('fido2', login).replace('-', '')}1",
        created,
        displayName="Blue security key",
        aaGuid="2fc0579f-8113-47ea-b116-bb5a8db9202a",
        model="Security key",
        attestationCertificates=[],
        attestationLevel="attested",
    )


def _everybodys(person: Person, created: str) -> list[Json]:
    number = 700_000_000 + int(person.id[:6], 16) % 9_999_999
    return [
        password(created),
        phone(f"+46 {number}", created),
        authenticator(person.login, "Phone", created),
    ]


def add_methods(tenant: Tenant, now: datetime) -> None:
    """Give everybody in the tenant their methods; Authenticator is the default."""
    created = timestamp(now - timedelta(days=200))
    for person in EVERYBODY:
        if person.id in tenant.users and not person.guest_of:
            tenant.methods[person.id] = _everybodys(person, created)
            tenant.default_methods[person.id] = seeded_id("authenticator", person.login)
    _add_leavers(tenant, created)


def _add_leavers(tenant: Tenant, created: str) -> None:
    """Give Dana, the leaver, one of nearly every type."""
    dana = seeded_id("user", "dana")
    tenant.methods[dana] = [
        password(created),
        phone("+46 701740605", created),
        phone("+46 701740606", created, alternate=True),
        authenticator("dana", "Dana's phone", created),
        fido2("dana", created),
        _method(
            "email",
            seeded_id("email", "dana"),
            created,
            emailAddress="dana.cole@home.example",
        ),
    ]
