"""The Home tab: drawn anew whenever somebody opens it, or acts on it."""

from typing import Any

from bot.domain.ids import SlackUserId, WorkspaceId
from bot.views.home import closed_home_view, home_view
from handlers.listening import Listening, Turn


def register(listening: Listening) -> None:
    """Listen for the tab being opened."""
    listening.event("app_home_opened", home_opened)


async def home_opened(body: dict[str, Any], turn: Turn) -> None:
    """Somebody opens the app's Home tab (or its Messages tab, which stays as it is)."""
    event = body["event"]
    if event.get("tab") == "home":
        user, workspace_id = SlackUserId(event["user"]), WorkspaceId(body["team_id"])
        await publish_home(turn, user, workspace_id)


async def publish_home(
    turn: Turn, user: SlackUserId, workspace_id: WorkspaceId
) -> None:
    """Draw somebody's Home tab from what is stored now."""
    access = turn.access
    person = await access.directory.person(user)
    if person.belongs_to(access.workspace_id):
        view = home_view(
            await turn.services.tenants.overview(workspace_id),
            is_admin=access.is_admin(person),
            who=access.who_administers(),
        )
    else:
        view = closed_home_view(access.who_administers())
    await turn.client.views_publish(user_id=user, view=view)
