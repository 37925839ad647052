"""`gatehouse demo`: a workspace and a tenant on this machine, and the bot between them.

Two processes that talk only by protocol: the sandbox, and the bot as it always runs.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from bot.cli.manifest import manifest_text
from bot.cli.running import fail, say

START_WITHIN_SECONDS = 30.0

GUIDE = """
Gatehouse demo is ready: {page}

Open it and try, as a newcomer would:
  1. You are Ada, an owner. In #entra-alerts type  /entra connect  and fill in the
     values shown at the right under "Gatehouse app". Paste the Secret ID first: the
     modal tells the mistake.
  2. An alert about a secret that is about to expire appears: press Acknowledge.
  3. Become Ruth and type  /offboard  to ask for Dana Cole's offboarding. Become Amir
     and press Approve in #offboarding-approvals, and watch the tenant change.
The panel at the right also switches faults and consent.

Press Ctrl-C to stop. Nothing here leaves this machine.
"""


def demo(
    port: Annotated[
        int, typer.Option(help="Port of the page; 0 takes any free one.")
    ] = 0,
) -> None:
    """Serve the sandbox's page and run the bot against it, without any accounts."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _interrupted)
    with tempfile.TemporaryDirectory(prefix="gatehouse-demo-") as folder:
        sandbox = _start_sandbox(Path(folder), port)
        bot: subprocess.Popen[bytes] | None = None
        try:
            ready = _wait_until_ready(sandbox, Path(folder) / "ready.json")
            bot = _start_bot(Path(folder), ready["env"])
            _wait_until_connected(bot, Path(folder) / "bot.log")
            say(GUIDE.format(page=ready["page"]))
            _wait_for_either(sandbox, bot)
        except KeyboardInterrupt:
            say("Stopping.")
        finally:
            for process in (bot, sandbox):
                _end(process)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    """Whoever ends the demo, and however, ends its two processes too.

    Raises:
        KeyboardInterrupt: always.
    """
    raise KeyboardInterrupt


def _start_sandbox(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    (folder / "manifest.yml").write_text(manifest_text(), encoding="utf-8")
    command = [sys.executable, "-m", "sandbox", "--port", str(port)]
    command += ["--manifest", str(folder / "manifest.yml")]
    command += ["--ready-file", str(folder / "ready.json")]
    return subprocess.Popen(  # noqa: S603 - our own module, fixed arguments
        command, stdout=subprocess.DEVNULL, start_new_session=True
    )


def _start_bot(folder: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """The bot as anybody runs it, told of the sandbox by its settings alone."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GATEHOUSE_", "SLACK_"))
        and name.upper() not in {"HTTP_PROXY", "HTTPS_PROXY"}
    }
    settings = {
        "GATEHOUSE_DATA_DIR": str(folder / "data"),
        "GATEHOUSE_HTTP_PORT": "0",
        "GATEHOUSE_SCAN_EVERY": "PT1M",
        "GATEHOUSE_SYNC_EVERY": "PT1M",
        "GATEHOUSE_LOG_FORMAT": "console",
    }
    with (folder / "bot.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env={**kept, **settings, **environment},
            cwd=folder,  # so that no .env of the caller's is read
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_until_ready(process: "subprocess.Popen[bytes]", file: Path) -> dict[str, Any]:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise fail("The sandbox ended at once.", "Its error stands above.")
        if file.exists():
            ready: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return ready
        time.sleep(0.05)
    raise fail("The sandbox did not start within 30 s.", "Try again.")


def _wait_until_connected(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline:
        written = log.read_text(encoding="utf-8", errors="replace")
        if process.poll() is not None:
            raise fail(f"The bot ended at once:\n{written}")
        if "ready" in written:
            return
        time.sleep(0.05)
    raise fail("The bot did not connect within 30 s.", f"It logged:\n{log.read_text()}")


def _wait_for_either(*processes: "subprocess.Popen[bytes]") -> None:
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    say("A process of the demo ended; stopping the other.")


def _end(process: "subprocess.Popen[bytes] | None") -> None:
    """SIGTERM, then after the drain's time SIGKILL."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=27)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
