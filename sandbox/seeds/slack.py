"""The workspace "Contoso IT", whose people agree with the Entra tenant by e-mail."""

from pathlib import Path
from typing import Any

from sandbox.slack import SlackWorkspace, WorkspaceSeed
from sandbox.slack.channels import Channel
from sandbox.slack.errors import Json
from sandbox.slack.identity import AppIdentity, Team, Usergroup
from sandbox.slack.people import person

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"
DOMAIN = "contoso.example"

TEAM = Team("T0CONTOSO", "Contoso IT", "contoso-it", DOMAIN)
APP = AppIdentity(
    id="A0GATEHOUSE",
    name="Gatehouse",
    bot_user_id="U0GATEHOUSE",
    bot_id="B0GATEHOUSE",
    bot_token="xoxb-sandbox-bot",
    app_token="xapp-sandbox-app",
    signing_secret="5a9d1c7e0b3f48269ad4c8e17f60b25d",
)


def _colleague(user_id: str, name: str, real: str, title: str, **flags: Any) -> Json:
    address = f"{name}@{DOMAIN}"
    return person(user_id, name, real, address, team_id=TEAM.id, title=title, **flags)


def _people() -> tuple[Json, ...]:
    return (
        _colleague(
            "U0ADA",
            "ada",
            "Ada Lindqvist",
            "Identity administrator",
            is_admin=True,
            is_owner=True,
            is_primary_owner=True,
        ),
        _colleague("U0RUTH", "ruth", "Ruth Okafor", "HR partner"),
        _colleague("U0AMIR", "amir", "Amir Haddad", "Head of IT"),
        _colleague("U0NORA", "nora", "Nora Weiss", "Security lead"),
        _colleague("U0DANA", "dana", "Dana Cole", "Account manager"),
        _colleague("U0OMAR", "omar", "Omar Diaz", "Integration developer"),
        _colleague("U0LEE", "lee", "Lee Park", "Analyst"),
        person(
            "U0GUS",
            "gus",
            "Gus Petit",
            "gus@partner.example",
            team_id=TEAM.id,
            title="Consultant (guest)",
            is_restricted=True,
        ),
        _colleague("U0OLD", "old", "Olga Deleted", "Former colleague", deleted=True),
        person(
            "U0EXT",
            "ext",
            "Eva Stranger",
            "eva@elsewhere.example",
            team_id="T0OTHER",
            is_stranger=True,
        ),
    )


def _channels() -> tuple[Channel, ...]:
    staff = ["U0ADA", "U0RUTH", "U0AMIR", "U0NORA", "U0DANA", "U0OMAR"]
    everybody = [*staff, "U0LEE", "U0GUS"]
    bot = APP.bot_user_id
    return (
        Channel("C0ALERTS", "entra-alerts", [*everybody, bot], creator="U0ADA"),
        Channel(
            "C0APPROVE",
            "offboarding-approvals",
            [*staff, bot],
            is_private=True,
            creator="U0ADA",
        ),
        Channel("C0GENERAL", "general", [*everybody, "U0EXT"], creator="U0ADA"),
        Channel(
            "C0SECRET",
            "hr-private",
            ["U0RUTH", "U0ADA"],
            is_private=True,
            creator="U0RUTH",
        ),
        Channel(
            "C0OLD", "old-project", [*staff, bot], is_archived=True, creator="U0OMAR"
        ),
    )


def workspace_seed() -> WorkspaceSeed:
    """Return fresh copies of people and channels; a workspace changes them."""
    approvers = Usergroup(
        "S0APPROVERS", "approvers", "Offboarding approvers", ("U0AMIR", "U0NORA")
    )
    empty = Usergroup("S0NOBODY", "nobody", "Nobody yet")
    return WorkspaceSeed(TEAM, APP, _people(), _channels(), (approvers, empty))


def demo_workspace(manifest: Path = MANIFEST, **options: Any) -> SlackWorkspace:
    """Make the demo's workspace.

    Args:
        manifest: the app's manifest.
        options: passed on to SlackWorkspace, e.g. `feed`, `pace`, `mode`.
    """
    workspace = SlackWorkspace(workspace_seed(), manifest=manifest, **options)
    for user in workspace.people.all():
        if not user["is_bot"]:
            workspace.channels.im_with(user["id"])
    return workspace
