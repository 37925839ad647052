"""Proving a connection: sign in, read what may be read, and say what may not.

A token alone proves little: Entra issues one even when nothing is consented. So what
counts is what Graph then lets us read.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bot.domain.ids import ClientId, ObjectId
from bot.domain.permissions import AppRole
from bot.domain.tenants import (
    AppCredential,
    Connection,
    SignInKind,
)
from bot.graph.applications import Application, own_application
from bot.graph.certificates import read_certificate
from bot.graph.client import GraphClient
from bot.graph.errors import PermissionMissingError
from bot.graph.organization import Organization, organization
from bot.graph.requested_permissions import permission_report, requested_ids
from bot.graph.service_principals import (
    PermissionNames,
    graph_permissions,
    own_permissions,
)

HINT_CHARS = 3  # how much of a secret's value Graph shows


@dataclass(frozen=True)
class OwnCredential:
    """Which of the registration's credentials signed in, as far as it can be told."""

    key_id: UUID | None = None
    hint: str | None = None
    ends_at: datetime | None = None


@dataclass
class _Findings:
    """What is read one after the other; `problems` collects what could not be."""

    granted: frozenset[str]
    organization: Organization | None = None
    application: Application | None = None
    names: PermissionNames | None = None
    problems: list[str] = field(default_factory=list)


async def prove(
    graph: GraphClient,
    client_id: ClientId,
    credential: AppCredential,
    *,
    now: datetime,
) -> Connection:
    """Sign in and read tenant, registration and permissions.

    A missing permission is no failure: it is what the report is there to tell.

    Raises:
        SignInError: Entra does not let the app in.
        GraphError: Graph could not be reached, or refused for another reason.
    """
    found = _Findings(await graph.granted())
    await _read_organization(graph, found)
    await _read_application(graph, client_id, found)
    await _read_names(graph, found)
    await _read_grants(graph, client_id, found)
    own = own_credential(credential, found.application, now=now)
    found.problems += _credential_problems(own, found.application)
    return Connection(
        display_name=found.organization.display_name if found.organization else "",
        verified_domains=(
            found.organization.verified_domains if found.organization else ()
        ),
        report=permission_report(found.granted, found.application, found.names),
        app_object_id=(
            ObjectId(found.application.id) if found.application is not None else None
        ),
        credential_key_id=own.key_id,
        credential_hint=own.hint,
        credential_ends_at=own.ends_at,
        problems=tuple(found.problems),
    )


def own_credential(
    credential: AppCredential, application: Application | None, *, now: datetime
) -> OwnCredential:
    """Find which credential of the registration is the one that signed in.

    A secret is known by its first three characters only. Where several current ones
    begin alike, the soonest end is told: too early a warning is better than none.
    """
    if credential.kind is SignInKind.CERTIFICATE:
        return _own_certificate(credential.value, application)
    hint = credential.value[:HINT_CHARS]
    secrets = application.password_credentials if application is not None else ()
    alike = [
        secret
        for secret in secrets
        if secret.hint == hint and secret.end_date_time > now
    ]
    if not alike:
        return OwnCredential(hint=hint)
    soonest = min(alike, key=lambda secret: secret.end_date_time)
    key_id = soonest.key_id if len(alike) == 1 else None
    return OwnCredential(key_id, hint, soonest.end_date_time)


def _own_certificate(pem: str, application: Application | None) -> OwnCredential:
    """The end stands in the certificate itself; Graph tells its key ID."""
    certificate = read_certificate(pem)
    keys = application.key_credentials if application is not None else ()
    names = _thumbprint_spellings(certificate.thumbprint_sha1)
    key_id = next(
        (key.key_id for key in keys if key.custom_key_identifier in names), None
    )
    return OwnCredential(key_id, None, certificate.ends_at)


def _thumbprint_spellings(sha1: str) -> set[str]:
    raw = bytes.fromhex(sha1)
    in_base64 = base64.b64encode(raw).decode()
    # Graph gives the bytes in base64; the portal stored the hexadecimal text.
    return {sha1, sha1.lower(), in_base64, base64.b64encode(sha1.encode()).decode()}


async def _read_organization(graph: GraphClient, found: _Findings) -> None:
    try:
        found.organization = await organization(graph)
    except PermissionMissingError as error:
        found.problems.append(
            f"The tenant's name and verified domains ({error.role} is missing)."
        )


async def _read_application(
    graph: GraphClient, client_id: ClientId, found: _Findings
) -> None:
    try:
        found.application = await own_application(graph, client_id)
    except PermissionMissingError:
        found.problems.append(
            "The app's own registration, so neither the end of its credential nor "
            f"what it requests ({AppRole.APPLICATION_READ_ALL} is missing)."
        )
        return
    if found.application is None:
        found.problems.append(
            "The app's own registration: it lives in another tenant, so the end of "
            "its credential cannot be watched here."
        )


async def _read_names(graph: GraphClient, found: _Findings) -> None:
    if found.application is None:
        return
    try:
        found.names = await graph_permissions(graph)
    except PermissionMissingError:
        scopes = len(requested_ids(found.application, "Scope"))
        if scopes:
            found.problems.append(
                f"The names of the Delegated permissions ({scopes}) that the "
                "registration requests. Gatehouse needs Application permissions; "
                "Delegated ones do nothing for it."
            )


async def _read_grants(
    graph: GraphClient, client_id: ClientId, found: _Findings
) -> None:
    """Read what is granted from Graph where the token does not tell.

    Microsoft calls tokens opaque to clients. One that lets us read the tenant without
    naming a role is of that sort; one without any consent reads nothing.
    """
    if found.granted or found.organization is None or found.names is None:
        return
    found.granted = await own_permissions(graph, client_id, found.names)


def _credential_problems(
    own: OwnCredential, application: Application | None
) -> list[str]:
    if application is None or own.key_id is not None:
        return []
    if own.hint is None:
        return ["Which certificate of the registration this is: none has its name."]
    if own.ends_at is None:
        return [
            "When the client secret ends: no current secret of the registration "
            f"begins with {own.hint}."
        ]
    return [
        f"Which secret it is: several begin with {own.hint}; the soonest end is shown."
    ]
