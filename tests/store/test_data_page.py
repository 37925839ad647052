"""The page for operators tells the truth about the tables."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Text, inspect, text

from store.audit_tables import AuditEntryRow
from store.directory_app_tables import DirectoryApplicationRow
from store.engine import Database
from store.offboarding_tables import OffboardingRequestRow
from store.tables import Table

# What a reader could not guess of columns that say no more than their name.
EXPLAINED = {
    "directory_group": {"is_assignable_to_role", "mail_enabled", "security_enabled"},
    "directory_user": {"manager_id"},
    "directory_service_principal": {"preferred_signing_key", "owner_tenant_id"},
    "directory_role_assignment": {"scope"},
    "directory_role_eligibility": {"ends_at", "member_type"},
    "directory_provisioning_job": {
        "last_ended_at",
        "last_result",
        "quarantined_at",
        "schedule_state",
        "steady_at",
    },
}
PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text()
TABLES = re.findall(r"^## (\w+)\n", PAGE, re.M)
KNOWN = (AuditEntryRow, DirectoryApplicationRow, OffboardingRequestRow)  # for tables


def test_every_table_has_its_section() -> None:
    """With an example query each, and none for a table that is gone."""
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## )", PAGE, re.M | re.S))

    assert sections.keys() == Table.metadata.tables.keys()
    assert all("```sql\n" in section for section in sections.values())


@pytest.mark.parametrize("table", [t for t in TABLES if t.startswith("directory_")])
def test_lists_and_what_cannot_be_guessed_are_explained(table: str) -> None:
    """Before the example; a column of unbounded text holds a list, or a long reason."""
    said = re.search(rf"^## {table}\n(.*?)```sql", PAGE, re.M | re.S)
    long = {
        c.name for c in Table.metadata.tables[table].columns if type(c.type) is Text
    }

    assert said is not None
    named = set(re.findall(r"`(\w+)`", said[1]))
    assert (long | EXPLAINED.get(table, set())) - named == set()


async def test_every_example_runs(database: Database) -> None:
    """On both databases, and reads the table of its section."""
    examples = re.findall(r"^## (\w+)\n.*?```sql\n(.*?)```", PAGE, re.M | re.S)

    async with database.snapshots() as session:
        connection = await session.connection()
        for table, query in examples:
            assert re.search(rf"FROM {table}\b", query)
            await connection.execute(text(query))


async def test_every_view_has_an_example_that_runs(database: Database) -> None:
    """The auditors' views, as the migrations made them."""
    views = PAGE.split("## Views for auditors\n")[1].split("\n## ")[0]
    examples = dict(re.findall(r"^- `(\w+)`: .*?`(SELECT .*?)`", views, re.M | re.S))

    async with database.snapshots() as session:
        connection = await session.connection()
        names = await connection.run_sync(lambda c: inspect(c).get_view_names())
        assert set(names) == examples.keys()
        for name, query in examples.items():
            assert re.search(rf"FROM {name}\b", query)
            await connection.execute(text(query))
