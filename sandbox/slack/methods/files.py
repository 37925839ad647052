"""files.getUploadURLExternal and files.completeUploadExternal."""

from typing import Any

from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError, invalid_arguments
from sandbox.slack.methods.method import Method
from sandbox.slack.posting import post
from sandbox.slack.reach import postable
from sandbox.slack.tickets import Upload

WRITE = ("files:write",)


def get_upload_url(workspace: WorkspaceCore, args: Json) -> Json:
    """Reserve a file and say where its bytes go."""
    try:
        length = int(args["length"])
    except ValueError as mistake:
        raise invalid_arguments("`length` must be an integer") from mistake
    if length <= 0:
        raise invalid_arguments("`length` must be more than 0")
    upload = Upload(workspace.mint.id("F"), str(args["filename"]), length)
    workspace.uploads[upload.id] = upload
    url = f"{workspace.base_url}/upload/{upload.id}"
    return {"upload_url": url, "file_id": upload.id}


def complete_upload(workspace: WorkspaceCore, args: Json) -> Json:
    """Finish uploads and, where a channel is named, share them there."""
    if not isinstance(args["files"], list) or not args["files"]:
        raise invalid_arguments("`files` must be a list with at least one file")
    uploads = [_uploaded(workspace, file) for file in args["files"]]
    drawn = [upload.to_slack(title) for upload, title in uploads]
    if args.get("channel_id"):
        _share(workspace, args, drawn)
    for upload, _ in uploads:
        upload.completed = True
    return {"files": drawn}


def _uploaded(workspace: WorkspaceCore, file: Any) -> tuple[Upload, str | None]:
    if not isinstance(file, dict):
        raise invalid_arguments("`files` must be a list of objects")
    upload = workspace.uploads.get(str(file.get("id")))
    if upload is None or upload.content is None or upload.completed:
        raise SlackError("file_not_found")
    return upload, file.get("title")


def _share(workspace: WorkspaceCore, args: Json, files: list[Json]) -> None:
    channel = postable(workspace, args["channel_id"])
    comment = args.get("initial_comment") or files[0]["title"]
    shown = {"text": comment, "thread_ts": args.get("thread_ts")}
    message = post(workspace, channel, shown | {"blocks": args.get("blocks")})
    message.body["files"] = files
    if not args.get("initial_comment"):
        message.body["text"] = ""


METHODS = {
    "files.getUploadURLExternal": Method(
        get_upload_url, WRITE, ("filename", "length"), tier=4
    ),
    "files.completeUploadExternal": Method(complete_upload, WRITE, ("files",), tier=4),
}
