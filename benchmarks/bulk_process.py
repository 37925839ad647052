"""The generated directory as its own process, so that serving costs us nothing."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from bot.domain.clouds import Cloud
from bot.domain.ids import ClientId, TenantId
from bot.domain.tenants import AppCredential, SignInKind
from bot.graph.caller import OnRequest
from bot.graph.client import GraphClient
from bot.graph.connections import GraphClients
from bot.graph.patience import STEADY

STARTS_WITHIN = 120.0  # seconds; a large directory encodes its pages first
ANSWERS_WITHIN = 60.0
UNITS_PER_SECOND = 800  # what the bucket of a large tenant gets back


@dataclass(frozen=True)
class BulkAddress:
    """Where the directory is served, and who may sign in. JSON-able by `told`."""

    entra: str
    ca: str
    tenant: str
    client: str
    secret: str
    token: str

    def graphs(self, on_request: OnRequest | None = None) -> GraphClients:
        """Gatehouse's clients, pointed here."""
        here = {"login": self.entra, "graph": self.entra}
        return GraphClients({"global": here}, Path(self.ca), on_request=on_request)

    def client_of(self, graphs: GraphClients) -> GraphClient:
        """The tenant's client, patient as background work is."""
        return graphs.fresh(
            Cloud.GLOBAL,
            TenantId(UUID(self.tenant)),
            ClientId(UUID(self.client)),
            AppCredential(SignInKind.SECRET, self.secret),
            patience=STEADY,
        )


class BulkProcess:
    """`python -m sandbox.bulk`, listening."""

    def __init__(
        self, process: asyncio.subprocess.Process, address: BulkAddress
    ) -> None:
        self._process, self.address = process, address

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Send one line of orders and read its answer."""
        if self._process.stdin is None:
            raise OSError("the directory takes no orders")
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        await self._process.stdin.drain()
        return await _line(self._process, ANSWERS_WITHIN)

    async def clear_meter(self) -> None:
        """Count from nothing again."""
        await self.ask({"meter": "clear"})

    async def meter(self) -> dict[str, float]:
        """What was asked since."""
        told: dict[str, float] = (await self.ask({"meter": "tell"}))["meter"]
        return told

    async def refilled(self, units: float) -> None:
        """Wait until the bucket is full again after so many units were spent."""
        await asyncio.sleep(min(units / UNITS_PER_SECOND, 10.0) + 0.1)


@asynccontextmanager
async def bulk_process(
    users: int,
    *,
    latency_ms: float,
    throttled: bool = True,
    everything: bool = False,
    warm: Sequence[str] = (),
) -> AsyncIterator[BulkProcess]:
    """Serve a directory of that many users; it is ended whatever happens.

    Args:
        everything: also what Graph lets be read slowly; else logs are empty.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox.bulk",
        *("--users", str(users), "--latency-ms", str(latency_ms)),
        *(() if throttled else ("--no-throttling",)),
        *(() if everything else ("--directory-only", "--logs", "0")),
        *(part for target in warm for part in ("--warm", target)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        told = await _line(process, STARTS_WITHIN)
        names = BulkAddress.__dataclass_fields__
        yield BulkProcess(process, BulkAddress(**{name: told[name] for name in names}))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _line(process: asyncio.subprocess.Process, within: float) -> dict[str, Any]:
    if process.stdout is None:
        raise OSError("the directory tells nothing")
    async with asyncio.timeout(within):
        line = await process.stdout.readline()
    if not line:
        raise OSError(f"the directory ended with status {await process.wait()}")
    told: dict[str, Any] = json.loads(line)
    return told
