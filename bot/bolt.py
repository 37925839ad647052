"""Bolt's app with all our listeners, for one workspace."""

import os
from collections.abc import Sequence

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import SlackUserId, WorkspaceId
from bot.services.inbound import Inbound
from bot.services.registry import Services
from handlers.access import Access
from handlers.deliveries import Tasks
from handlers.listening import Listening
from handlers.people import PeopleDirectory
from handlers.registration import register_all

# Bolt turns to OAuth when it sees the first two, and warns of the third.
_MISLEADING = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN")


def bolt_app(
    client: AsyncWebClient,
    identity: AuthorizeResult,
    *,
    signing_secret: str | None,
    admins: Sequence[SlackUserId],
    services: Services,
    inbound: Inbound,
    tasks: Tasks,
) -> AsyncApp:
    """Build it.

    Args:
        identity: who the bot is, and in which workspace.
        signing_secret: None over Socket Mode, where nothing is signed.
    """
    for name in _MISLEADING:
        os.environ.pop(name, None)
    app = AsyncApp(
        client=client,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        # Listeners only acknowledge and hand over, so Bolt need not poll for
        # the ack every 10 ms.
        process_before_response=True,
    )
    workspace_id = WorkspaceId(str(identity.team_id))
    access = Access(PeopleDirectory(client), workspace_id=workspace_id, admins=admins)
    register_all(
        Listening(app, services=services, access=access, inbound=inbound, tasks=tasks)
    )
    return app
