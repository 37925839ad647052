"""Authentication methods: list them, remove them, and the order that removal wants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sandbox.graph.errors import bad_request, malformed, not_found
from sandbox.graph.exchange import GraphRequest, Reply, no_content
from sandbox.graph.query import refuse_options
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import user_named
from sandbox.graph.routing import Route
from sandbox.graph.tenant import Json, timestamp

# Fixed ids: a user has one phone of each type.
PHONE_IDS = {
    "mobile": "3179e48a-750b-4051-897c-87b9720928f7",
    "alternateMobile": "b6332ec1-7057-4abe-9331-3d72feddfe41",
    "office": "e37fc753-ff3b-4958-9484-eaa9425c82bc",
}


@dataclass(frozen=True)
class _Collection:
    """One typed collection under /users/{id}/authentication."""

    segment: str
    kind: str
    scope: str

    @property
    def odata_type(self) -> str:
        return f"#microsoft.graph.{self.kind}AuthenticationMethod"

    @property
    def readers(self) -> tuple[str, ...]:
        stem = self.scope.removesuffix(".ReadWrite.All")
        return (*access.READ_METHODS, f"{stem}.Read.All", self.scope)

    @property
    def writers(self) -> tuple[str, ...]:
        return (access.WRITE_ANY_METHOD, self.scope)


COLLECTIONS = (
    _Collection("phoneMethods", "phone", "UserAuthMethod-Phone.ReadWrite.All"),
    _Collection(
        "microsoftAuthenticatorMethods",
        "microsoftAuthenticator",
        "UserAuthMethod-MicrosoftAuthApp.ReadWrite.All",
    ),
    _Collection("fido2Methods", "fido2", "UserAuthMethod-Passkey.ReadWrite.All"),
    _Collection(
        "softwareOathMethods",
        "softwareOath",
        "UserAuthMethod-SoftwareOATH.ReadWrite.All",
    ),
    _Collection("emailMethods", "email", "UserAuthMethod-Email.ReadWrite.All"),
    _Collection(
        "windowsHelloForBusinessMethods",
        "windowsHelloForBusiness",
        "UserAuthMethod-WindowsHello.ReadWrite.All",
    ),
    _Collection(
        "temporaryAccessPassMethods",
        "temporaryAccessPass",
        "UserAuthMethod-TAP.ReadWrite.All",
    ),
    _Collection(
        "platformCredentialMethods",
        "platformCredential",
        "UserAuthMethod-PlatformCred.ReadWrite.All",
    ),
    _Collection(
        "externalAuthenticationMethods",
        "external",
        "UserAuthMethod-External.ReadWrite.All",
    ),
)
# All that v1.0 metadata of the cloud of 21Vianet has under `authentication`.
_IN_CHINA = frozenset(
    {"phoneMethods", "microsoftAuthenticatorMethods", "platformCredentialMethods"}
)
_PASSWORD_TYPE = "#microsoft.graph.passwordAuthenticationMethod"


def _methods(request: GraphRequest) -> list[Json]:
    return request.tenant.methods.setdefault(user_named(request)["id"], [])


def _check_served(request: GraphRequest, segment: str) -> None:
    """Refuse a segment that the tenant's cloud has not got."""
    if request.tenant.cloud == "china" and segment not in _IN_CHINA:
        raise malformed(f"Resource not found for the segment '{segment}'.")


def list_methods(request: GraphRequest) -> Reply:
    """GET /users/{id}/authentication/methods: takes no query options at all."""
    _check_served(request, "methods")
    refuse_options(request, allowed=())
    return _listed(request, "methods", _methods(request))


def list_passwords(request: GraphRequest) -> Reply:
    """GET /users/{id}/authentication/passwordMethods."""
    found = [m for m in _methods(request) if m["@odata.type"] == _PASSWORD_TYPE]
    return _listed(request, "passwordMethods", found)


def _listed(request: GraphRequest, segment: str, methods: list[Json]) -> Reply:
    place = f"users('{request.keys['user_id']}')/authentication/{segment}"
    context = f"{request.root}/$metadata#{place}"
    return Reply(body={"@odata.context": context, "value": methods})


def _list_of(collection: _Collection) -> Callable[[GraphRequest], Reply]:
    def list_typed(request: GraphRequest) -> Reply:
        _check_served(request, collection.segment)
        wanted = collection.odata_type
        found = [
            {name: value for name, value in m.items() if name != "@odata.type"}
            for m in _methods(request)
            if m["@odata.type"] == wanted
        ]
        return _listed(request, collection.segment, found)

    return list_typed


def _found_in(collection: _Collection, request: GraphRequest) -> Json:
    _check_served(request, collection.segment)
    method_id, wanted = request.keys["method_id"], collection.odata_type
    for method in _methods(request):
        if method["id"] == method_id and method["@odata.type"] == wanted:
            return method
    raise not_found(method_id)


def _get_from(collection: _Collection) -> Callable[[GraphRequest], Reply]:
    def get_typed(request: GraphRequest) -> Reply:
        refuse_options(request, allowed=())
        method = _found_in(collection, request)
        place = f"users('{request.keys['user_id']}')/authentication"
        context = f"{request.root}/$metadata#{place}/{collection.segment}/$entity"
        return Reply(body={"@odata.context": context, **method})

    return get_typed


def _delete_from(collection: _Collection) -> Callable[[GraphRequest], Reply]:
    def delete_typed(request: GraphRequest) -> Reply:
        methods, method = _methods(request), _found_in(collection, request)
        _check_removable(request, methods, method)
        methods.remove(method)
        return no_content()

    return delete_typed


def _check_removable(request: GraphRequest, methods: list[Json], method: Json) -> None:
    """Refuse to remove the default method, or a mobile before its alternate.

    The default goes when it is the last one that is left beside the password.
    """
    others = [
        m["id"]
        for m in methods
        if m["@odata.type"] != _PASSWORD_TYPE and m["id"] != method["id"]
    ]
    default = request.tenant.default_methods.get(user_named(request)["id"])
    if method["id"] == default and others:
        raise bad_request(
            f"The requested authentication method id of [{method['id']}] matches the "
            "user's current default authentication method, and cannot be deleted until "
            "the default authentication method is changed."
        )
    if method["id"] == PHONE_IDS["mobile"] and PHONE_IDS["alternateMobile"] in others:
        raise bad_request(
            "The mobile number cannot be deleted without first deleting alternate "
            "mobile number."
        )


def add_phone(request: GraphRequest) -> Reply:
    """POST /users/{id}/authentication/phoneMethods: phoneNumber and phoneType."""
    body = _body(request, "phoneNumber", "phoneType")
    phone_id = PHONE_IDS.get(str(body["phoneType"]))
    if phone_id is None:
        raise bad_request("phoneType must be mobile, alternateMobile or office.")
    mobile_only = {"smsSignInState": "notConfigured"}
    return _add(request, "phone", phone_id, {**body, **mobile_only})


def add_email(request: GraphRequest) -> Reply:
    """POST /users/{id}/authentication/emailMethods: emailAddress."""
    return _add(request, "email", str(uuid4()), _body(request, "emailAddress"))


def _body(request: GraphRequest, *names: str) -> dict[str, Any]:
    body = request.body if isinstance(request.body, dict) else {}
    if missing := set(names) - set(body):
        raise bad_request(f"The body lacks {', '.join(sorted(missing))}.")
    return {name: body[name] for name in names}


def _add(
    request: GraphRequest, kind: str, method_id: str, properties: dict[str, Any]
) -> Reply:
    methods = _methods(request)
    odata_type = f"#microsoft.graph.{kind}AuthenticationMethod"
    taken = {m["id"] for m in methods}
    one_only = kind == "email" and any(m["@odata.type"] == odata_type for m in methods)
    if method_id in taken or one_only:
        raise bad_request("A method of this kind is already registered for the user.")
    created = {"createdDateTime": timestamp(request.now)}
    method = {"@odata.type": odata_type, "id": method_id, **created, **properties}
    methods.append(method)
    return Reply(201, body=method)


_BASE = "/users/{user_id}/authentication"

ROUTES = (
    Route("GET", f"{_BASE}/methods", list_methods, access.READ_METHODS),
    Route("GET", f"{_BASE}/passwordMethods", list_passwords, access.READ_METHODS),
    *(
        Route("GET", f"{_BASE}/{c.segment}", _list_of(c), c.readers)
        for c in COLLECTIONS
    ),
    *(
        Route("GET", f"{_BASE}/{c.segment}/{{method_id}}", _get_from(c), c.readers)
        for c in COLLECTIONS
    ),
    *(
        Route(
            "DELETE", f"{_BASE}/{c.segment}/{{method_id}}", _delete_from(c), c.writers
        )
        for c in COLLECTIONS
    ),
    Route("POST", f"{_BASE}/phoneMethods", add_phone, COLLECTIONS[0].writers),
    Route("POST", f"{_BASE}/emailMethods", add_email, COLLECTIONS[4].writers),
)
