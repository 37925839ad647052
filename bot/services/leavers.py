"""Finding the leaver: by what is typed, or by an e-mail address."""

import asyncio
from datetime import timedelta

from bot.domain.ids import ConnectionId
from bot.graph.patience import Patience
from bot.graph.users import User, find_user_by_address, search_users
from bot.workflows.tenant_graphs import TenantGraphs

# Slack waits 3 s for a type-ahead; what comes later is thrown away.
ANSWER_WITHIN = timedelta(seconds=2.5)
_QUICK = Patience(
    attempts=2, total=timedelta(seconds=2), answer_within=timedelta(seconds=2)
)
MOST_OFFERED = 20


class Leavers:
    """Looks users up in a connected tenant, live."""

    def __init__(self, tenant_graphs: TenantGraphs) -> None:
        self._tenant_graphs = tenant_graphs

    async def search(self, connection_id: ConnectionId, text: str) -> list[User]:
        """Users whose name or address has a word that begins like the text.

        Raises:
            TimeoutError: Graph took longer than Slack would wait.
            GraphError, SignInError, NotFoundError: it could not be asked.
        """
        async with asyncio.timeout(ANSWER_WITHIN.total_seconds()):
            _, graph = await self._tenant_graphs.open(connection_id)
            return await search_users(graph.with_patience(_QUICK), text, MOST_OFFERED)

    async def match(self, connection_id: ConnectionId, address: str) -> User | None:
        """The one account that has an address, None where nobody has.

        Raises:
            TimeoutError, GraphError, SignInError, NotFoundError: as `search`.
        """
        async with asyncio.timeout(ANSWER_WITHIN.total_seconds() * 2):
            _, graph = await self._tenant_graphs.open(connection_id)
            return await find_user_by_address(graph.with_patience(_QUICK), address)
