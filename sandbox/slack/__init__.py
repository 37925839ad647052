"""A simulator of Slack: Web API, Socket Mode, HTTP mode and the client's refusals."""

from sandbox.slack.delivery.courier import Pace
from sandbox.slack.identity import WorkspaceSeed
from sandbox.slack.routes import slack_routes
from sandbox.slack.workspace import SlackWorkspace

__all__ = ["Pace", "SlackWorkspace", "WorkspaceSeed", "slack_routes"]
