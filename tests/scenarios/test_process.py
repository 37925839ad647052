"""Starting, refusing to start, and stopping: the bot as a process."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.runner import Sandbox
from tests.places import MANIFEST
from tests.scenarios.people import ADA, ALERTS, GENERAL
from tests.scenarios.processes import answer_of, environment, gatehouse


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST) as opened:
        yield opened


async def test_it_serves_and_drains_on_sigterm(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = environment(sandbox, tmp_path / "data")
    async with gatehouse("run", environment=settings, folder=tmp_path) as bot:
        await bot.is_ready()
        outcome = await sandbox.slack.command(ADA, ALERTS, "/entra help")
        began = time.monotonic()
        bot.process.terminate()
        status = await bot.ends()

    assert outcome.acked
    assert status == 0
    assert time.monotonic() - began < 25
    assert '"stopped"' in bot.output


async def test_what_slack_delivered_before_sigterm_is_still_answered(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    await sandbox.slack.set_fault("slow_api", True, {"ms": 300})
    settings = environment(sandbox, tmp_path / "data")
    async with gatehouse("run", environment=settings, folder=tmp_path) as bot:
        await bot.is_ready()
        await sandbox.slack.command(ADA, ALERTS, "/entra help")
        bot.process.terminate()
        await bot.ends()

    assert "chat.postEphemeral" in [call.method for call in sandbox.slack.log.calls]


async def test_sigterm_ends_a_start_that_slack_keeps_waiting(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """Its tickets for Socket Mode are all refused."""
    await sandbox.slack.set_fault("dead_ticket", True, {"n": 100})
    settings = environment(sandbox, tmp_path / "data")
    async with gatehouse("run", environment=settings, folder=tmp_path) as bot:
        await sandbox.slack.until(lambda: len(sandbox.slack.log.calls) > 2, seconds=10)
        bot.process.terminate()
        status = await bot.ends(5)

    assert status == 0
    assert '"stopped"' in bot.output


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_a_gateways_page_at_the_start_is_said_in_one_line(
    method: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    fault = {"method": method, "n": 1, "status": 503}
    await sandbox.slack.set_fault("server_error", True, fault)
    settings = environment(sandbox, tmp_path / "data")

    status, said = await answer_of("run", environment=settings, folder=tmp_path)

    assert status == 1
    assert "(unreadable)" in said
    assert "tart again" in said
    assert "Traceback" not in said
    assert "Unclosed" not in said


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "Slack refuses SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-wrong", "Slack refuses SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "", "SLACK_APP_TOKEN is not set"),
        ("GATEHOUSE_SLACK_API_URL", "http://127.0.0.1:9/api/", "cannot be reached"),
        ("GATEHOUSE_DATABASE_URL", "oracle://x", "GATEHOUSE_DATABASE_URL"),
        ("GATEHOUSE_ENCRYPTION_KEYS", "nonsense", "ENCRYPTION_KEYS"),
        ("GATEHOUSE_HTTP_HOST", "203.0.113.1", "Cannot listen on"),
        ("GATEHOUSE_CA_BUNDLE", "/does/not/exist.pem", "GATEHOUSE_CA_BUNDLE"),
        ("GATEHOUSE_CLOUDS", '{"global": {"login": "x"}}', "GATEHOUSE_CLOUDS"),
    ],
)
async def test_it_says_in_one_line_why_it_cannot_start(
    setting: str, value: str, words: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = environment(sandbox, tmp_path / "data", **{setting: value})

    status, said = await answer_of("run", environment=settings, folder=tmp_path)

    assert status == 1
    told = [line for line in said.splitlines() if line.startswith("gatehouse: ")]
    assert len(told) == 1, said
    assert words in told[0]
    assert "Traceback" not in said
    if value:
        assert value not in said or not value.startswith("x")


async def test_a_second_process_on_the_same_file_refuses(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = environment(sandbox, tmp_path / "data")
    async with gatehouse("run", environment=settings, folder=tmp_path / "a") as bot:
        await bot.is_ready()
        status, said = await answer_of(
            "run", environment=settings, folder=tmp_path / "b"
        )

    assert status == 1
    assert "gatehouse: " in said
    assert "Traceback" not in said


async def test_a_readable_key_file_is_refused_with_the_command_that_mends_it(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = environment(sandbox, tmp_path / "data")
    await answer_of("db", "upgrade", environment=settings, folder=tmp_path)
    key_file = tmp_path / "data" / "encryption.key"
    assert key_file.stat().st_mode & 0o777 == 0o600
    key_file.chmod(0o644)

    status, said = await answer_of("run", environment=settings, folder=tmp_path)

    assert (status, "chmod 600" in said) == (1, True)


async def test_http_mode_does_not_start_without_its_signing_secret(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = environment(sandbox, tmp_path / "data", SLACK_SIGNING_SECRET="")

    status, said = await answer_of(
        "run", "--http", environment=settings, folder=tmp_path
    )

    assert status == 1
    assert "gatehouse: SLACK_SIGNING_SECRET is not set." in said
    assert "Traceback" not in said


async def test_http_mode_serves_slack_and_its_health(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = environment(sandbox, tmp_path / "data")
    async with gatehouse("run", "--http", environment=settings, folder=tmp_path) as bot:
        await bot.is_ready()
        port = bot.output.split('"port": ')[1].split(",")[0].split("}")[0]
        await sandbox.slack.use_http(f"http://127.0.0.1:{port}/slack/events")
        outcome = await sandbox.slack.command(ADA, ALERTS, "/entra connect")
        await sandbox.slack.until(lambda: sandbox.slack.views.stack(ADA), seconds=5)

    assert outcome.acked
    assert "conversations.info" not in [c.method for c in sandbox.slack.log.calls]


async def test_a_command_where_the_bot_is_no_member_is_answered_there(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = environment(sandbox, tmp_path / "data")
    async with gatehouse("run", environment=settings, folder=tmp_path) as bot:
        await bot.is_ready()
        await sandbox.slack.command(ADA, GENERAL, "/entra help")
        await sandbox.slack.until(
            lambda: sandbox.slack.messages.seen_by(ADA, GENERAL), seconds=5
        )
