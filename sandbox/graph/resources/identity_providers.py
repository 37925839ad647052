"""Identity providers beside the directory itself: social ones, and codes by mail."""

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import everything
from sandbox.graph.resources import access
from sandbox.graph.routing import Route
from sandbox.graph.schema_activity import IDENTITY_PROVIDER

_US_GOVERNMENT = frozenset({"gcchigh", "dod"})


def list_identity_providers(request: GraphRequest) -> Reply:
    """GET /identity/identityProviders: each with what its own type adds."""
    providers = list(request.tenant.identity_providers.values())
    context = "identity/identityProviders"
    reply = everything(request, IDENTITY_PROVIDER, providers, context)
    if "$select" not in request.options and reply.body is not None:
        reply.body["value"] = providers
    return reply


ROUTES = (
    Route(
        "GET",
        "/identity/identityProviders",
        list_identity_providers,
        access.READ_IDENTITY_PROVIDERS,
        absent_from=_US_GOVERNMENT,
    ),
)
