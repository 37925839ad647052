"""`gatehouse manifest`: the Slack app manifest, for Socket Mode or for HTTP."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.cli.running import fail, say
from bot.web import SLACK_PATH


def manifest(
    http: Annotated[
        str, typer.Option(help="Public https address, for HTTP mode.", metavar="URL")
    ] = "",
) -> None:
    """Print the manifest to create the Slack app from."""
    text = manifest_text()
    if not http:
        say(text)
        return
    if not http.startswith("https://"):
        raise fail("--http needs an https:// address.", "Slack refuses others.")
    say(yaml.safe_dump(for_http(yaml.safe_load(text), http), sort_keys=False))


def manifest_text() -> str:
    """The manifest as it stands beside the packages, or where the wheel puts it."""
    beside = Path(__file__).parents[2] / "manifest.yml"
    if beside.exists():
        return beside.read_text(encoding="utf-8")
    installed = Path(sys.prefix) / "share" / "gatehouse" / "manifest.yml"
    return installed.read_text(encoding="utf-8")


def for_http(manifest: dict[str, Any], base: str) -> dict[str, Any]:
    """The same app with addresses in place of Socket Mode."""
    address = base.rstrip("/") + SLACK_PATH
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = address
    settings["interactivity"]["request_url"] = address
    settings["interactivity"]["message_menu_options_url"] = address
    return manifest
