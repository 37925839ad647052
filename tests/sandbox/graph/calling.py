"""A caller of the simulated Graph, and a clock that tests move."""

import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sandbox.graph import Entra, EntraServer
from sandbox.graph.registrations import Consent
from sandbox.graph.tokens import GRAPH_ROOTS
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, seeded_id

EVENTUAL = {"ConsistencyLevel": "eventual"}
DANA = seeded_id("user", "dana")
PRIYA = seeded_id("user", "priya")


def group_id(name: str) -> str:
    """Return the id of a seeded group."""
    return seeded_id("group", name)


class MovableClock:
    """The wall clock, moved forward on demand."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, **by: float) -> None:
        """Move forward, e.g. `advance(days=46)`."""
        self.offset += timedelta(**by)


class Caller:
    """The bot as a Graph client: it signs requests with a token of its own."""

    def __init__(self, entra: Entra, server: EntraServer) -> None:
        self.entra, self.server = entra, server
        context = ssl.create_default_context(cafile=str(server.ca_file))
        self.http = httpx.AsyncClient(
            verify=context, base_url=f"{server.url}/v1.0", trust_env=False
        )
        self.sign_in()

    def sign_in(self) -> None:
        """Take a fresh token with what is consented now."""
        tenant = self.entra.tenant
        principal = tenant.find_service_principal(BOT_CLIENT_ID)
        assert principal is not None
        token = self.entra.tokens.issue(
            tenant,
            principal,
            audience=GRAPH_ROOTS[tenant.cloud],
            now=self.entra.now(),
        )
        self.http.headers["Authorization"] = f"Bearer {token.value}"

    def consent(self, *names: str) -> None:
        """Grant more permissions, and take a token that has them."""
        consent = Consent(self.entra.tenant, BOT_CLIENT_ID)
        consent.grant(list(names), self.entra.now())
        self.sign_in()

    def only(self, *names: str) -> None:
        """Hold exactly these permissions."""
        consent = Consent(self.entra.tenant, BOT_CLIENT_ID)
        consent.revoke(consent.granted)
        self.consent(*names)

    async def get(
        self, path: str, headers: Any = None, **options: str
    ) -> httpx.Response:
        """GET a path; options are query options without their $."""
        query = {f"${name}": value for name, value in options.items()}
        return await self.http.get(path, params=query or None, headers=headers)

    async def items(
        self, path: str, headers: Any = None, **options: str
    ) -> list[dict[str, Any]]:
        """GET a collection, all pages."""
        answer = await self.get(path, headers, **options)
        found: list[dict[str, Any]] = list(json_of(answer)["value"])
        while link := json_of(answer).get("@odata.nextLink"):
            answer = await self.http.get(link, headers=headers)
            found += json_of(answer)["value"]
        return found

    async def batch(self, *requests: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """POST a $batch; answers by id."""
        answer = await self.http.post("/$batch", json={"requests": list(requests)})
        return {item["id"]: item for item in json_of(answer)["responses"]}


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the body of an answer that must have succeeded."""
    assert answer.status_code < 300, answer.text
    body: dict[str, Any] = answer.json()
    return body


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    """Return status, code and message of an answer that must be a refusal."""
    assert answer.status_code >= 400, answer.text
    error = answer.json()["error"]
    assert set(error["innerError"]) == {"date", "request-id", "client-request-id"}
    assert answer.headers["request-id"] == error["innerError"]["request-id"]
    return answer.status_code, error["code"], error["message"]
