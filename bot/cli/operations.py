"""`gatehouse db upgrade`, `gatehouse keys new` and `gatehouse keys rotate`."""

import typer

from bot.cli.running import say, with_core
from bot.core import Core
from bot.domain.audit import ITSELF, AuditAction, AuditEntry
from store import audit, tenants
from store.keyring import KeyRing

database = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="Encryption keys.", no_args_is_help=True)


@database.callback()
def _database() -> None:
    """Keep `upgrade` a sub-command although it is the only one."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version's shape. Safe to repeat."""

    async def work(_: Core) -> None:
        say("The database is up to date.")

    with_core(work)


@keys.command("new")
def new() -> None:
    """Print a new key for GATEHOUSE_ENCRYPTION_KEYS; it is stored nowhere."""
    say(KeyRing.generate_key())


@keys.command("rotate")
def rotate() -> None:
    """Encrypt every stored credential anew with the newest key.

    Put the new key first in GATEHOUSE_ENCRYPTION_KEYS, keep the old ones behind it,
    run this, then take the old ones out.
    """

    async def work(core: Core) -> None:
        async with core.database.sessions.begin() as session:
            number = await tenants.rotate_keys(session, core.keys)
            await audit.append(session, _rotated(core, number))
        say(f"{number} credential(s) encrypted anew with key {core.keys.key_id}.")

    with_core(work)


def _rotated(core: Core, number: int) -> AuditEntry:
    return AuditEntry(
        at=core.clock.now(),
        workspace_id="",  # of all workspaces
        actor=ITSELF,
        action=AuditAction.KEYS_ROTATED,
        subject=f"key:{core.keys.key_id}",
        facts={"credentials": str(number)},
    )
