"""Finding a Chromium for the browser tests, and saying loudly where there is none.

A system's Chromium first; else one is installed: by apt as root, else Playwright's own.
With GATEHOUSE_TEST_REQUIRE_BROWSER set, a missing one fails instead of skipping.
"""

import functools
import os
import shutil
import subprocess
import sys

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL_WITHIN_SECONDS = 300


@functools.cache
def find_chromium() -> str | None:
    """The path of a Chromium, installing one if need be; None for Playwright's own.

    Skips the test (or fails it, where browsers are required) if none can be had.
    """
    found = _on_path()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "chromium")
        found = _on_path()
    if found is None and not _run(
        sys.executable, "-m", "playwright", "install", "chromium"
    ):
        _give_up()
    return found


def _on_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _run(*command: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands
            command, capture_output=True, timeout=INSTALL_WITHIN_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _give_up() -> None:
    words = "NO BROWSER: no Chromium here and none could be installed"
    if os.environ.get("GATEHOUSE_TEST_REQUIRE_BROWSER"):
        pytest.fail(words)
    pytest.skip(words)
