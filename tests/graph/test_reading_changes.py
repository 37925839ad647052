"""What changed since the last read; what is not told is kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from bot.domain.directory import DataSet
from bot.domain.directory_rows import UserRow
from bot.graph.errors import (
    DeltaExpiredError,
    EndlessListError,
    ForeignLinkError,
    GraphError,
    NotInCloudError,
    UnreadableFieldError,
    UnreadablePageError,
)
from bot.graph.reading import ChangePage, DirectoryReader, ReadPage
from tests.graph.small_graph import ROOT, SmallGraph, refused

LINK = f"{ROOT}/users/delta?$deltatoken=old"
NEXT = f"{ROOT}/users/delta?$skiptoken=more"
NEW = f"{ROOT}/users/delta?$deltatoken=new"
DANA, RUTH, BOSS = (str(UUID(int=n)) for n in (1, 2, 3))

Reply = Callable[[httpx.Request], httpx.Response]


def told(*items: dict[str, Any], **links: str) -> httpx.Response:
    """A page of changes."""
    marks = {f"@odata.{name}": link for name, link in links.items()}
    return httpx.Response(200, json={"value": list(items), **marks})


async def changes(reply: Reply, data_set: DataSet = DataSet.USERS) -> list[ChangePage]:
    """Read the changes that a Graph tells."""
    graph = SmallGraph(first=reply)
    reader = DirectoryReader(graph.client())

    async def all_pages() -> list[ChangePage]:
        return [page async for page in reader.changes(data_set, LINK)]

    pages: list[list[ChangePage]] = await graph.clock.run(all_pages())
    return pages[0]


def users(pages: list[ChangePage]) -> list[tuple[UserRow, frozenset[str]]]:
    return [
        (row, page.untold)
        for page in pages
        for row in page.upserts
        if isinstance(row, UserRow)
    ]


async def test_changes_go_on_over_pages_and_end_in_a_new_link() -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        if "skiptoken" in str(request.url):
            return told({"id": RUTH, "@removed": {"reason": "deleted"}}, deltaLink=NEW)
        return told({"id": DANA, "displayName": "Dana"}, nextLink=NEXT)

    pages = await changes(reply)

    assert [row.display_name for row, _ in users(pages)] == ["Dana"]
    assert [key for page in pages for key in page.removed] == [UUID(RUTH)]
    assert [page.next for page in pages] == [None, NEXT, None]
    assert [page.delta_link for page in pages][-1] == NEW


async def test_what_is_left_out_is_named_and_null_is_told() -> None:
    pages = await changes(
        lambda _: told({"id": DANA, "jobTitle": None, "mail": "d@x"}, deltaLink=NEW)
    )

    ((row, untold),) = users(pages)
    assert row.mail == "d@x"
    assert untold.isdisjoint({"id", "job_title", "mail"})
    assert {"display_name", "manager_id", "licences", "created_at"} <= untold


async def test_rows_of_one_page_of_changes_tell_the_same() -> None:
    pages = await changes(
        lambda _: told(
            {"id": DANA, "displayName": "Dana"},
            {"id": RUTH, "displayName": "Ruth", "manager@delta": [{"id": BOSS}]},
            deltaLink=NEW,
        )
    )

    by_name = {row.display_name: (row, untold) for row, untold in users(pages)}
    assert by_name["Ruth"][0].manager_id == UUID(BOSS)
    assert "manager_id" not in by_name["Ruth"][1]
    assert "manager_id" in by_name["Dana"][1]
    assert sum(page.delta_link is not None for page in pages) == 1


async def test_a_manager_who_went_is_told_as_none() -> None:
    gone = {"id": BOSS, "@removed": {"reason": "deleted"}}
    pages = await changes(
        lambda _: told({"id": DANA, "manager@delta": [gone]}, deltaLink=NEW)
    )

    ((row, untold),) = users(pages)
    assert row.manager_id is None
    assert "manager_id" not in untold


async def test_an_object_that_comes_twice_is_one() -> None:
    removed = {"@removed": {"reason": "changed"}}
    pages = await changes(
        lambda _: told(
            {"id": DANA, "displayName": "Old", "mail": "d@x"},
            {"id": RUTH, **removed},
            {"id": DANA, "displayName": "New"},
            {"id": RUTH, "displayName": "Back again"},
            {"id": BOSS, "displayName": "Boss"},
            {"id": BOSS, **removed},
            deltaLink=NEW,
        )
    )

    assert {(row.display_name, row.mail) for row, _ in users(pages)} == {
        ("New", "d@x"),
        ("Back again", None),
    }
    assert [key for page in pages for key in page.removed] == [UUID(BOSS)]


async def test_members_come_and_go_and_groups_end() -> None:
    sales, staff, old = (str(UUID(int=n)) for n in (11, 12, 13))
    joined = {"@odata.type": "#microsoft.graph.user", "id": DANA}
    left = {"@odata.type": "#microsoft.graph.user", "id": RUTH, "@removed": {}}

    (gone, upserts, last) = await changes(
        lambda _: told(
            {"id": sales, "members@delta": [joined, left]},
            {"id": staff, "members@delta": [{**left, "id": DANA}]},
            {"id": staff, "members@delta": [joined]},  # and back, in a further part
            {"id": old, "@removed": {"reason": "deleted"}},
            {"id": str(UUID(int=14)), "displayName": "Renamed only"},
            deltaLink=NEW,
        ),
        DataSet.MEMBERSHIPS,
    )

    assert {row[:2] for row in upserts.upserts} == {
        (UUID(sales), UUID(DANA)),
        (UUID(staff), UUID(DANA)),
    }
    assert last.removed == [(UUID(sales), UUID(RUTH))]
    assert gone.emptied == [UUID(old)], "before it may be filled again"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (410, "syncStateNotFound"),
        (400, "resyncRequired"),
        (400, "Request_UnsupportedQuery"),
        (404, "Request_ResourceNotFound"),
    ],
)
async def test_a_link_that_ran_out_is_told_from_other_refusals(
    status: int, code: str
) -> None:
    with pytest.raises(DeltaExpiredError) as caught:
        await changes(lambda _: refused(status, code))

    assert caught.value.status == status


@pytest.mark.parametrize("status", [401, 403, 429, 503])
async def test_other_failures_leave_the_link_good(status: int) -> None:
    with pytest.raises(GraphError) as caught:
        await changes(lambda _: refused(status, "Authorization_RequestDenied"))

    assert not isinstance(caught.value, DeltaExpiredError)


async def test_links_that_lead_astray() -> None:
    with pytest.raises(ForeignLinkError):
        await changes(lambda _: told(nextLink="https://graph.elsewhere.example/v1.0/x"))
    with pytest.raises(ForeignLinkError, match="circles"):
        await changes(lambda _: told(nextLink=NEXT))


async def test_a_stored_link_of_another_address_is_never_asked() -> None:
    graph = SmallGraph({"/users": []})
    changes_since = DirectoryReader(graph.client()).changes
    elsewhere = "https://graph.elsewhere.example/v1.0/users/delta?$deltatoken=x"

    with pytest.raises(DeltaExpiredError):
        await anext(changes_since(DataSet.USERS, elsewhere))

    assert graph.asked == []


async def test_a_mark_of_another_address_begins_anew() -> None:
    graph = SmallGraph({"/users": [{"id": str(UUID(int=n))} for n in range(2_500)]})
    first, *_ = await _pages(graph)
    moved = first.mark.replace("graph.microsoft.com", "graph.elsewhere.example")

    pages = await _pages(graph, moved)

    assert moved != first.mark
    assert sum(len(page.rows) for page in pages) == 2_500


async def _pages(graph: SmallGraph, resume: str | None = None) -> list[ReadPage]:
    reader = DirectoryReader(graph.client())

    async def all_pages() -> list[ReadPage]:
        return [page async for page in reader.full(DataSet.USERS, resume=resume)]

    pages: list[list[ReadPage]] = await graph.clock.run(all_pages())
    return pages[0]


async def test_a_list_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.graph.pages.MOST_PAGES", 50)
    pages = iter(range(1_000))

    with pytest.raises(EndlessListError, match="50 pages"):
        await changes(lambda _: told(nextLink=f"{NEXT}{next(pages)}"))


async def test_a_page_without_links_is_no_page_of_changes() -> None:
    with pytest.raises(UnreadablePageError):
        await changes(lambda _: told({"id": DANA}))


@pytest.mark.parametrize(
    ("item", "named"),
    [
        ({"displayName": "Nobody"}, "id"),
        ({"id": "12"}, "id"),
        ({"id": DANA, "displayName": 3}, "displayName"),
        ({"id": DANA, "manager@delta": {}}, "manager@delta"),
    ],
)
async def test_wrong_types_are_named(item: dict[str, Any], named: str) -> None:
    with pytest.raises(UnreadableFieldError) as caught:
        await changes(lambda _: told(item, deltaLink=NEW))

    assert caught.value.field == named


async def test_a_clipped_name_in_a_change() -> None:
    pages = await changes(
        lambda _: told({"id": DANA, "displayName": "x" * 2_000_000}, deltaLink=NEW)
    )

    ((row, _),) = users(pages)
    assert len(row.display_name or "") == 4096


async def test_where_changes_are_not_told_the_full_read_says_so() -> None:
    graph = SmallGraph({"/users": [{"id": DANA}]})

    (pages,) = await graph.clock.run(_full(graph, DataSet.USERS))

    assert pages[-1] is None
    with pytest.raises(NotInCloudError):
        await graph.clock.run(_full(graph, DataSet.OAUTH_GRANTS))


async def test_the_link_taken_before_the_read_comes_with_its_last_page() -> None:
    graph = SmallGraph({"/users": [{"id": str(UUID(int=n))} for n in range(2_500)]})
    graph.first = lambda request: (
        told(deltaLink=NEW) if "delta" in request.url.path else None
    )

    (links,) = await graph.clock.run(_full(graph, DataSet.USERS))

    assert links == [None, None, NEW]
    (delta,) = (n for n, line in enumerate(graph.asked) if "/delta" in line)
    (first_page,) = (
        n
        for n, line in enumerate(graph.asked)
        if line.startswith("/users?") and "$skiptoken" not in line
    )
    assert "$deltatoken=latest" in graph.asked[delta]
    assert delta < first_page


async def _full(graph: SmallGraph, data_set: DataSet) -> list[str | None]:
    reader = DirectoryReader(graph.client())
    return [page.delta_link async for page in reader.full(data_set)]
