"""Directory objects in mixed collections, clipped to what the caller may read."""

from collections.abc import Iterable

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.projection import defaults_of, shape
from sandbox.graph.query import many
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import directory_object
from sandbox.graph.schema import DIRECTORY_OBJECT
from sandbox.graph.tenant import Json

_READERS = {
    "user": access.READ_USERS,
    "group": (*access.READ_GROUPS, "Group.ReadBasic.All", "GroupMember.ReadBasic.All"),
    "servicePrincipal": access.READ_APPLICATIONS,
    "application": access.READ_APPLICATIONS,
    "device": access.READ_DEVICES,
    "directoryRole": access.READ_ROLES,
}


def objects_of(request: GraphRequest, ids: Iterable[str]) -> list[Json]:
    """Return the objects of these ids that exist, each with its @odata.type."""
    found = (directory_object(request, object_id) for object_id in ids)
    return [item for item in found if item is not None]


def answer_objects(request: GraphRequest, items: Iterable[Json]) -> Reply:
    """Answer with directory objects of several types.

    Those of a type that the caller may not read carry type and id, and null for the
    rest, with status 200: Graph calls it limited information.
    """
    visible = [clipped(request, item) for item in items]
    reply = many(request, DIRECTORY_OBJECT, visible, "directoryObjects")
    if "$select" not in request.options and reply.body is not None:
        by_id = {item["id"]: item for item in visible}
        reply.body["value"] = [_defaults(by_id[i["id"]]) for i in reply.body["value"]]
    return reply


def _kind(item: Json) -> str:
    return str(item["@odata.type"]).rsplit(".", 1)[-1]


def clipped(request: GraphRequest, item: Json) -> Json:
    """Return an object, or its type and id alone where the caller may not read it."""
    if request.has(*_READERS[_kind(item)]):
        return item
    return {"@odata.type": item["@odata.type"], "id": item["id"]}


def _defaults(item: Json) -> Json:
    return shape(item, defaults_of(item, DIRECTORY_OBJECT))
