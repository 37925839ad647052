"""A user's authentication methods: listed in words people know, removed singly."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from bot.domain.ids import ObjectId
from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.clouds import CloudHosts
from bot.graph.errors import GraphError, ObjectNotFoundError
from bot.graph.requests import Json

_NEEDS = AppRole.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL
_PREFIX, _SUFFIX = "#microsoft.graph.", "AuthenticationMethod"


@dataclass(frozen=True)
class AuthenticationMethod:
    """One way in which a user proves who they are.

    Attributes:
        collection: Graph's collection to delete it from; None where it cannot be
            deleted, and then `why_not_removable` says why.
        label: e.g. "Phone +1 ••• 12".
        is_default: None, since Graph v1.0 does not tell; deleting finds out.
    """

    id: str
    collection: str | None
    label: str
    is_default: bool | None = None
    why_not_removable: str | None = None


@dataclass(frozen=True)
class _Sort:
    """A sort of method: its collection, its name, and what tells two apart."""

    collection: str | None
    name: str
    detail: str | None = None  # a property of Graph
    why_not: str | None = None


# By the name inside "#microsoft.graph.…AuthenticationMethod". Source: Microsoft Graph
# v1.0 metadata; what is not here is told as not removable, never guessed.
_SORTS: Mapping[str, _Sort] = MappingProxyType(
    {
        "password": _Sort(None, "Password", why_not="a password cannot be deleted"),
        "phone": _Sort("phoneMethods", "Phone", "phoneNumber"),
        "microsoftAuthenticator": _Sort(
            "microsoftAuthenticatorMethods", "Microsoft Authenticator", "displayName"
        ),
        "fido2": _Sort("fido2Methods", "FIDO2 key", "displayName"),
        "windowsHelloForBusiness": _Sort(
            "windowsHelloForBusinessMethods",
            "Windows Hello for Business",
            "displayName",
        ),
        "softwareOath": _Sort("softwareOathMethods", "Authenticator code (software)"),
        "email": _Sort("emailMethods", "Email", "emailAddress"),
        "temporaryAccessPass": _Sort(
            "temporaryAccessPassMethods", "Temporary Access Pass"
        ),
        "platformCredential": _Sort(
            "platformCredentialMethods", "Platform credential", "displayName"
        ),
        "external": _Sort(
            "externalAuthenticationMethods", "External method", "displayName"
        ),
    }
)
_TYPE_OF_COLLECTION = {
    sort.collection: name for name, sort in _SORTS.items() if sort.collection
}
# An alternate mobile number has to go before the mobile number.
_ALTERNATE_MOBILE = "b6332ec1-7057-4abe-9331-3d72feddfe41"


async def methods(graph: GraphClient, user_id: ObjectId) -> list[AuthenticationMethod]:
    """List a user's methods in an order in which they can be removed.

    Raises:
        PermissionMissingError: the app may not read them.
        GraphError, SignInError: as every call.
    """
    collections = graph.hosts.method_collections
    if collections is None:
        items = await _items(graph, user_id, "methods")
    else:
        items = await _items_of_each(graph, user_id, collections)
    found = [_method(item) for item in items]
    return sorted(found, key=lambda method: method.id != _ALTERNATE_MOBILE)


async def is_registered(
    graph: GraphClient, user_id: ObjectId, collection: str, method_id: str
) -> bool:
    """Whether a user still has one method.

    Raises:
        GraphError, SignInError: as every call. Other than for a plan, a collection
            that is not served is an error too: silence proves no removal.
    """
    one_by_one = graph.hosts.method_collections is not None
    listed = await _items(graph, user_id, collection if one_by_one else "methods")
    found = (_method(_typed(collection, item)) for item in listed)
    return any((each.collection, each.id) == (collection, method_id) for each in found)


def sorts_not_shown(hosts: CloudHosts) -> tuple[str, ...]:
    """Names of the sorts of methods that a cloud does not show to apps at all."""
    shown = hosts.method_collections
    if shown is None:
        return ()
    return tuple(
        sort.name
        for sort in _SORTS.values()
        if sort.collection and sort.collection not in shown
    )


async def remove_method(
    graph: GraphClient, user_id: ObjectId, method: AuthenticationMethod
) -> bool:
    """Delete one method.

    Returns:
        False where it was gone already.

    Raises:
        DefaultMethodError: it is the default one and others are left.
        WriteRefusedError: another rule stands against it.
        UnknownOutcomeError: the answer was lost; list again.
        ValueError: a method that has no collection; nothing was sent.
        GraphError, SignInError: as every call.
    """
    if method.collection not in _TYPE_OF_COLLECTION:
        raise ValueError(
            f"{method.label} cannot be removed: {method.why_not_removable}"
        )
    owner = f"/users/{UUID(str(user_id))}/authentication"
    try:
        await graph.delete(f"{owner}/{method.collection}/{method.id}", needs=_NEEDS)
    except ObjectNotFoundError:
        return False
    return True


async def _items(graph: GraphClient, user_id: ObjectId, collection: str) -> list[Json]:
    # These lists take no query options.
    path = f"/users/{UUID(str(user_id))}/authentication/{collection}"
    return [item async for item in graph.items(path, needs=_NEEDS)]


async def _items_of_each(
    graph: GraphClient, user_id: ObjectId, collections: tuple[str, ...]
) -> list[Json]:
    """List collection by collection, in clouds that have no list of all.

    A collection that this cloud does not serve (400, 404) is passed over: nobody can
    have a method there. The user is known to exist from the plan's own read.
    """
    found: list[Json] = []
    for collection in collections:
        try:
            listed = await _items(graph, user_id, collection)
        except GraphError as error:
            if error.status not in (400, 404):
                raise
            continue
        found += [_typed(collection, item) for item in listed]
    return found


def _typed(collection: str, item: Json) -> Json:
    """An item with its type, which lists of a single collection may leave out."""
    kind = f"{_PREFIX}{_TYPE_OF_COLLECTION[collection]}{_SUFFIX}"
    return {"@odata.type": kind, **item}


def _method(item: Json) -> AuthenticationMethod:
    kind = str(item.get("@odata.type", ""))
    name = kind.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    sort = _SORTS.get(name)
    if sort is None:
        sort = _Sort(
            None,
            f"Unknown method ({name or 'without a type'})",
            why_not="Microsoft Graph has no way to delete a method of this sort",
        )
    return AuthenticationMethod(
        id=str(item["id"]),
        collection=sort.collection,
        label=_label(sort, item),
        why_not_removable=sort.why_not,
    )


def _label(sort: _Sort, item: Json) -> str:
    detail = str(item.get(sort.detail) or "") if sort.detail else ""
    if not detail:
        return sort.name
    if sort.detail == "phoneNumber":
        return f"{sort.name} {_masked_number(detail)}"
    if sort.detail == "emailAddress":
        return f"{sort.name} {_masked_address(detail)}"
    joint = "on " if sort.collection == "microsoftAuthenticatorMethods" else ""
    return f"{sort.name} {joint}{detail}" if joint else f"{sort.name} '{detail}'"


def _masked_number(number: str) -> str:
    """Leave the country code and the last two digits: "+1 ••• 12"."""
    country, _, rest = number.strip().partition(" ")
    if not rest:
        return f"••• {number.strip()[-2:]}"
    return f"{country} ••• {rest[-2:]}"


def _masked_address(address: str) -> str:
    """Leave the first letter and the domain: "a•••@example.com"."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"
