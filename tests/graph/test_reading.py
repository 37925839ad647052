"""Data sets are read whole, in marked pages, from the simulated tenant."""

import pytest

from bot.domain.directory import DataSet
from bot.graph.client import GraphClient
from bot.graph.reading import DirectoryReader, ReadPage
from tests.graph.house import House


async def everything(
    reader: DirectoryReader, data_set: DataSet, resume: str | None = None
) -> list[ReadPage]:
    """All pages of a full read."""
    return [page async for page in reader.full(data_set, resume=resume)]


@pytest.mark.parametrize(
    ("data_set", "collection"),
    [
        (DataSet.USERS, "users"),
        (DataSet.GROUPS, "groups"),
        (DataSet.APPLICATIONS, "applications"),
        (DataSet.SERVICE_PRINCIPALS, "service_principals"),
    ],
)
async def test_all_objects_come(
    house: House, graph: GraphClient, data_set: DataSet, collection: str
) -> None:
    pages = await everything(DirectoryReader(graph), data_set)

    ids = [str(row[0]) for page in pages for row in page.rows]
    assert sorted(ids) == sorted(getattr(house.entra.tenant, collection))
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
