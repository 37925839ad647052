"""The tenant itself."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator

from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.errors import UnreadableAnswerError
from bot.graph.model import GraphModel


def _names(domains: Any) -> Any:
    """Turn Graph's verifiedDomains into names, the default domain first."""
    if not isinstance(domains, list):
        return domains
    ordered = sorted(domains, key=lambda domain: not domain.get("isDefault"))
    return tuple(domain["name"] for domain in ordered)


class Organization(GraphModel):
    """A tenant: `id` is the tenant ID; the default domain comes first."""

    id: UUID
    display_name: str
    verified_domains: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()


async def organization(graph: GraphClient) -> Organization:
    """Read the tenant's name and verified domains. GET /organization.

    Raises:
        PermissionMissingError: no permission to read it.
        UnreadableAnswerError: nothing, or another tenant than was signed in to.
        GraphError, SignInError: as every call.
    """
    body = await graph.get(
        "/organization",
        params={"$select": "id,displayName,verifiedDomains"},
        needs=AppRole.ORGANIZATION_READ_ALL,
    )
    values = body.get("value")
    if not values:
        raise UnreadableAnswerError(
            "Microsoft Graph told nothing about the tenant.",
            remedy="Try again; if it happens again, report it.",
        )
    found = Organization.model_validate(values[0])
    if found.id != graph.tenant_id:
        raise UnreadableAnswerError(
            f"Microsoft Graph told about another tenant ({found.id}) than the one that "
            "was signed in to.",
            remedy="Check the Directory (tenant) ID, and look for a proxy between "
            "Gatehouse and Microsoft.",
        )
    return found
