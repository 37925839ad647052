"""Look directory objects up by id, whatever they are."""

from sandbox.graph.errors import bad_request, not_found
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import refuse_options
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import directory_object
from sandbox.graph.resources.members import answer_objects, objects_of
from sandbox.graph.routing import Route

_MAX_IDS = 1000


def get_by_ids(request: GraphRequest) -> Reply:
    """POST /directoryObjects/getByIds: a read, although it is a POST."""
    body = request.body if isinstance(request.body, dict) else {}
    ids, types = body.get("ids"), body.get("types")
    if not isinstance(ids, list) or not 1 <= len(ids) <= _MAX_IDS:
        raise bad_request(f"ids must list 1 to {_MAX_IDS} object ids.")
    found = objects_of(request, (str(object_id).lower() for object_id in ids))
    wanted = {f"#microsoft.graph.{name}" for name in types or ()}
    return answer_objects(
        request, [o for o in found if not wanted or o["@odata.type"] in wanted]
    )


def get_object(request: GraphRequest) -> Reply:
    """GET /directoryObjects/{id}: every property of whatever it is."""
    refuse_options(request, allowed=())
    found = directory_object(request, request.keys["object_id"].lower())
    if found is None:
        raise not_found(request.keys["object_id"])
    context = f"{request.root}/$metadata#directoryObjects/$entity"
    return Reply(body={"@odata.context": context, **found})


ROUTES = (
    Route(
        "POST",
        "/directoryObjects/getByIds",
        get_by_ids,
        access.READ_ANY_OBJECT[:1],
        cost=3,
    ),
    Route("GET", "/directoryObjects/{object_id}", get_object, access.READ_ANY_OBJECT),
)
