"""Users as Microsoft's own library for Python reads them, where it is installed.

Gatehouse does not use it, so it is looked for when asked for: `pip install msgraph-sdk`
beside Gatehouse, or name its folder in PYTHONPATH.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import httpx

from benchmarks.bulk_process import BulkAddress
from bot.domain.directory import DataSet
from bot.graph.data_sets import COLLECTIONS
from bot.graph.transport import trust

SECONDS = 60.0  # of one request
MOST_USERS = 3_000  # it needs minutes for a large tenant, and no user is quicker there
_BUILDER = "msgraph.generated.users.users_request_builder"


def is_installed() -> bool:
    """Whether the library can be imported."""
    return find_spec("msgraph") is not None


def load() -> None:
    """Import what reading users needs.

    Raises:
        ImportError: the library is not installed.
    """
    for name in ("msgraph", "msgraph_core", _BUILDER):
        import_module(name)


async def read_users(address: BulkAddress) -> int:
    """Read users, `MOST_USERS` at least, with the properties that Gatehouse asks for.

    Follows next links as the library's page iterator does: one after the other.

    Raises:
        ImportError: the library is not installed.
    """
    asked = COLLECTIONS[DataSet.USERS].request().params
    client = import_module("msgraph").GraphServiceClient(
        request_adapter=_adapter(address)
    )
    builder = import_module(_BUILDER).UsersRequestBuilder
    options = builder.UsersRequestBuilderGetQueryParameters(
        select=asked["$select"].split(","),
        expand=[asked["$expand"]],
        top=int(asked["$top"]),
    )
    configuration = import_module(
        "kiota_abstractions.base_request_configuration"
    ).RequestConfiguration(query_parameters=options)
    page, users = await client.users.get(request_configuration=configuration), 0
    while page is not None:
        users += len(page.value)
        link = page.odata_next_link if users < MOST_USERS else None
        page = await client.users.with_url(link).get() if link else None
    return users


def _adapter(address: BulkAddress) -> object:
    """The library's own pipeline, pointed at the directory and signed in already."""
    http = httpx.AsyncClient(
        verify=trust(Path(address.ca)),
        timeout=SECONDS,
        headers={"Authorization": f"Bearer {address.token}"},
    )
    piped = import_module("msgraph_core").GraphClientFactory
    anonymous = import_module("kiota_abstractions.authentication")
    adapter = import_module("msgraph.graph_request_adapter").GraphRequestAdapter(
        anonymous.AnonymousAuthenticationProvider(),
        client=piped.create_with_default_middleware(client=http),
    )
    adapter.base_url = f"{address.entra}/v1.0"
    return adapter
