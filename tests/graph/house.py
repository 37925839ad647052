"""Gatehouse's Graph client on the simulated tenant, and a clock that never waits."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bot.domain.clouds import Cloud
from bot.domain.ids import ClientId, ObjectId, TenantId
from bot.domain.tenants import AppCredential, SignInKind
from bot.graph.client import GraphClient
from bot.graph.connections import GraphClients
from bot.graph.patience import STEADY, Patience
from sandbox.graph import Entra
from sandbox.graph.registrations import Consent
from sandbox.seeds.entra_ids import (
    BOT_CLIENT_ID,
    BOT_SECRET_VALUE,
    TENANT_ID,
    seeded_id,
)

TENANT = TenantId(UUID(TENANT_ID))
CLIENT = ClientId(UUID(BOT_CLIENT_ID))
SECRET = AppCredential(SignInKind.SECRET, BOT_SECRET_VALUE)


def user(login: str) -> ObjectId:
    """A seeded person's object ID."""
    return ObjectId(UUID(seeded_id("user", login)))


def group(name: str) -> ObjectId:
    """A seeded group's object ID."""
    return ObjectId(UUID(seeded_id("group", name)))


DANA, PRIYA = user("dana"), user("priya")  # a leaver, and the Global Administrator


class QuickClock:
    """Real time plus all that was slept; sleeping takes no time."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def sleep(self, duration: timedelta) -> None:
        self.slept.append(duration.total_seconds())
        self.ahead += duration
        await asyncio.sleep(0)

    def __call__(self) -> datetime:
        return self.now()


@dataclass
class House:
    """The tenant, the bot's clients, and what was asked of Microsoft."""

    entra: Entra
    graphs: GraphClients
    clock: QuickClock
    sent: list[dict[str, Any]] = field(default_factory=list)

    def client(
        self,
        credential: AppCredential = SECRET,
        *,
        tenant_id: TenantId = TENANT,
        client_id: ClientId = CLIENT,
        cloud: Cloud = Cloud.GLOBAL,
        patience: Patience = STEADY,
    ) -> GraphClient:
        """A client without memory."""
        return self.graphs.fresh(
            cloud, tenant_id, client_id, credential, patience=patience
        )

    def only(self, *roles: str) -> None:
        """Let the app have exactly these permissions, in tokens from now on."""
        consent = Consent(self.entra.tenant, BOT_CLIENT_ID)
        consent.revoke(consent.granted)
        consent.grant(list(roles), self.entra.now())

    def also(self, *roles: str) -> None:
        """Let the app have more permissions, in tokens from now on."""
        consent = Consent(self.entra.tenant, BOT_CLIENT_ID)
        consent.grant(list(roles), self.entra.now())

    def asked(self, service: str = "graph") -> list[str]:
        """Method and address of what came in, without hosts and versions."""
        return [
            f"{entry.method} {entry.url.split('/v1.0')[-1]}"
            for entry in self.entra.journal.since()
            if entry.service == service and entry.batch is None
        ]

    def sign_ins(self) -> int:
        """How many tokens were asked for."""
        return sum("/token" in line for line in self.asked("login"))
