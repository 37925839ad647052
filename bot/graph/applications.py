"""App registrations, the credentials they hold, and who owns them."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from bot.domain.credentials import NEVER, Credential, CredentialKind
from bot.domain.ids import ClientId, KeyId, ObjectId
from bot.domain.permissions import AppRole
from bot.graph.batching import BatchAnswer
from bot.graph.client import GraphClient
from bot.graph.errors import ObjectNotFoundError
from bot.graph.model import GraphModel
from bot.graph.requests import GraphRequest

log = structlog.get_logger(__name__)

_CREDENTIALS = "id,appId,displayName,passwordCredentials,keyCredentials"
_VERIFY = "Verify"  # usage of certificates that sign in; "Sign" is for SAML


class PasswordCredential(GraphModel):
    """A client secret; `hint` is the first three characters of its value."""

    key_id: UUID
    end_date_time: datetime = NEVER  # Graph's schema lets it be null
    start_date_time: datetime | None = None
    display_name: str | None = None
    hint: str | None = None


class KeyCredential(GraphModel):
    """A certificate.

    `custom_key_identifier` is the SHA-1 thumbprint where Entra's portal uploaded it:
    hexadecimal, or the same in base64.
    """

    key_id: UUID
    end_date_time: datetime = NEVER  # Graph's schema lets it be null
    start_date_time: datetime | None = None
    display_name: str | None = None
    usage: str | None = None
    custom_key_identifier: str | None = None


class ResourceAccess(GraphModel):
    """A permission that a registration requests: type "Role" or (delegated) "Scope"."""

    id: UUID
    type: str


class RequiredResourceAccess(GraphModel):
    """The permissions requested of one API; `resource_app_id` is its client ID."""

    resource_app_id: UUID
    resource_access: tuple[ResourceAccess, ...] = ()


class Application(GraphModel):
    """An app registration, in its home tenant."""

    id: UUID  # object ID
    app_id: UUID  # client ID
    display_name: str | None = None
    password_credentials: tuple[PasswordCredential, ...] = ()
    key_credentials: tuple[KeyCredential, ...] = ()
    required_resource_access: tuple[RequiredResourceAccess, ...] = ()


async def own_application(
    graph: GraphClient, client_id: ClientId
) -> Application | None:
    """Read the registration that signs in. GET /applications(appId='…').

    An app may read its own registration without any permission, so a refusal is rare;
    the permission named is the one that is asked for otherwise.

    Returns:
        None where the registration lives in another tenant.
    """
    try:
        body = await graph.get(
            f"/applications(appId='{client_id}')",
            params={"$select": f"{_CREDENTIALS},requiredResourceAccess"},
            needs=AppRole.APPLICATION_READ_ALL,
        )
    except ObjectNotFoundError:
        return None
    return Application.model_validate(body)


async def applications(graph: GraphClient) -> AsyncIterator[Application]:
    """Yield every app registration of the tenant. GET /applications, all pages."""
    async for item in graph.items(
        "/applications",
        params={"$select": _CREDENTIALS, "$top": "999"},
        needs=AppRole.APPLICATION_READ_ALL,
    ):
        yield Application.model_validate(item)


async def application_owners(
    graph: GraphClient, object_ids: Sequence[ObjectId]
) -> dict[ObjectId, tuple[str, ...]]:
    """Read who owns app registrations, many in one call.

    Returns:
        For each object ID its owners as "Name <address>"; () where there are none or
        they could not be read, which is logged.
    """
    answers = await graph.batch([_owners_request(app_id) for app_id in object_ids])
    return {
        app_id: _owner_names(app_id, answer)
        for app_id, answer in zip(object_ids, answers, strict=True)
    }


def credentials_of(
    application: Application, owners: tuple[str, ...] = ()
) -> Iterator[Credential]:
    """Yield a registration's secrets and sign-in certificates as domain values."""
    held: list[tuple[CredentialKind, PasswordCredential | KeyCredential, str]] = [
        (CredentialKind.SECRET, secret, secret.hint or "")
        for secret in application.password_credentials
    ]
    held += [
        (CredentialKind.CERTIFICATE, key, "")
        for key in application.key_credentials
        if key.usage in (None, _VERIFY)
    ]
    for kind, credential, hint in held:
        yield Credential(
            app_object_id=ObjectId(application.id),
            client_id=ClientId(application.app_id),
            app_name=application.display_name or str(application.app_id),
            key_id=KeyId(credential.key_id),
            kind=kind,
            starts_at=credential.start_date_time,
            ends_at=credential.end_date_time,
            display_name=credential.display_name or "",
            hint=hint,
            owners=owners,
        )


def _owners_request(app_id: ObjectId) -> GraphRequest:
    return GraphRequest(
        "GET",
        f"/applications/{app_id}/owners",
        AppRole.APPLICATION_READ_ALL,
        {"$select": "id,displayName,userPrincipalName,mail"},
    )


class _Owner(GraphModel):
    display_name: str | None = None
    user_principal_name: str | None = None
    mail: str | None = None

    @property
    def text(self) -> str | None:
        address = self.mail or self.user_principal_name
        if self.display_name and address:
            return f"{self.display_name} <{address}>"
        return self.display_name or address


def _owner_names(app_id: ObjectId, answer: BatchAnswer) -> tuple[str, ...]:
    if answer.error is not None:
        log.warning(
            "owners_unreadable",
            app_object_id=str(app_id),
            status=answer.status,
            graph_code=answer.error.graph_code,
        )
        return ()
    owners = (_Owner.model_validate(item) for item in answer.value().get("value", ()))
    return tuple(owner.text for owner in owners if owner.text)
