"""The command's table of contents."""

from importlib.metadata import version as distribution_version
from typing import Annotated

import typer

from bot.app import Bot
from bot.cli import audit, checks, demo, manifest, operations, sync, tenants
from bot.cli.running import go, read_settings, say

app = typer.Typer(
    help="Gatehouse: a Slack bot that guards Microsoft Entra ID directories.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, secrets included
)
app.add_typer(tenants.app, name="tenant")
app.add_typer(audit.app, name="audit")
app.add_typer(operations.database, name="db")
app.add_typer(operations.keys, name="keys")
app.command("check")(checks.check)
app.command("demo")(demo.demo)
app.command("manifest")(manifest.manifest)
app.command("sync")(sync.sync)


@app.command()
def run(
    http: Annotated[
        bool, typer.Option(help="Take Slack's deliveries over HTTP, not Socket Mode.")
    ] = False,
) -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    settings = read_settings()
    go(lambda: Bot(settings, reads_apart=True).run(http=http))


@app.command()
def version() -> None:
    """Print the version."""
    say(distribution_version("gatehouse"))


def main() -> None:
    """Entry point of the console script."""
    app()
