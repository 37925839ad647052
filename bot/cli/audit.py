"""`gatehouse audit verify` and `gatehouse audit export`."""

import csv
import json
import sys
from enum import StrEnum
from typing import IO, Annotated, Any

import typer

from bot.cli.running import fail, say, with_core
from bot.core import Core
from bot.domain.audit import AuditEntry
from store import audit

app = typer.Typer(help="The audit trail.", no_args_is_help=True)

COLUMNS = ("at", "workspace", "actor", "action", "subject", "facts")


class Format(StrEnum):
    """How to export."""

    CSV = "csv"
    JSON = "json"


@app.command()
def verify() -> None:
    """Prove that no row was edited, removed, inserted or reordered."""

    async def work(core: Core) -> None:
        async with core.database.snapshots() as session:
            check = await audit.verify(session)
        if not check.ok:
            raise fail(
                f"The audit chain breaks at row {check.broken_at}: {check.reason}",
                "Compare with a backup; rows before it are as they were written.",
            )
        say(f"The audit chain holds: {check.rows} row(s).")

    with_core(work)


@app.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="csv or json lines")] = (
        Format.CSV
    ),
) -> None:
    """Print all rows, oldest first. CSV cells are safe to open in a spreadsheet."""

    async def work(core: Core) -> None:
        write = _csv_writer(sys.stdout) if form is Format.CSV else _write_json
        async with core.database.snapshots() as session:
            async for entry in audit.entries(session):
                write(_row(entry))

    with_core(work)


def _row(entry: AuditEntry) -> dict[str, str]:
    return {
        "at": entry.at.isoformat(),
        "workspace": entry.workspace_id,
        "actor": entry.actor,
        "action": str(entry.action),
        "subject": entry.subject,
        "facts": json.dumps(dict(entry.facts), ensure_ascii=False, sort_keys=True),
    }


def _write_json(row: dict[str, str]) -> None:
    facts = json.loads(row["facts"])
    typer.echo(json.dumps({**row, "facts": facts}, ensure_ascii=False))


def _csv_writer(file: IO[str]) -> Any:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    return lambda row: writer.writerow(
        {name: harmless(cell) for name, cell in row.items()}
    )


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
