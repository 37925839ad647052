"""Events: what the app is told without anybody waiting for it."""

from sandbox.slack.core import WorkspaceCore
from sandbox.slack.delivery.parcel import Answer
from sandbox.slack.errors import Json


async def tell(workspace: WorkspaceCore, event: Json) -> Answer:
    """Deliver an event with Slack's retries; return the first outcome."""
    return await workspace.courier.tell(event_callback(workspace, event))


def event_callback(workspace: WorkspaceCore, event: Json) -> Json:
    """Wrap an event. `event_id` is what apps recognise redeliveries by."""
    team, app = workspace.team, workspace.app
    return {
        "token": app.verification_token,
        "team_id": team.id,
        "api_app_id": app.id,
        "type": "event_callback",
        "event_id": workspace.mint.id("Ev"),
        "event_time": int(workspace.clock.now()),
        "event_context": f"4-{workspace.mint.token('context')}",
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event": event,
    }
