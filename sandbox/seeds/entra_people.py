"""The people of the seeded tenant: names, jobs, and what is special about some."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.graph.tenant import Json, timestamp
from sandbox.seeds.entra_ids import DOMAIN, INITIAL_DOMAIN, seeded_id


@dataclass(frozen=True)
class Person:
    """One user. `name` may hold what careless code trips over."""

    login: str
    name: str
    title: str
    department: str
    enabled: bool = True
    synced: bool = False
    guest_of: str | None = None

    @property
    def id(self) -> str:
        """Return the object id."""
        return seeded_id("user", self.login)

    @property
    def mail(self) -> str:
        """Return the mail address: for guests, the one at home."""
        return f"{self.login}@{self.guest_of or DOMAIN}"

    @property
    def principal_name(self) -> str:
        """Return the user principal name; a guest's carries #EXT#."""
        if self.guest_of:
            return f"{self.mail.replace('@', '_')}#EXT#@{INITIAL_DOMAIN}"
        return self.mail


def _staff(table: str) -> list[Person]:
    """Read lines of "login | name | title | department [| mark ...]"."""
    people = []
    for line in table.strip().splitlines():
        login, name, title, department, *marks = (x.strip() for x in line.split("|"))
        people.append(
            Person(
                login,
                name,
                title,
                department,
                enabled="disabled" not in marks,
                synced="synced" in marks,
            )
        )
    return people


_WORKSPACE = """
ada | Ada Lindqvist | Identity Administrator | IT
ruth | Ruth Okafor | HR Business Partner | Human Resources
amir | Amir Haddad | Security Lead | Security
nora | Nora Weiss | Head of IT Operations | IT
dana | Dana Cole | Account Manager | Sales
omar | Omar Diaz | Integration Engineer | Engineering
lee | Lee Park | Product Designer | Product
"""
_COLLEAGUES = """
priya | Priya Raman | Chief Information Officer | IT
jonas | Jonas Bergström | Helpdesk Engineer | IT
mei | Mei Tanaka | Helpdesk Engineer | IT
sofia | Sofia Rossi | Sales Director | Sales
luca | Luca Moretti | Account Manager | Sales
aisha | Aisha Bello | Account Manager | Sales
tomas | Tomáš Novák | Sales Engineer | Sales
ingrid | Ingrid Solberg | Accountant | Finance | synced
yusuf | Yusuf Demir | Controller | Finance | synced
claire | Claire Dubois | Chief Financial Officer | Finance | synced
hugo | Hugo Almeida | Payroll Specialist | Finance | synced
grace | Grace Mwangi | Recruiter | Human Resources
emil | Emil Nowak | HR Assistant | Human Resources
sarah | Sarah O'Connor | Staff Engineer | Engineering
wei | Wei Zhang | Engineer | Engineering
dmitri | Dmitri Volkov | Engineer | Engineering
fatima | Fatima Zahra | Engineer | Engineering
oscar | Oscar Lindgren | Site Reliability Engineer | Engineering
nina | Nina Petrović | Site Reliability Engineer | Engineering
raj | Raj Patel | Data Engineer | Engineering
chloe | Chloé Martin | Engineering Manager | Engineering
ben | Ben Adeyemi | Product Manager | Product
hana | Hana Kim | Product Manager | Product
paula | Paula Fernández | Product Designer | Product
viktor | Viktor Hansen | Legal Counsel | Legal
julia | Julia Schmidt | Legal Counsel | Legal
marcus | Marcus Webb | Facilities Manager | Facilities | synced
greta | Greta Lund | Receptionist | Facilities | synced
ivan | Ivan Horvat | Warehouse Lead | Logistics | synced
rosa | Rosa Jiménez | Driver Dispatcher | Logistics | synced
kofi | Kofi Mensah | Warehouse Clerk | Logistics | synced
linh | Linh Nguyen | Warehouse Clerk | Logistics | synced
peter | Peter Jansen | Procurement Specialist | Logistics
elena | Elena Popescu | Marketing Lead | Marketing
theo | Theo Papadakis | Content Editor | Marketing
zoe | Zoë van Dijk | Social Media Manager | Marketing
samir | Samir Khan | Support Lead | Support
anna | Anna Kowalska | Support Agent | Support
david | David Cohen | Support Agent | Support
maria | María José Fernández | Support Agent | Support
rnd | Research & Development | Shared mailbox | Engineering
party | Party Planning 🎉 | Shared mailbox | Human Resources
noam | נועם לוי | Localisation Specialist | Product
layla | ليلى حسن | Localisation Specialist | Product
max | Maximiliana Featherstonehaugh-Cholmondeley von Hohenzollern II | Trustee | Board
tick | Tick `Mark` <b>O'Angle</b> *Star* | Tester | Engineering
gwen | Gwen Left | Former Account Manager | Sales | disabled
felix | Felix Gone | Former Engineer | Engineering | disabled
irma | Irma Past | Former Accountant | Finance | disabled | synced
svc-backup | Backup Service | Service account | IT
dana2 | Dana Coleman | Office Manager | Facilities
"""
_GUESTS = (
    Person("kim", "Kim Larsen", "Consultant", "", guest_of="fabrikam.example"),
    Person("ola", "Ola Nordmann", "Auditor", "", guest_of="auditors.example"),
    Person("jo", "Jo Müller", "Contractor", "", guest_of="freelance.example"),
)

WORKSPACE = _staff(_WORKSPACE)
EVERYBODY = (*WORKSPACE, *_staff(_COLLEAGUES), *_GUESTS)


def user_object(person: Person, now: datetime) -> Json:
    """Return the Graph object of a person, with every property that is tracked."""
    first, _, last = person.name.partition(" ")
    created = timestamp(now - timedelta(days=400 + len(person.name) * 7))
    return {
        "id": person.id,
        "deletedDateTime": None,
        "accountEnabled": person.enabled,
        "displayName": person.name,
        "givenName": first,
        "surname": last or None,
        "userPrincipalName": person.principal_name,
        "mail": person.mail,
        "mailNickname": person.login,
        "otherMails": [],
        "proxyAddresses": [f"SMTP:{person.mail}"],
        "jobTitle": person.title,
        "department": person.department or None,
        "companyName": "Contoso Ltd",
        "officeLocation": "Stockholm",
        "businessPhones": [],
        "mobilePhone": None,
        "preferredLanguage": "en-GB",
        "usageLocation": "SE",
        "userType": "Guest" if person.guest_of else "Member",
        "externalUserState": "Accepted" if person.guest_of else None,
        "createdDateTime": created,
        "lastPasswordChangeDateTime": created,
        "signInSessionsValidFromDateTime": created,
        "onPremisesSyncEnabled": True if person.synced else None,
        "onPremisesSamAccountName": person.login if person.synced else None,
        "onPremisesLastSyncDateTime": timestamp(now) if person.synced else None,
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
    }
