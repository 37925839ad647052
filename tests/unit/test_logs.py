"""Nothing secret reaches a log line, by name or by shape."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

pytestmark = pytest.mark.quick

SECRETS = {
    "bot token": "xoxb-123456789012-abcdefABCDEF",
    "app token": "xapp-1-A012-345-abcdef",
    "client secret value": "gh78Q~demoSECRETvalue-not-real-012345678",
    "json web token": "eyJhbGciOiJSUzI1NiJ9.eyJyb2xlcyI6W119.c2lnbmF0dXJl",
    "bearer header": "Bearer abc.def-ghi",
    "form field": "client_secret=hunter2hunter2",
    "response address": "https://hooks.slack.com/actions/T1/2/abc",
    "private key": (
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqh\n-----END PRIVATE KEY-----"
    ),
}


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("secret", SECRETS.values(), ids=list(SECRETS))
@pytest.mark.parametrize("as_json", [True, False])
def test_a_secret_is_hidden_wherever_it_stands(
    secret: str, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=as_json, level="INFO")

    structlog.get_logger("bot.ours").info("said", detail=f"it was {secret}, they say")
    logging.getLogger("library").warning("body: %s", {"token": secret})
    structlog.get_logger("bot.ours").info("nested", facts={"list": [{"a": secret}]})
    try:
        raise ValueError(secret)
    except ValueError as error:
        structlog.get_logger("bot.ours").error("failed", exc_info=error)

    written = capsys.readouterr().err
    assert secret not in written
    assert "MIIEvQIBADANBgkqh" not in written
    assert written.count(logs.HIDDEN) >= 3


def test_what_is_no_secret_stays_readable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(as_json=True, level="INFO")

    structlog.get_logger("bot.ours").info("scanned", tenant_id="8a1", credentials=14)

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "scanned"
    assert line["tenant_id"] == "8a1"
    assert line["credentials"] == 14
    assert line["level"] == "info"


@pytest.mark.parametrize("name", ["token", "Secret", "AUTHORIZATION", "password"])
def test_a_field_named_like_a_secret_is_hidden_whatever_it_holds(name: str) -> None:
    event = logs.hide_secrets(None, "info", {name: "short", "event": "x"})

    assert event == {name: logs.HIDDEN, "event": "x"}
