"""Compose, store, edit and remove messages, by whichever door they come."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.slack.blocks.fill import filled
from sandbox.slack.blocks.judge import judge_message
from sandbox.slack.channels import Channel
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.messages import Message

CONTENT = ("text", "blocks", "markdown_text", "attachments")
TEXT_CUT_AT = 40_000  # chat.postMessage cuts longer text
ATTACHMENTS_LIMIT = 100
METADATA_BYTES = 16_000  # Slack has a limit and does not publish it


def content(workspace: WorkspaceCore, args: Mapping[str, Any]) -> Json:
    """Check and complete what a message says: text, blocks, attachments.

    Raises:
        SlackError: `no_text`, `invalid_blocks`, `msg_blocks_too_long`,
            `markdown_text_conflict`, `too_many_attachments` ...
    """
    blocks, markdown = args.get("blocks"), args.get("markdown_text")
    text = str(args.get("text") or "")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if markdown:
        blocks = [{"type": "markdown", "text": markdown}]
    attachments = args.get("attachments") or []
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS_LIMIT:
        raise SlackError("too_many_attachments")
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    body: Json = {"text": text[:TEXT_CUT_AT]}
    if blocks:
        judge_message(blocks)
        _refuse_plans(workspace, blocks)
        body["blocks"] = filled(blocks, workspace.mint)
    if attachments:
        body["attachments"] = attachments
    return body


def _refuse_plans(workspace: WorkspaceCore, blocks: list[Json]) -> None:
    if not workspace.faults.is_on("no_plan_blocks"):
        return
    for index, block in enumerate(blocks):
        if block["type"] in ("plan", "task_card"):
            line = f"unsupported type: {block['type']} [json-pointer:/blocks/{index}]"
            raise SlackError("invalid_blocks", errors=[line])


def post(
    workspace: WorkspaceCore,
    channel: Channel,
    args: Mapping[str, Any],
    *,
    ephemeral_to: str | None = None,
) -> Message:
    """Store a message of the app. Whether it may post there was checked before."""
    metadata = checked_metadata(args.get("metadata"))
    body = _own_message(workspace) | content(workspace, args)
    if args.get("thread_ts"):
        body |= _threading(workspace, channel, args)
    message = Message(channel.id, body, metadata, ephemeral_to)
    workspace.messages.add(message)
    workspace.changed("messages")
    return message


def edit(workspace: WorkspaceCore, message: Message, args: Mapping[str, Any]) -> None:
    """Replace what a message says, by the rules of chat.update.

    Text without blocks removes the blocks; neither keeps both. Only a change of text
    alone shows as "(edited)".
    """
    if any(args.get(key) is not None for key in CONTENT):
        new = _replacement(workspace, message, args)
        only_text = args.get("blocks") is None
        if only_text and new["text"] != message.body["text"]:
            editor = workspace.app.bot_user_id
            message.body["edited"] = {"user": editor, "ts": workspace.mint.ts()}
        if "blocks" not in new:
            message.body.pop("blocks", None)
        message.body |= new
    if args.get("metadata") is not None:
        message.metadata = checked_metadata(args["metadata"])
    workspace.changed("messages")


def remove(workspace: WorkspaceCore, message: Message) -> None:
    """Delete a message."""
    workspace.messages.remove(message)
    workspace.changed("messages")


def checked_metadata(metadata: Any) -> Json | None:
    """Check message metadata; an empty object clears it.

    Raises:
        SlackError: `invalid_metadata_format`, `invalid_metadata_schema`,
            `metadata_too_large`.
    """
    if metadata in (None, {}):
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not metadata.get("event_type") or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def _replacement(
    workspace: WorkspaceCore, message: Message, args: Mapping[str, Any]
) -> Json:
    blocks = args.get("blocks")
    had_rich_text = any(block["type"] == "rich_text" for block in message.blocks)
    if blocks and had_rich_text and not _has_rich_text(blocks):
        raise SlackError("block_mismatch")
    if args.get("text") is None and not args.get("markdown_text"):
        args = {**args, "text": message.body["text"]}
    return content(workspace, args)


def _has_rich_text(blocks: list[Json]) -> bool:
    return any(block.get("type") == "rich_text" for block in blocks)


def _own_message(workspace: WorkspaceCore) -> Json:
    app, team = workspace.app, workspace.team
    return {
        "type": "message",
        "user": app.bot_user_id,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "team": team.id,
        "bot_profile": app.bot_profile(team),
        "ts": workspace.mint.ts(),
    }


def _threading(
    workspace: WorkspaceCore, channel: Channel, args: Mapping[str, Any]
) -> Json:
    parent = workspace.messages.find_kept(channel.id, str(args["thread_ts"]))
    if parent is None:
        raise SlackError("thread_not_found")
    if args.get("reply_broadcast"):
        root = {"type": "message", "ts": parent.ts, "text": parent.body["text"]}
        return {"thread_ts": parent.ts, "subtype": "thread_broadcast", "root": root}
    return {"thread_ts": parent.thread_ts or parent.ts}
