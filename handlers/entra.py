"""/entra: the first word says what is wanted."""

from collections.abc import Awaitable, Callable, Mapping

from bot.views.help import HELP_TEXT, help_blocks
from handlers.alerts import consent_asked, secrets_asked
from handlers.connect import connect_asked
from handlers.disconnect import disconnect_asked
from handlers.listening import Listening, Turn
from handlers.payloads import Command
from handlers.rotate import rotate_asked
from handlers.sync import sync_asked
from handlers.tenant_settings import settings_asked
from handlers.tenants import permissions_asked, status_asked


def register(listening: Listening) -> None:
    """Listen to the command."""
    listening.command("/entra", entra_asked)


async def entra_asked(command: Command, turn: Turn) -> None:
    """Do what the first word says; anything else gets the help, alone."""
    word = command.words[0].lower() if command.words else "help"
    await WORDS.get(word, help_asked)(command, turn)


async def help_asked(command: Command, turn: Turn) -> None:
    """The commands, after a word that is none if there was one."""
    word = command.words[0] if command.words else ""
    unknown = "" if word.lower() in WORDS else word
    await turn.tell(HELP_TEXT, help_blocks(unknown))


WORDS: Mapping[str, Callable[[Command, Turn], Awaitable[None]]] = {
    "connect": connect_asked,
    "status": status_asked,
    "permissions": permissions_asked,
    "secrets": secrets_asked,
    "consent": consent_asked,
    "sync": sync_asked,
    "rotate": rotate_asked,
    "settings": settings_asked,
    "disconnect": disconnect_asked,
    "help": help_asked,
}
