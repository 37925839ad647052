"""Groups: who is in them, and the memberships that cannot be changed here."""

from sandbox.graph.errors import bad_request, denied, not_found
from sandbox.graph.exchange import GraphRequest, Reply, no_content
from sandbox.graph.projection import Relation, Relations
from sandbox.graph.query import count_of, many, one
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import directory_object, in_collection
from sandbox.graph.resources.members import answer_objects, clipped, objects_of
from sandbox.graph.resources.users import SYNCED_REFUSAL, remove_user
from sandbox.graph.routing import Route
from sandbox.graph.schema import DIRECTORY_OBJECT, GROUP
from sandbox.graph.tenant import Json
from sandbox.graph.tokens import GRAPH_ROOTS


def _group(request: GraphRequest) -> Json:
    return in_collection(request, request.tenant.groups, "group_id")


def _relations(request: GraphRequest) -> Relations:
    def related(ids: dict[str, list[str]]) -> Relation:
        def read(group: Json) -> list[Json]:
            found = objects_of(request, ids.get(group["id"], ()))
            return [clipped(request, item) for item in found]

        return Relation(DIRECTORY_OBJECT, read)

    tenant = request.tenant
    return {
        "members": related(tenant.members),
        "owners": related(tenant.group_owners),
    }


def list_groups(request: GraphRequest) -> Reply:
    """GET /groups."""
    groups = request.tenant.groups.values()
    return many(request, GROUP, groups, "groups", _relations(request))


def count_groups(request: GraphRequest) -> Reply:
    """GET /groups/$count."""
    return count_of(request, GROUP, request.tenant.groups.values())


def get_group(request: GraphRequest) -> Reply:
    """GET /groups/{id}."""
    return one(request, GROUP, _group(request), "groups", _relations(request))


def list_members(request: GraphRequest) -> Reply:
    """GET /groups/{id}/members."""
    ids = request.tenant.members[_group(request)["id"]]
    return answer_objects(request, objects_of(request, ids))


def list_transitive_members(request: GraphRequest) -> Reply:
    """GET /groups/{id}/transitiveMembers: also members of groups inside."""
    found: dict[str, None] = {}
    waiting = [_group(request)["id"]]
    while waiting:
        for member_id in request.tenant.members.get(waiting.pop(0), []):
            if member_id not in found:
                found[member_id] = None
                waiting.append(member_id)
    return answer_objects(request, objects_of(request, found))


def list_owners(request: GraphRequest) -> Reply:
    """GET /groups/{id}/owners."""
    ids = request.tenant.group_owners.get(_group(request)["id"], [])
    return answer_objects(request, objects_of(request, ids))


def check_changeable(request: GraphRequest, group: Json) -> None:
    """Refuse groups whose members somebody else decides.

    The wording for dynamic groups is ours: the service's own is not documented.

    Raises:
        GraphError: 400 for synced, mail-enabled and dynamic groups; 403 for
            role-assignable ones without RoleManagement.ReadWrite.Directory.
    """
    unified = "Unified" in group["groupTypes"]
    if group["onPremisesSyncEnabled"]:
        raise bad_request(SYNCED_REFUSAL)
    if group["mailEnabled"] and not unified:
        raise bad_request(
            "Cannot Update a mail-enabled security groups and or distribution list."
        )
    if "DynamicMembership" in group["groupTypes"]:
        raise bad_request("The membership of a dynamic group follows its rule alone.")
    if group["isAssignableToRole"]:
        request.require(*access.WRITE_ROLES)


def add_member(request: GraphRequest) -> Reply:
    """POST /groups/{id}/members/$ref; the body names the object by its @odata.id."""
    group, member_id = _group(request), _referenced(request)
    check_changeable(request, group)
    if directory_object(request, member_id) is None:
        raise not_found(member_id)
    members = request.tenant.members[group["id"]]
    if member_id in members:
        raise bad_request(
            "One or more added object references already exist for the following "
            "modified properties: 'members'."
        )
    members.append(member_id)
    return no_content()


def _referenced(request: GraphRequest) -> str:
    """Return the id at the end of an @odata.id that belongs to this cloud.

    Raises:
        GraphError: 400 for none, or one of another host.
    """
    body = request.body if isinstance(request.body, dict) else {}
    reference = str(body.get("@odata.id", ""))
    hosts = (request.root, f"{GRAPH_ROOTS[request.tenant.cloud]}/v1.0")
    for host in hosts:
        for kind in ("directoryObjects", "users", "groups", "servicePrincipals"):
            start = f"{host}/{kind}/"
            if reference.startswith(start):
                return reference.removeprefix(start).lower()
    raise bad_request("Invalid URL format specified in payload.")


def remove_member(request: GraphRequest) -> Reply:
    """DELETE /groups/{id}/members/{id}/$ref: ends a membership."""
    group, member_id = _group(request), request.keys["member_id"].lower()
    check_changeable(request, group)
    if member_id not in request.tenant.members[group["id"]]:
        raise not_found(member_id)
    request.tenant.members[group["id"]].remove(member_id)
    return no_content()


def delete_member_object(request: GraphRequest) -> Reply:
    """DELETE /groups/{id}/members/{id}, no /$ref: deletes the member, as Graph does.

    That is why callers must never leave /$ref out.
    """
    group, member_id = _group(request), request.keys["member_id"].lower()
    if member_id not in request.tenant.members[group["id"]]:
        raise not_found(member_id)
    if member_id not in request.tenant.users:
        raise denied()
    remove_user(request, member_id)
    return no_content()


def remove_owner(request: GraphRequest) -> Reply:
    """DELETE /groups/{id}/owners/{id}/$ref; the last owner stays."""
    group, owner_id = _group(request), request.keys["owner_id"].lower()
    owners = request.tenant.group_owners.get(group["id"], [])
    if owner_id not in owners:
        raise not_found(owner_id)
    if len(owners) == 1:
        raise bad_request(
            "The group must have at least one owner, hence this owner cannot be "
            "removed."
        )
    owners.remove(owner_id)
    return no_content()


_GROUP = "/groups/{group_id}"
_READ_BASIC = (*access.READ_GROUPS, "Group.ReadBasic.All")
_READ_OWNERS = (
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
)

ROUTES = (
    Route("GET", "/groups", list_groups, _READ_BASIC),
    Route("GET", "/groups/$count", count_groups, _READ_BASIC),
    Route("GET", _GROUP, get_group, _READ_BASIC),
    Route("GET", f"{_GROUP}/members", list_members, access.READ_GROUP_MEMBERS, cost=3),
    Route(
        "GET",
        f"{_GROUP}/transitiveMembers",
        list_transitive_members,
        access.READ_GROUP_MEMBERS,
        cost=5,
    ),
    Route("GET", f"{_GROUP}/owners", list_owners, _READ_OWNERS),
    Route("POST", f"{_GROUP}/members/$ref", add_member, access.WRITE_GROUP_MEMBERS),
    Route(
        "DELETE",
        f"{_GROUP}/members/{{member_id}}/$ref",
        remove_member,
        access.WRITE_GROUP_MEMBERS,
    ),
    Route(
        "DELETE",
        f"{_GROUP}/members/{{member_id}}",
        delete_member_object,
        access.DELETE_USERS,
    ),
    Route(
        "DELETE",
        f"{_GROUP}/owners/{{owner_id}}/$ref",
        remove_owner,
        ("Group.ReadWrite.All", "Directory.ReadWrite.All"),
    ),
)
