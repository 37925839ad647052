"""Settings, read once from the environment (or `.env`) when a process starts.

Every one stands in docs/settings.md with its default, unit and example, which a test
holds to this class. A bad value stops the start and is named.
"""

from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.clouds import Cloud

MINIMUM = timedelta(seconds=1)  # trials may use a few seconds


class LogFormat(StrEnum):
    """How log lines look: for machines, or for a person at a terminal."""

    JSON = "json"
    CONSOLE = "console"


Listed = Annotated[tuple[str, ...], NoDecode]  # comma-separated in the environment
Positive = Annotated[timedelta, Field(ge=MINIMUM)]


class Settings(BaseSettings):
    """What the person who runs Gatehouse decides."""

    model_config = SettingsConfigDict(
        env_prefix="GATEHOUSE_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    slack_bot_token: SecretStr = Field(
        validation_alias=AliasChoices("SLACK_BOT_TOKEN", "slack_bot_token")
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_APP_TOKEN", "slack_app_token"),
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SLACK_SIGNING_SECRET", "slack_signing_secret"),
    )
    data_dir: Path = Path("data")
    database_url: str = ""
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    admins: Listed = ()
    slack_api_url: str = "https://slack.com/api/"
    clouds: dict[Cloud, dict[str, str]] = Field(default_factory=dict)
    ca_bundle: Path | None = None
    admin_consent_redirect: str | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    replica_id: str = "gatehouse-1"
    replica_dead_after: Positive = timedelta(seconds=45)
    log_format: LogFormat = LogFormat.JSON
    log_level: str = "INFO"
    scan_every: Positive = timedelta(hours=6)
    sync_every: Positive = timedelta(hours=1)
    approval_valid_for: Positive = timedelta(hours=24)
    timezone: str = "UTC"

    @field_validator("encryption_keys", "admins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("not an IANA time zone such as Europe/Berlin") from error
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("use DEBUG, INFO, WARNING or ERROR")
        return level

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        return value if value.endswith("/") else f"{value}/"

    @field_validator("http_host")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value != "localhost":
            ip_address(value)
        return value

    @property
    def effective_database_url(self) -> str:
        """The database to use: a SQLite file in the data folder unless one is set."""
        if self.database_url:
            return self.database_url
        return f"sqlite+aiosqlite:///{self.data_dir / 'gatehouse.db'}"
