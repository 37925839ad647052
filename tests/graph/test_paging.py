"""Lists go on over pages, and never to another host."""

import pytest

from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.errors import ForeignLinkError, UnavailableError
from bot.graph.patience import INTERACTIVE
from tests.graph.house import House


async def names(graph: GraphClient, top: str = "10") -> list[str]:
    """All users, page by page."""
    return [
        item["displayName"]
        async for item in graph.items(
            "/users",
            needs=AppRole.USER_READ_ALL,
            params={"$select": "displayName", "$top": top},
        )
    ]


async def test_all_pages_are_read(house: House, graph: GraphClient) -> None:
    everybody = [u["displayName"] for u in house.entra.tenant.users.values()]

    assert sorted(await names(graph)) == sorted(everybody)
    assert len(house.asked()) == -(-len(everybody) // 10)


async def test_an_empty_page_is_not_the_end(house: House, graph: GraphClient) -> None:
    house.entra.faults.empty_page(times=1)

    assert len(await names(graph)) == len(house.entra.tenant.users)


async def test_a_link_to_another_host_is_not_followed(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.foreign_next_link(times=1)

    with pytest.raises(ForeignLinkError, match=r"graph\.elsewhere\.example"):
        await names(graph)

    assert len(house.asked()) == 1
    assert all("elsewhere" not in line["url"] for line in house.sent)


@pytest.mark.parametrize(
    "link",
    [
        "http://{host}/v1.0/users?$skiptoken=x",
        "https://{host}.attacker.example/v1.0/users",
        "https://{host}@attacker.example/v1.0/users",
        "https://127.0.0.1:1/v1.0/users",
        "https://{host}/beta/users",
        "//attacker.example/v1.0/users",
        "/v1.0/users",
        "javascript:alert(1)",
    ],
)
def test_links_that_lead_away(house: House, graph: GraphClient, link: str) -> None:
    host = graph.hosts.graph.removeprefix("https://")

    with pytest.raises(ForeignLinkError):
        graph._next_url({"@odata.nextLink": link.format(host=host)}, set())


def test_a_circle_ends(graph: GraphClient) -> None:
    link = f"{graph.hosts.graph}/v1.0/users?$skiptoken=x"

    assert graph._next_url({"@odata.nextLink": link}, set()) == link
    with pytest.raises(ForeignLinkError, match="circles"):
        graph._next_url({"@odata.nextLink": link}, {link})


async def test_a_failure_on_a_later_page_is_an_error_not_a_short_list(
    house: House,
) -> None:
    graph, seen = house.client(patience=INTERACTIVE), []

    async def read_all() -> None:
        async for item in graph.items(
            "/users",
            needs=AppRole.USER_READ_ALL,
            params={"$select": "id", "$top": "10"},
        ):
            seen.append(item)
            house.entra.faults.unavailable(times=100)

    with pytest.raises(UnavailableError):
        await read_all()

    assert len(seen) == 10
