"""What auditors ask of a directory, answered by views on both databases."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.domain.activity_rows import (
    DirectoryAuditRow,
    ProvisioningJobRow,
    RoleScheduleRow,
    SignInActivityRow,
    SignInRow,
)
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.directory_rows import (
    ApplicationRow,
    GroupRow,
    OwnerRow,
    RoleDefinitionRow,
    ServicePrincipalRow,
    SubscribedSkuRow,
)
from bot.domain.rows import DirectoryRow
from bot.domain.tenants import Tenant
from store import data_sets, directory
from store.engine import Database
from tests.store.directory import MADE, a_user, bare, guid, one_of_each

Rows = Mapping[DataSet, Sequence[DirectoryRow]]

ZOE, SALES, PAYROLL, ORPHAN, ROBOT, ROLE = map(guid, (7, 20, 30, 32, 40, 60))
NAMED = a_user(7, user_principal_name="zoe@contoso.example")


async def store(database: Database, tenant: Tenant, rows: Rows) -> None:
    """Store rows as a complete read that ended just now."""
    async with database.sessions.begin() as session:
        for data_set, each in rows.items():
            await directory.upsert(session, tenant.id, data_set, each, 1)
            state = DataSetState(
                tenant.id, data_set, Standing.CURRENT, read_at=datetime.now(UTC)
            )
            await data_sets.save(session, state)


async def answers(database: Database, query: str) -> set[tuple[Any, ...]]:
    """What a query gives."""
    async with database.snapshots() as session:
        connection = await session.connection()
        return {tuple(row) for row in await connection.execute(text(query))}


async def test_owners_and_what_has_none(database: Database, tenant: Tenant) -> None:
    """Groups' owners were never read here, which is not the same as none."""
    app = bare(ApplicationRow, PAYROLL)._replace(display_name="Payroll")
    orphan = bare(ApplicationRow, ORPHAN)._replace(display_name="Orphan")
    robot = bare(ServicePrincipalRow, ROBOT)._replace(display_name="Robot")
    owned_by_robot = OwnerRow(PAYROLL, ROBOT, "servicePrincipal")
    rows: Rows = {
        DataSet.USERS: [NAMED._replace(account_enabled=False)],
        DataSet.GROUPS: [bare(GroupRow, SALES)._replace(display_name="Sales")],
        DataSet.APPLICATIONS: [app, orphan],
        DataSet.APPLICATION_OWNERS: [OwnerRow(PAYROLL, ZOE, "user"), owned_by_robot],
        DataSet.SERVICE_PRINCIPALS: [robot],
        DataSet.SERVICE_PRINCIPAL_OWNERS: [OwnerRow(ROBOT, guid(99), None)],
    }
    await store(database, tenant, rows)

    assert await answers(
        database,
        "SELECT tenant, kind, object, owner, owner_enabled, owner_id IS NULL, "
        "owners_read_at IS NULL FROM auditor_owner",
    ) == {
        ("Contoso", "app registration", "Payroll", NAMED[2], False, False, False),
        ("Contoso", "app registration", "Payroll", "Robot", None, False, False),
        ("Contoso", "app registration", "Orphan", None, None, True, False),
        ("Contoso", "service principal", "Robot", None, None, False, False),
        ("Contoso", "group", "Sales", None, None, True, True),
    }


async def test_licences_with_their_source(database: Database, tenant: Tenant) -> None:
    """One twice, directly and by a group; one that the tenant does not have now."""
    known, unknown = guid(70), guid(71)
    held = f'[["{known}",null],["{known}","{SALES}"],["{unknown}",null]]'
    rows: Rows = {
        DataSet.USERS: [
            NAMED._replace(licences=held),
            a_user(8, licences="[]"),
            a_user(9, licences=None),
        ],
        DataSet.GROUPS: [bare(GroupRow, SALES)._replace(display_name="Sales")],
        DataSet.SUBSCRIBED_SKUS: [
            SubscribedSkuRow("x", known, "SPE_E5", "Enabled", 25, 24)
        ],
    }
    await store(database, tenant, rows)

    assert await answers(
        database,
        "SELECT user_principal_name, licence, source, group_name FROM auditor_licence",
    ) == {
        (NAMED[2], "SPE_E5", "direct", None),
        (NAMED[2], "SPE_E5", "group", "Sales"),
        (NAMED[2], str(unknown), "direct", None),
    }


async def test_eligible_and_active_roles(database: Database, tenant: Tenant) -> None:
    """With the names of people, groups and apps, or none where they are not known."""
    ends = MADE + timedelta(hours=8)

    def schedule(id: str, principal: int, ends_at: datetime | None) -> RoleScheduleRow:
        return RoleScheduleRow(
            id, ROLE, guid(principal), "/", "Direct", "Assigned", MADE, ends_at
        )

    rows: Rows = {
        DataSet.USERS: [NAMED],
        DataSet.GROUPS: [bare(GroupRow, SALES)._replace(display_name="Sales")],
        DataSet.ROLE_DEFINITIONS: [RoleDefinitionRow(ROLE, "Reader", True, True)],
        DataSet.ROLE_ELIGIBILITIES: [schedule("a", 7, None), schedule("b", 20, None)],
        DataSet.ROLE_ACTIVATIONS: [schedule("a", 7, ends), schedule("b", 99, ends)],
    }
    await store(database, tenant, rows)

    assert await answers(
        database,
        "SELECT standing, role, principal, ends_at IS NULL FROM auditor_role_schedule",
    ) == {
        ("eligible", "Reader", NAMED[2], True),
        ("eligible", "Reader", "Sales", True),
        ("active", "Reader", NAMED[2], False),
        ("active", "Reader", None, False),
    }


async def test_provisioning_that_fails(database: Database, tenant: Tenant) -> None:
    """In quarantine, or at its last run for some or all; not where nothing is told."""
    stories = {
        "quarantined": ("Quarantine", None),
        "failed": ("Active", "Failed"),
        "some left out": ("Active", "EntryLevelErrors"),
        "unknown but failed": (None, "Failed"),
        "fine": ("Active", "Succeeded"),
        "never ran": ("NotRun", None),
        "nothing told": (None, None),
    }
    jobs = [
        bare(ProvisioningJobRow, ROBOT, id)._replace(
            template="scim", status=status, last_result=result
        )
        for id, (status, result) in stories.items()
    ]
    robot = bare(ServicePrincipalRow, ROBOT)._replace(display_name="Robot")
    await store(
        database,
        tenant,
        {DataSet.SERVICE_PRINCIPALS: [robot], DataSet.PROVISIONING_JOBS: jobs},
    )

    failing = await answers(
        database, "SELECT app, job FROM auditor_provisioning_job WHERE is_failing"
    )
    fine = await answers(
        database, "SELECT job FROM auditor_provisioning_job WHERE NOT is_failing"
    )
    assert failing == {("Robot", id) for id in list(stories)[:4]}
    assert fine == {(id,) for id in list(stories)[4:]}


LONG_AGO, LATELY = timedelta(days=91), timedelta(days=89)


def seen(number: int, *ago: timedelta | None) -> SignInActivityRow:
    """Tried, non-interactive and successful sign-ins of so long ago."""
    now = datetime.now(UTC)
    times = (None if each is None else now - each for each in ago)
    return SignInActivityRow(guid(number), *times)


async def test_accounts_that_nobody_uses(database: Database, tenant: Tenant) -> None:
    """A guess at a password is no use; a new account has its time."""
    lately = datetime.now(UTC) - LATELY
    users = [*map(a_user, range(1, 9)), a_user(9, created_at=lately)]
    users += [a_user(10, account_enabled=False), a_user(11, created_at=None)]
    activity = [
        seen(1, LONG_AGO, LONG_AGO, LONG_AGO),
        seen(2, LATELY, None, LONG_AGO),  # only tried lately
        seen(3, LONG_AGO, LATELY, LATELY),
        seen(4, None, LATELY, None),
        seen(5, LATELY, LONG_AGO, None),
        seen(6, None, None, None),
        seen(7, LONG_AGO, None, None),
    ]
    await store(database, tenant, {DataSet.USERS: users})
    query = "SELECT id FROM auditor_stale_account"
    assert await answers(database, query) == set(), "nobody told when they signed in"

    await store(database, tenant, {DataSet.SIGN_IN_ACTIVITY: activity})

    found = {str(id) for (id,) in await answers(database, query)}
    assert found == {str(guid(number)) for number in (1, 2, 6, 7, 8, 11)}


async def test_stale_accounts_say_since_when_and_whether_they_cost(
    database: Database, tenant: Tenant
) -> None:
    await store(
        database,
        tenant,
        {
            DataSet.USERS: [a_user(1), a_user(2, licences="[]"), a_user(3)],
            DataSet.SIGN_IN_ACTIVITY: [seen(1, LATELY, None, LONG_AGO)],
        },
    )

    assert await answers(
        database,
        "SELECT user_principal_name, is_licensed, last_used_at IS NULL "
        "FROM auditor_stale_account",
    ) == {
        (a_user(1).user_principal_name, True, False),
        (a_user(2).user_principal_name, False, True),
        (a_user(3).user_principal_name, True, True),
    }


async def test_consent_that_was_not_given(database: Database, tenant: Tenant) -> None:
    """Refused, or a sign-in that ended for want of it; nothing that went well."""
    audit = one_of_each()[DataSet.DIRECTORY_AUDITS]
    sign_in = one_of_each()[DataSet.SIGN_INS]
    assert isinstance(audit, DirectoryAuditRow)
    assert isinstance(sign_in, SignInRow)
    await store(
        database,
        tenant,
        {
            DataSet.DIRECTORY_AUDITS: [
                audit,
                audit._replace(id="b", result="success"),
                audit._replace(id="c", activity="Add user"),
                audit._replace(id="d", targets=None, initiated_by="Lee"),
                audit._replace(id="e", targets="[]", initiated_by="Nora"),
            ],
            DataSet.SIGN_INS: [
                sign_in,
                sign_in._replace(id="b", error_code=0),
                sign_in._replace(id="c", error_code=50126),
                sign_in._replace(id="d", error_code=None),
            ],
        },
    )

    assert await answers(
        database, "SELECT step, person, app, reason FROM auditor_failed_consent"
    ) == {
        ("consent", audit.initiated_by, "Payroll", audit.result_reason),
        ("consent", "Lee", None, audit.result_reason),
        ("consent", "Nora", None, audit.result_reason),
        ("sign-in", sign_in.user_principal_name, "Payroll", "No consent"),
    }
