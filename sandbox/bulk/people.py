"""What the users look like: names of many scripts, jobs, managers, licences."""

from sandbox.bulk.calendar import Calendar
from sandbox.bulk.collection import Collection, Columns, nullable, quoted
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.registrations import sign_in_activity
from sandbox.bulk.shape import Shape
from sandbox.graph.schema import USER

DOMAIN = "bulk.example"
SKUS = (
    ("05e9a617-0261-4cee-bb44-138d3ef5d965", "SPE_E3"),
    ("c5928f49-12ba-48f7-ada3-0d743a3601d5", "VISIOCLIENT"),
)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_FIRST = _listed(
    "Ada|Bo|Chloé|Dmitri|Eszter|Fatima|Grace|Hugo|Ingrid|Jürgen|Kofi|Linh|Mei|Nóra|"
    "Omar|Priya|Quentin|Ruth|Søren|Tomáš|Uma|Viktor|Wei|Ximena|Yusuf|Zoë|נועם|ليلى|美咲"
)
_LAST = _listed(
    "Lindqvist|O'Connor|Novák|Weiss|Diaz|Park|Raman|Bergström|Tanaka|Rossi|Moretti|"
    "Bello|Solberg|Demir|Dubois|Almeida|Mwangi|Nowak|Zhang|Volkov|Müller-Lüdenscheidt|"
    'Kim|<b>Tag</b>|Q&A|"Quoted"|back\\slash|van der Berg|Ñandú|Østergård|😀'
)
_TITLES = _listed(
    "Account Manager|Engineer|Site Reliability Engineer|Accountant|Recruiter|"
    "Warehouse Clerk|Support Agent|Product Designer|Legal Counsel|Driver|Nurse"
)
_DEPARTMENTS = _listed("Sales|Engineering|Finance|Logistics|Support|Product|Legal")
_COUNTRIES = _listed("SE|DE|FR|GB|US|JP|IN|BR|NO|PL")

_FIRST_TEXT = [quoted(name)[1:-1] for name in _FIRST]
_LAST_TEXT = [quoted(name)[1:-1] for name in _LAST]


def _display_name(number: int, version: int) -> str:
    first = _FIRST_TEXT[number % len(_FIRST_TEXT)]
    last = _LAST_TEXT[number // 29 % len(_LAST_TEXT)]
    return (
        f'"{first} {last} {number}-{version}"'
        if version
        else (f'"{first} {last} {number}"')
    )


def _is_guest(number: int) -> bool:
    return number % 12 == 5


def _login(number: int, _: int) -> str:
    if _is_guest(number):
        return f'"guest{number}_partner.example#EXT#@{DOMAIN}"'
    return f'"user{number}@{DOMAIN}"'


def _mail(number: int, _: int) -> str:
    if number % 9 == 0:
        return "null"
    if _is_guest(number):
        return f'"guest{number}@partner.example"'
    return f'"user{number}@{DOMAIN}"'


def manager_of(number: int, shape: Shape) -> int | None:
    """Return who manages a user: one of the first tenth; nobody for a few."""
    if number % 23 == 0:
        return None
    return number // 10 % shape.anchors


# What users hold: SKUs, each with the group that gives it, None for the user's own.
Licences = tuple[tuple[str, str | None], ...]
_BY_GROUP: Licences = ((SKUS[0][0], object_id(Kind.GROUP, 0)),)
_DIRECT: Licences = ((SKUS[0][0], None),)
_HELD: tuple[Licences, ...] = ((), _BY_GROUP, _DIRECT, (*_BY_GROUP, (SKUS[1][0], None)))


def _assigned_text(held: Licences) -> str:
    parts = (f'{{"disabledPlans":[],"skuId":"{sku}"}}' for sku, _ in held)
    return f"[{','.join(parts)}]"


def _states_text(held: Licences) -> str:
    parts = (
        f'{{"skuId":"{sku}","disabledPlans":[],"assignedByGroup":{nullable(group)},'
        '"state":"Active","error":"None","lastUpdatedDateTime":"2024-03-01T09:00:00Z"}'
        for sku, group in held
    )
    return f"[{','.join(parts)}]"


_ASSIGNED = tuple(map(_assigned_text, _HELD))
_STATES = tuple(map(_states_text, _HELD))


def _held(number: int) -> int:
    """Return which of the usual sets of licences a user holds."""
    if number % 5 == 4:
        return 0
    if number % 50 == 0:
        return 3
    return 1 if number % 3 else 2


def licences_of(number: int) -> list[str]:
    """Return the names of what a user holds."""
    names = dict(SKUS)
    return [names[sku] for sku, _ in _HELD[_held(number)]]


def _columns(calendar: Calendar) -> Columns:
    titles = [quoted(title) for title in _TITLES]
    departments = [quoted(name) for name in _DEPARTMENTS]
    countries = [quoted(code) for code in _COUNTRIES]
    firsts, lasts = map(quoted, _FIRST), map(quoted, _LAST)
    given, family = list(firsts), list(lasts)
    return {
        "displayName": _display_name,
        "givenName": lambda n, _: given[n % len(given)],
        "surname": lambda n, _: family[n // 29 % len(family)],
        "userPrincipalName": _login,
        "mail": _mail,
        "accountEnabled": lambda n, v: "false" if (n + v) % 17 == 0 else "true",
        "userType": lambda n, _: '"Guest"' if _is_guest(n) else '"Member"',
        "jobTitle": lambda n, v: "null" if n % 31 == 0 else titles[(n + v) % 11],
        "department": lambda n, _: departments[n % 7],
        "companyName": lambda n, _: "null" if _is_guest(n) else '"Bulk Ltd"',
        "usageLocation": lambda n, _: countries[n % 10],
        "onPremisesSyncEnabled": lambda n, _: "true" if n % 4 == 0 else "null",
        "employeeId": lambda n, _: "null" if _is_guest(n) else f'"E{n:07d}"',
        "assignedLicenses": lambda n, _: _ASSIGNED[_held(n)],
        "licenseAssignmentStates": lambda n, _: _STATES[_held(n)],
        "createdDateTime": lambda n, _: calendar.text(n),
        "signInActivity": sign_in_activity,
    }


def users_of(shape: Shape) -> Collection:
    """Return the users; the oldest three in a hundred have no creation time."""
    calendar = Calendar(shape.users, unknown=shape.users * 3 // 100)

    def manager(number: int, _: int) -> str:
        boss = manager_of(number, shape)
        if boss is None:
            return "null"
        return (
            '{"@odata.type":"#microsoft.graph.user",'
            f'"id":"{object_id(Kind.USER, boss)}"}}'
        )

    return Collection(
        Kind.USER,
        USER,
        shape.users,
        _columns(calendar),
        calendar=calendar,
        relations={"manager": manager},
    )
