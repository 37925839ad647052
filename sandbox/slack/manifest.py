"""Read from the app's manifest what Slack would grant and show."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.slack.errors import Json


@dataclass(frozen=True)
class Command:
    """One slash command, as people type it: `/entra`."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool

    def to_json(self) -> Json:
        """Describe the command for the page's composer."""
        return {
            "command": self.command,
            "description": self.description,
            "usage_hint": self.usage_hint,
        }


@dataclass(frozen=True)
class Shortcut:
    """One shortcut; `type` is `global` or `message`."""

    name: str
    type: str
    callback_id: str
    description: str

    def to_json(self) -> Json:
        """Describe the shortcut for the page's menus."""
        return {
            "name": self.name,
            "type": self.type,
            "callback_id": self.callback_id,
            "description": self.description,
        }


@dataclass(frozen=True)
class Manifest:
    """What the simulator needs of an app manifest."""

    name: str
    scopes: frozenset[str]
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    home_tab: bool = False
    messages_tab: bool = False
    interactive: bool = False

    def find_command(self, word: str) -> Command | None:
        """Return the command of that name."""
        return next((each for each in self.commands if each.command == word), None)

    def find_shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        """Return the shortcut with that callback ID and type."""
        for each in self.shortcuts:
            if (each.callback_id, each.type) == (callback_id, kind):
                return each
        return None


def read_manifest(path: Path) -> Manifest:
    """Read a manifest in YAML or JSON (which is YAML too).

    Raises:
        FileNotFoundError: no manifest at that path.
        ValueError: the file is not a mapping, so it is not a manifest.
    """
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ValueError(f"{path} is not an app manifest: expected a mapping")
    return parse_manifest(raw)


def parse_manifest(raw: Json) -> Manifest:
    """Take from a manifest's tree what the simulator acts on."""
    features, settings = raw.get("features", {}), raw.get("settings", {})
    home = features.get("app_home", {})
    scopes = raw.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    return Manifest(
        name=raw.get("display_information", {}).get("name", "App"),
        scopes=frozenset(scopes),
        commands=tuple(map(_command, features.get("slash_commands", []))),
        shortcuts=tuple(map(_shortcut, features.get("shortcuts", []))),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", False)),
        interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
    )


def _command(raw: dict[str, Any]) -> Command:
    return Command(
        command=raw["command"],
        description=raw.get("description", ""),
        usage_hint=raw.get("usage_hint", ""),
        should_escape=bool(raw.get("should_escape", False)),
    )


def _shortcut(raw: dict[str, Any]) -> Shortcut:
    return Shortcut(
        name=raw["name"],
        type=raw["type"],
        callback_id=raw["callback_id"],
        description=raw.get("description", ""),
    )
