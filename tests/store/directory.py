"""Rows of a made-up directory, and reading back what is stored of one."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from bot.domain.activity_rows import (
    DirectoryAuditRow,
    FederatedCredentialRow,
    IdentityProviderRow,
    ManagedDeviceRow,
    ProvisioningJobRow,
    ProvisioningLogRow,
    RegistrationRow,
    RoleScheduleRow,
    SignInActivityRow,
    SignInRow,
    UsageAppsRow,
    UsageOfficeRow,
    UsageTeamsRow,
)
from bot.domain.directory import DataSet
from bot.domain.directory_rows import (
    ApplicationRow,
    AppRoleAssignmentRow,
    DeviceRow,
    GroupRow,
    MembershipRow,
    OauthGrantRow,
    OrganizationRow,
    OwnerRow,
    RoleAssignmentRow,
    RoleDefinitionRow,
    ServicePrincipalRow,
    SubscribedSkuRow,
    UserRow,
)
from bot.domain.ids import ConnectionId
from bot.domain.rows import ROWS, DirectoryRow
from store.directory_statements import TABLES
from store.engine import Database

MADE = datetime(2024, 2, 29, 23, 59, 59, 120000, tzinfo=UTC)
ON_THE_SECOND = datetime(2024, 3, 1, tzinfo=UTC)
LEAP_DAY = date(2024, 2, 29)
ZOE = "zoe@contoso.example"


def guid(number: int) -> UUID:
    """A GUID that is told apart at a glance."""
    return UUID(int=number)


def a_user(number: int, **changes: Any) -> UserRow:
    """A user with every column set."""
    return UserRow(
        id=guid(number),
        display_name=f"Zoë “{number}” \\ 'Öz'",
        user_principal_name=f"zoe{number}@contoso.example",
        mail=f"zoe{number}@contoso.example",
        account_enabled=True,
        user_type="Member",
        job_title="Engineer",
        department="R&D; DROP TABLE tenant",
        company_name="Contoso",
        usage_location="DE",
        on_premises_sync_enabled=False,
        employee_id=str(number),
        manager_id=guid(1),
        licences='[["6fd2c87f-b296-42f0-b197-1e91e994b900",null]]',
        created_at=MADE,
    )._replace(**changes)


def bare(row: Any, *key: object) -> Any:
    """A row as Graph tells it where only the existence may be known."""
    return row(*key, *(None for _ in row._fields[len(key) :]))


def one_of_each() -> dict[DataSet, DirectoryRow]:
    """A row of every data set, with a value in every column."""
    rows = _objects() | _access() | _use() | _reports() | _logs()
    return {data_set: rows[data_set] for data_set in DataSet}


def _objects() -> dict[DataSet, DirectoryRow]:
    return {
        DataSet.ORGANIZATION: OrganizationRow(
            guid(9), "Contoso Ltd", '["contoso.example"]', '[["id","AAD"]]', True, MADE
        ),
        DataSet.USERS: a_user(7),
        DataSet.GROUPS: GroupRow(
            guid(20), "Sales", "sales@contoso.example", True, False, '["Unified"]',
            'user.department -eq "Sales"', False, True, "[]", "Private", ON_THE_SECOND,
        ),
        DataSet.MEMBERSHIPS: MembershipRow(guid(20), guid(7), "user"),
        DataSet.APPLICATIONS: ApplicationRow(
            guid(30), guid(31), "Payroll", "AzureADMyOrg", "[]", "[]", MADE
        ),
        DataSet.SERVICE_PRINCIPALS: ServicePrincipalRow(
            guid(40), guid(31), "Payroll", "Application", True, guid(9), "[]", "AB12",
            "[]",
        ),
        DataSet.APP_ROLE_ASSIGNMENTS: AppRoleAssignmentRow(
            "opaque_A-1", guid(50), guid(40), "ServicePrincipal", "Payroll", guid(41),
            "Microsoft Graph", MADE,
        ),
        DataSet.OAUTH_GRANTS: OauthGrantRow(
            "opaque_B-1", guid(40), "Principal", guid(7), guid(41), '["User.Read"]'
        ),
        DataSet.ROLE_DEFINITIONS: RoleDefinitionRow(
            guid(60), "User Administrator", True, True
        ),
        DataSet.ROLE_ASSIGNMENTS: RoleAssignmentRow(
            "opaque_C-1", guid(60), guid(7), "/"
        ),
        DataSet.SUBSCRIBED_SKUS: SubscribedSkuRow(
            f"{guid(9)}_{guid(70)}", guid(70), "SPE_E5", "Enabled", 25, 24
        ),
    }  # fmt: skip


def _access() -> dict[DataSet, DirectoryRow]:
    return {
        DataSet.GROUP_OWNERS: OwnerRow(guid(20), guid(7), "user"),
        DataSet.APPLICATION_OWNERS: OwnerRow(guid(30), guid(7), "user"),
        DataSet.SERVICE_PRINCIPAL_OWNERS: OwnerRow(
            guid(40), guid(41), "servicePrincipal"
        ),
        DataSet.FEDERATED_CREDENTIALS: FederatedCredentialRow(
            guid(33), guid(30), "deploy", "https://token.actions.example",
            "repo:contoso/app:ref:refs/heads/main", '["api://AzureADTokenExchange"]',
        ),
        DataSet.ROLE_ELIGIBILITIES: RoleScheduleRow(
            "opaque_D-1", guid(60), guid(7), "/", "Direct", "Assigned", MADE,
            ON_THE_SECOND,
        ),
        DataSet.ROLE_ACTIVATIONS: RoleScheduleRow(
            "opaque_D-1", guid(60), guid(7), "/", "Group", "Activated", MADE,
            ON_THE_SECOND,
        ),
        DataSet.IDENTITY_PROVIDERS: IdentityProviderRow(
            "Google-OAUTH", "Google", "socialIdentityProvider", "Google"
        ),
        DataSet.PROVISIONING_JOBS: ProvisioningJobRow(
            guid(40), "scim.1", "scim", "Quarantine", "Active",
            "EncounteredBaseEscrowThreshold", MADE, "Failed", "Unauthorized: 401",
            MADE, ON_THE_SECOND,
        ),
    }  # fmt: skip


def _use() -> dict[DataSet, DirectoryRow]:
    return {
        DataSet.DEVICES: DeviceRow(
            guid(80), guid(81), "ZOE-PC", "Windows", "10.0.26100", "AzureAd", True,
            False, True, MADE, ON_THE_SECOND,
        ),
        DataSet.MANAGED_DEVICES: ManagedDeviceRow(
            guid(82), "ZOE-PC", guid(7), ZOE, "Windows", "10.0.26100", "noncompliant",
            "company", guid(81), "5CG1234", MADE,
        ),
        DataSet.SIGN_IN_ACTIVITY: SignInActivityRow(
            guid(7), MADE, ON_THE_SECOND, MADE
        ),
        DataSet.REGISTRATIONS: RegistrationRow(
            guid(7), ZOE, False, True, True, False, '["mobilePhone"]', MADE
        ),
    }  # fmt: skip


def _reports() -> dict[DataSet, DirectoryRow]:
    day = date(2024, 12, 31)
    return {
        DataSet.USAGE_OFFICE: UsageOfficeRow(
            ZOE, "Zoë", False, LEAP_DAY, day, day, LEAP_DAY, day, '["E5"]', day
        ),
        DataSet.USAGE_TEAMS: UsageTeamsRow(ZOE, True, LEAP_DAY, 0, 1, 2, 3, day),
        DataSet.USAGE_APPS: UsageAppsRow(ZOE, LEAP_DAY, day, '["Mac","Web"]', day),
    }


def _logs() -> dict[DataSet, DirectoryRow]:
    return {
        DataSet.DIRECTORY_AUDITS: DirectoryAuditRow(
            "opaque_E-1", MADE, "Consent to application", "ApplicationManagement",
            "failure", "Risky application detected", ZOE, str(guid(7)),
            '[{"id":"x","name":"Payroll","type":"ServicePrincipal"}]', "abc-1",
        ),
        DataSet.SIGN_INS: SignInRow(
            "opaque_F-1", MADE, guid(7), ZOE, guid(31), "Payroll", "Microsoft Graph",
            "2001:db8::1", 65001, "No consent", "notApplied", "abc-2",
        ),
        DataSet.PROVISIONING_LOGS: ProvisioningLogRow(
            "opaque_G-1", MADE, "scim.1", guid(40), "Payroll", "create", "failure",
            "SystemForCrossDomainIdentityManagementBadResponse", "Bad answer", "x-1",
            ZOE, "zoe",
        ),
    }  # fmt: skip


async def stored(
    database: Database, connection_id: ConnectionId, data_set: DataSet
) -> set[DirectoryRow]:
    """What is stored of a data set, as the rows that went in."""
    table: Any = TABLES[data_set]
    columns = [getattr(table, name) for name in ROWS[data_set]._fields]
    statement = select(*columns).where(col(table.connection_id) == connection_id)
    async with database.snapshots() as session:
        connection = await session.connection()
        return {
            ROWS[data_set](*row) for row in (await connection.execute(statement)).all()
        }
