"""Settings are typed and bounded, and a bad value is named without being shown."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.cli.main import app
from bot.domain.clouds import Cloud
from bot.settings import Settings

pytestmark = pytest.mark.quick


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.chdir(tmp_path)


def test_defaults_are_the_documented_ones() -> None:
    settings = Settings()

    assert settings.scan_every == timedelta(hours=6)
    assert settings.approval_valid_for == timedelta(hours=24)
    assert settings.effective_database_url == "sqlite+aiosqlite:///data/gatehouse.db"
    assert settings.slack_api_url == "https://slack.com/api/"


def test_everything_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {
        "GATEHOUSE_ADMINS": "U1, U2,",
        "GATEHOUSE_SCAN_EVERY": "PT5S",
        "GATEHOUSE_CLOUDS": '{"global": {"login": "https://a", "graph": "https://b"}}',
        "GATEHOUSE_ENCRYPTION_KEYS": "new,old",
        "GATEHOUSE_SLACK_API_URL": "http://127.0.0.1:9/api",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert settings.admins == ("U1", "U2")
    assert settings.scan_every == timedelta(seconds=5)
    assert settings.clouds[Cloud.GLOBAL]["graph"] == "https://b"
    assert [key.get_secret_value() for key in settings.encryption_keys] == [
        "new",
        "old",
    ]
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEHOUSE_SCAN_EVERY", "PT0S"),
        ("GATEHOUSE_SCAN_EVERY", "six hours"),
        ("GATEHOUSE_TIMEZONE", "Mars/Olympus"),
        ("GATEHOUSE_TIMEZONE", "../../etc/passwd"),
        ("GATEHOUSE_HTTP_PORT", "70000"),
        ("GATEHOUSE_HTTP_HOST", "nowhere"),
        ("GATEHOUSE_LOG_LEVEL", "LOUD"),
        ("GATEHOUSE_LOG_FORMAT", "xml"),
        ("GATEHOUSE_CLOUDS", '{"mars": {}}'),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    result = CliRunner().invoke(app, ["tenant", "list"])

    assert result.exit_code == 1
    assert name in result.output
    assert "docs/settings.md" in result.output
    assert "Traceback" not in result.output


def test_a_missing_token_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")

    result = CliRunner().invoke(app, ["run"])

    assert result.exit_code == 1
    assert "SLACK_BOT_TOKEN is not set." in result.output


def test_secrets_do_not_show_in_the_settings_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-very-secret")
    monkeypatch.setenv("GATEHOUSE_ENCRYPTION_KEYS", "key-very-secret")

    assert "very-secret" not in repr(Settings())


def test_settings_cannot_be_changed() -> None:
    settings: Any = Settings()

    with pytest.raises(ValidationError):
        settings.timezone = "UTC"
