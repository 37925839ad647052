"""Identifiers, each its own type, so that one cannot be passed for another."""

from typing import NewType
from uuid import UUID

WorkspaceId = NewType("WorkspaceId", str)  # Slack's team_id, "T…"
SlackUserId = NewType("SlackUserId", str)  # "U…" or "W…"
ChannelId = NewType("ChannelId", str)  # "C…", "G…" or "D…"

ConnectionId = NewType("ConnectionId", UUID)  # ours: one connected tenant
TenantId = NewType("TenantId", UUID)  # Entra's directory (tenant) ID
ClientId = NewType("ClientId", UUID)  # Entra's application (client) ID, "appId"
ObjectId = NewType("ObjectId", UUID)  # object ID of any directory object
KeyId = NewType("KeyId", UUID)  # a credential's keyId

RequestId = NewType("RequestId", UUID)  # one offboarding request
AlertId = NewType("AlertId", UUID)  # one fact that somebody is told of
MessageId = NewType("MessageId", UUID)  # one message in the outbox
