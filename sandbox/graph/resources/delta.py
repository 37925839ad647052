"""Delta functions: what changed in a collection since a link was given out."""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sandbox.graph.changes import Round, Seen, Sight, differences
from sandbox.graph.delta_links import (
    check_options,
    link,
    page_limit,
    refuse_expired,
    unreadable,
)
from sandbox.graph.entity import EntityType
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.projection import selected, shape
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import directory_object
from sandbox.graph.routing import Handler, Route
from sandbox.graph.schema import (
    APPLICATION,
    DEVICE,
    GROUP,
    OAUTH2_PERMISSION_GRANT,
    SERVICE_PRINCIPAL,
    USER,
)
from sandbox.graph.tenant import Json, Tenant

_USUAL_PAGE = 25  # few, so that the seeded company already takes several pages


def _nobody(_: Tenant, __: str) -> Iterable[str]:
    return ()


def _nothing(_: Tenant) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class _Tracked:
    """A collection that tells its changes, and those of one relation if selected."""

    resource: str
    entity: EntityType
    objects: Callable[[Tenant], dict[str, Json]]
    needs: tuple[str, ...]
    cost: int = 1
    relation: str | None = None
    related: Callable[[Tenant, str], Iterable[str]] = _nobody
    binned: Callable[[Tenant], Iterable[str]] = _nothing


def _manager(tenant: Tenant, user_id: str) -> Iterable[str]:
    manager = tenant.managers.get(user_id)
    return () if manager is None or manager not in tenant.users else (manager,)


_TRACKED = (
    _Tracked(
        "users",
        USER,
        lambda tenant: tenant.users,
        access.READ_USERS,
        cost=2,
        relation="manager",
        related=_manager,
        binned=lambda tenant: tenant.deleted_users,
    ),
    _Tracked(
        "groups",
        GROUP,
        lambda tenant: tenant.groups,
        access.READ_GROUPS,
        relation="members",
        related=lambda tenant, group_id: tenant.members.get(group_id, ()),
    ),
    _Tracked(
        "applications",
        APPLICATION,
        lambda tenant: tenant.applications,
        access.READ_APPLICATIONS,
    ),
    _Tracked(
        "servicePrincipals",
        SERVICE_PRINCIPAL,
        lambda tenant: tenant.service_principals,
        access.READ_APPLICATIONS,
    ),
    _Tracked(
        "oauth2PermissionGrants",
        OAUTH2_PERMISSION_GRANT,
        lambda tenant: tenant.grants,
        access.READ_GRANTS,
    ),
    _Tracked(
        "devices",
        DEVICE,
        lambda tenant: tenant.devices,
        access.READ_DEVICE_CHANGES,
    ),
)


def _sight(request: GraphRequest, tracked: _Tracked, select: str) -> Sight:
    """Return what a caller who selected these properties sees now."""
    names = [name.strip() for name in select.split(",") if name.strip()]
    follows = tracked.relation in names
    own = [name for name in names if name != tracked.relation]
    options = {"$select": ",".join(own)} if own or follows else {}
    wanted = selected(options, tracked.entity) if own or not follows else ()
    return {
        object_id: Seen(
            copy.deepcopy(shape(item, wanted)) | {"id": object_id},
            _related(request, tracked, object_id) if follows else {},
        )
        for object_id, item in tracked.objects(request.tenant).items()
    }


def _related(request: GraphRequest, tracked: _Tracked, of: str) -> dict[str, Json]:
    found = (directory_object(request, i) for i in tracked.related(request.tenant, of))
    return {
        item["id"]: {"@odata.type": item["@odata.type"], "id": item["id"]}
        for item in found
        if item is not None
    }


def _round(request: GraphRequest, tracked: _Tracked) -> Round:
    """Begin a reading: of everything, of what comes from now on, or after a link."""
    token = request.options.get("$deltatoken", "")
    select = request.options.get("$select", "")
    before: Sight = {}
    if token and token != "latest":
        known = _known(request, tracked, token)
        select, before = known.select, known.sight
        if request.faults.strike("delta_replay", "GET", request.path):
            before = known.before
    sight = _sight(request, tracked, select)
    if token == "latest":
        before = sight
    rows = differences(
        before,
        sight,
        binned=tracked.binned(request.tenant),
        relation=tracked.relation,
    )
    return Round(
        tracked.resource,
        request.tenant.id,
        select,
        request.now,
        before,
        sight,
        tuple(rows),
    )


def _known(request: GraphRequest, tracked: _Tracked, name: str) -> Round:
    """Return the round of a link.

    Raises:
        GraphError: 400 for a link of something else, 410 for one that expired.
    """
    found = request.changes.find(name)
    if found is None or found.resource != tracked.resource:
        raise unreadable()
    if found.tenant_id != request.tenant.id:
        raise unreadable()
    refuse_expired(
        request.faults, request.path, request.root, issued=found.issued, now=request.now
    )
    return found


def _place(request: GraphRequest, tracked: _Tracked) -> tuple[Round, str, int]:
    """Return the round a request belongs to, its name, and where the page begins."""
    token = request.options.get("$skiptoken")
    if token is None:
        found = _round(request, tracked)
        return found, request.changes.keep(found), 0
    name, _, start = token.rpartition(".")
    if not start.isdigit():
        raise unreadable()
    return _known(request, tracked, name), name, int(start)


def _handler(tracked: _Tracked) -> Handler:
    def changes(request: GraphRequest) -> Reply:
        check_options(request.options)
        found, name, start = _place(request, tracked)
        end = start + page_limit(request.headers.get("prefer", ""), _USUAL_PAGE)
        path = f"{request.root}/{tracked.resource}/delta"
        context = f"{request.root}/$metadata#{tracked.resource}"
        body: Json = {"@odata.context": f"{context}/$delta"}
        if end < len(found.rows):
            body["@odata.nextLink"] = link(path, "$skiptoken", f"{name}.{end}")
        else:
            # A link kept from before stays good: its round keeps what was seen.
            end_name = request.changes.keep(replace(found, issued=request.now))
            body["@odata.deltaLink"] = link(path, "$deltatoken", end_name)
        body["value"] = list(found.rows[start:end])
        return Reply(body=body)

    return changes


ROUTES = tuple(
    Route(
        "GET",
        f"/{tracked.resource}/delta",
        _handler(tracked),
        tracked.needs,
        cost=tracked.cost,
    )
    for tracked in _TRACKED
)
