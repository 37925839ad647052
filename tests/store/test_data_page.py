"""The page for operators tells the truth about the tables."""

import re
from pathlib import Path

from sqlalchemy import inspect, text

from store.audit_tables import AuditEntryRow
from store.directory_app_tables import DirectoryApplicationRow
from store.engine import Database
from store.offboarding_tables import OffboardingRequestRow
from store.tables import Table

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text()
KNOWN = (AuditEntryRow, DirectoryApplicationRow, OffboardingRequestRow)  # for tables


def test_every_table_has_its_section() -> None:
    """With an example query each, and none for a table that is gone."""
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## )", PAGE, re.M | re.S))

    assert sections.keys() == Table.metadata.tables.keys()
    assert all("```sql\n" in section for section in sections.values())


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
