"""Somebody at a terminal, with the settings of a sandbox."""

import json
from pathlib import Path
from typing import Any

from sandbox.runner import Sandbox
from tests.scenarios.people import ALERTS, AMIR, APPROVALS, CLIENT_ID, SECRET, TENANT_ID
from tests.scenarios.processes import answer_of, environment


class Shell:
    """Somebody at a terminal."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.settings = environment(sandbox, folder / "data")

    async def __call__(self, *arguments: str) -> tuple[int, str]:
        return await answer_of(
            *arguments, environment=self.settings, folder=self.folder
        )

    async def adds(self, secret: str = SECRET, **changes: str) -> tuple[int, str]:
        """Add Contoso."""
        file = self.folder / "secret.txt"
        file.write_text(secret + "\n")
        given = {
            "name": "Contoso",
            "cloud": "global",
            "tenant-id": TENANT_ID,
            "client-id": CLIENT_ID,
            "secret-file": str(file),
            "alerts-channel": ALERTS,
            "approvals-channel": APPROVALS,
            "approvers": AMIR,
            **changes,
        }
        options = [
            word for name, value in given.items() for word in (f"--{name}", value)
        ]
        return await self("tenant", "add", *options, "--json")

    async def added(self) -> dict[str, Any]:
        """Add Contoso and read the answer."""
        status, said = await self.adds()
        assert status == 0, said
        tenant: dict[str, Any] = json.loads(said[said.index("{") :])
        return tenant
