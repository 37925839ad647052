"""App registrations with their credentials, and service principals with their roles."""

from sandbox.bulk.calendar import Calendar
from sandbox.bulk.collection import Collection, Columns
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.people import DOMAIN
from sandbox.bulk.shape import Shape
from sandbox.graph.permissions import APP_ROLE_IDS, GRAPH_APP_ID
from sandbox.graph.schema import APPLICATION, SERVICE_PRINCIPAL
from sandbox.seeds.entra_ids import TENANT_ID

_FOREIGN_TENANT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
_USER_READ = APP_ROLE_IDS["User.Read.All"]


def client_id(number: int) -> str:
    """Return the appId of the registration, or gallery app, of that number."""
    return object_id(Kind.CLIENT, number)


def _end(number: int, which: int) -> str:
    return f"{2026 + (number + which) % 4}-0{1 + number % 9}-15T10:20:30Z"


def _passwords(number: int, version: int) -> str:
    """Return the secrets: none to two; every change of the app adds one."""
    return (
        "["
        + ",".join(
            f'{{"customKeyIdentifier":null,"displayName":"Secret {which}",'
            f'"endDateTime":"{_end(number, which)}",'
            f'"hint":"{which}a~","keyId":"{object_id(Kind.KEY, number * 100 + which)}",'
            '"secretText":null,"startDateTime":"2025-01-15T10:20:30.1234567Z"}'
            for which in range(number % 3 + version)
        )
        + "]"
    )


def _keys(number: int, _: int) -> str:
    if number % 6:
        return "[]"
    key_id = object_id(Kind.KEY, number * 100 + 99)
    return (
        '[{"customKeyIdentifier":"B7B7B7B7B7B7B7B7B7B7B7B7B7B7B7B7B7B7B7B7",'
        f'"displayName":"CN=app{number}","endDateTime":"2027-06-30T00:00:00Z",'
        f'"key":null,"keyId":"{key_id}","startDateTime":"2025-06-30T00:00:00Z",'
        '"type":"AsymmetricX509Cert","usage":"Verify"}]'
    )


def _required(number: int, _: int) -> str:
    if number % 2:
        return "[]"
    return (
        f'[{{"resourceAppId":"{GRAPH_APP_ID}",'
        f'"resourceAccess":[{{"id":"{_USER_READ}","type":"Role"}}]}}]'
    )


def _name(number: int, version: int) -> str:
    return f'"App {number}{f" v{version}" if version else ""}"'


def _application_columns(calendar: Calendar) -> Columns:
    return {
        "appId": lambda n, _: f'"{client_id(n)}"',
        "displayName": _name,
        "publisherDomain": lambda _, __: f'"{DOMAIN}"',
        "signInAudience": lambda n, _: (
            '"AzureADMultipleOrgs"' if n % 9 == 0 else '"AzureADMyOrg"'
        ),
        "passwordCredentials": _passwords,
        "keyCredentials": _keys,
        "requiredResourceAccess": _required,
        "createdDateTime": lambda n, _: calendar.text(n),
    }


def applications_of(shape: Shape) -> Collection:
    """Return the app registrations."""
    calendar = Calendar(shape.applications)
    return Collection(
        Kind.APPLICATION,
        APPLICATION,
        shape.applications,
        _application_columns(calendar),
        calendar=calendar,
    )


def role_id(number: int) -> str:
    """Return the id of the app role that a service principal offers."""
    return object_id(Kind.APP_ROLE, number)


def _roles(number: int, _: int) -> str:
    if number % 4:
        return "[]"
    return (
        f'[{{"id":"{role_id(number)}","value":"Task.Run","displayName":"Run tasks",'
        '"description":"Run tasks","allowedMemberTypes":["Application","User"],'
        '"isEnabled":true,"origin":"Application"}]'
    )


def service_principals_of(shape: Shape) -> Collection:
    """Return the service principals: one of each registration, then gallery apps."""
    own = shape.applications

    def owner(number: int, _: int) -> str:
        return f'"{TENANT_ID if number < own else _FOREIGN_TENANT}"'

    def thumbprint(number: int, _: int) -> str:
        return f'"{number:040X}"' if number % 20 == 1 else "null"

    columns: Columns = {
        "appId": lambda n, _: f'"{client_id(n)}"',
        "displayName": _name,
        "appDisplayName": _name,
        "servicePrincipalType": lambda n, _: (
            '"ManagedIdentity"' if n % 15 == 4 else '"Application"'
        ),
        "accountEnabled": lambda n, _: "false" if n % 40 == 9 else "true",
        "appOwnerOrganizationId": owner,
        "passwordCredentials": lambda _, __: "[]",
        "keyCredentials": _keys,
        "preferredTokenSigningKeyThumbprint": thumbprint,
        "appRoles": _roles,
    }
    return Collection(
        Kind.SERVICE_PRINCIPAL, SERVICE_PRINCIPAL, shape.service_principals, columns
    )
