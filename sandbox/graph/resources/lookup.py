"""Find the object that a path names, or refuse as Graph does."""

import re
from collections.abc import Mapping

from sandbox.graph.errors import bad_request, not_found
from sandbox.graph.exchange import GraphRequest
from sandbox.graph.tenant import Json

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def user_named(request: GraphRequest, key: str = "user_id") -> Json:
    """Return the user of an object id or user principal name.

    Raises:
        GraphError: 404 Request_ResourceNotFound.
    """
    user = request.tenant.find_user(request.keys[key])
    if user is None:
        raise not_found(request.keys[key])
    return user


def in_collection(request: GraphRequest, objects: Mapping[str, Json], key: str) -> Json:
    """Return the object whose id the path gives.

    Raises:
        GraphError: 400 where it is no GUID, 404 where there is no such object.
    """
    object_id = request.keys[key].lower()
    if not _GUID.fullmatch(object_id):
        raise bad_request(f"Invalid object identifier '{request.keys[key]}'.")
    if object_id not in objects:
        raise not_found(request.keys[key])
    return objects[object_id]


def directory_object(request: GraphRequest, object_id: str) -> Json | None:
    """Return the user, group, service principal or app of that id, with its type."""
    tenant = request.tenant
    for kind, objects in (
        ("user", tenant.users),
        ("group", tenant.groups),
        ("servicePrincipal", tenant.service_principals),
        ("application", tenant.applications),
        ("device", tenant.devices),
    ):
        if object_id in objects:
            return {"@odata.type": f"#microsoft.graph.{kind}", **objects[object_id]}
    return None
