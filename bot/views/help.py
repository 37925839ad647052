"""The commands, each with what it is for."""

from bot.views.text import Block, code, context, section

COMMANDS = {
    "connect": "connect a tenant, or find out why it will not connect",
    "status": "all tenants: state, last scan, what ends next",
    "permissions": "what the app may do, what is missing, and what for",
    "secrets": "secrets and certificates that end, soonest first",
    "consent": "consent that is missing or was revoked",
    "sync": "what is read from Entra, and a button to read it now",
    "rotate": "replace the secret or certificate Gatehouse signs in with",
    "settings": "change a tenant's name, channels and approvers",
    "disconnect": "stop watching a tenant and remove what is stored",
    "help": "this list",
}
HELP_TEXT = "Gatehouse: what you can type"


def help_blocks(unknown: str = "") -> list[Block]:
    """The help, after a word that is no command if there was one."""
    first = f":grey_question: {code(unknown, 40)} is not a command." if unknown else ""
    lines = [f"`/entra {word}`  {purpose}" for word, purpose in COMMANDS.items()]
    return [
        *([section(first)] if first else []),
        section("*Gatehouse guards your Microsoft Entra ID tenants.*"),
        section("\n".join(lines)),
        section("`/offboard`  plan a leaver's offboarding and ask for approval"),
        context("With several tenants, a name may follow: `/entra status NAME`."),
    ]
