"""auth.test, apps.connections.open, team.info, bots.info."""

from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.methods.method import Method


def auth_test(workspace: WorkspaceCore, args: Json) -> Json:
    """Say who the token is."""
    team, app = workspace.team, workspace.app
    return {
        "url": team.url,
        "team": team.name,
        "user": app.name.lower(),
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "app_name": app.name,
        "is_enterprise_install": False,
    }


def connections_open(workspace: WorkspaceCore, args: Json) -> Json:
    """Give out an address for one Socket Mode connection."""
    ticket = workspace.tickets.make()
    address = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={ticket}&app_id={workspace.app.id}"}


def team_info(workspace: WorkspaceCore, args: Json) -> Json:
    """Describe the workspace."""
    team = workspace.team
    if args.get("team") not in (None, "", team.id):
        raise SlackError("team_not_found")
    icon = {"image_default": True}
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": team.url,
            "domain": team.domain,
            "email_domain": team.email_domain,
            "icon": icon,
        }
    }


def bots_info(workspace: WorkspaceCore, args: Json) -> Json:
    """Describe the app's bot; there is no other."""
    app = workspace.app
    if args.get("bot") != app.bot_id:
        raise SlackError("bot_not_found")
    profile = app.bot_profile(workspace.team)
    del profile["team_id"]
    return {"bot": profile}


METHODS = {
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(connections_open, tier=3, app_token=True),
    "team.info": Method(team_info, needs=("team:read",), tier=3),
    "bots.info": Method(bots_info, needs=("users:read",), tier=3),
}
