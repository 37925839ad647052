"""Rows of a made-up directory, and reading back what is stored of one."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from bot.domain.directory import DataSet
from bot.domain.directory_rows import (
    ApplicationRow,
    AppRoleAssignmentRow,
    GroupRow,
    MembershipRow,
    OauthGrantRow,
    OrganizationRow,
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
    return {
        DataSet.ORGANIZATION: OrganizationRow(
            guid(9), "Contoso Ltd", '["contoso.example"]', '["AAD"]', True, MADE
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
