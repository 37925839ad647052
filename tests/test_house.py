"""The house keeps its own rules: what is written down is what is there."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
CODE = [
    path
    for folder in ("bot", "handlers", "store", "sandbox")
    for path in (ROOT / folder).rglob("*.py")
]

pytestmark = pytest.mark.quick


def _setting_names() -> list[str]:
    return [
        name.upper()
        if name.startswith("slack_") and "api" not in name
        # GATEHOUSE_SLACK_API_URL is ours, the tokens carry Slack's own names
        else f"GATEHOUSE_{name.upper()}"
        for name in Settings.model_fields
    ]


@pytest.mark.parametrize("name", _setting_names())
def test_every_setting_is_documented(name: str) -> None:
    rows = (ROOT / "docs/settings.md").read_text(encoding="utf-8").splitlines()

    assert [row for row in rows if row.startswith(f"| `{name}` |")], name


def test_no_setting_is_documented_that_does_not_exist() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)

    assert sorted(documented) == sorted(_setting_names())


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(
        (ROOT / "manifest.yml").read_text(encoding="utf-8")
    )
    return manifest


def test_every_command_and_shortcut_of_the_manifest_has_a_listener() -> None:
    listened = _text(ROOT / "handlers")
    features = _manifest()["features"]
    names = [each["command"] for each in features["slash_commands"]]
    names += [each["callback_id"] for each in features["shortcuts"]]

    assert [name for name in names if f'"{name}"' not in listened] == []


def test_every_action_drawn_has_a_listener_and_the_reverse() -> None:
    """Action IDs live in StrEnums beside the views; handlers register them by name."""
    views = ROOT / "bot/views"
    named, text = _members(views), _text(ROOT / "handlers")
    sorts = r"listening\.(?:action|submission|options)\(\s*(\w+\.[A-Z_]+)"
    listened = set(re.findall(sorts, text))

    assert named - _links(views) == listened
    assert {name for name in named if name not in _text(views)} == set()


def _links(folder: Path) -> set[str]:
    """IDs of buttons that only open a page; the catch-all acknowledges those."""
    return set(re.findall(r"link_button\([^()]*?(\w+\.[A-Z_]+)", _text(folder)))


def _text(folder: Path) -> str:
    """All modules of one folder."""
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))


def _members(folder: Path) -> set[str]:
    """Names like `AlertAction.ACKNOWLEDGE` of the action and callback ID enums."""
    found = set()
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for name, body in re.findall(
            r"^class (\w*(?:Action|Callback)\w*)\(StrEnum\):\n((?:[ \n].*\n?)+)",
            text,
            re.MULTILINE,
        ):
            members = re.findall(r"^    ([A-Z_]+) = ", body, re.MULTILINE)
            found |= {f"{name}.{member}" for member in members}
    assert found, "no action IDs found; has their naming changed?"
    return found


def test_modules_have_one_subject() -> None:
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in CODE
        if "migrations/versions" not in path.as_posix()
    }

    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_nothing_is_called_utils() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}

    assert [path for path in CODE if path.stem in vague] == []


def test_the_layers_hold() -> None:
    done = subprocess.run(  # noqa: S603 - our own linter, fixed arguments
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout
