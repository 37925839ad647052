"""Logs are read by windows of time: nothing is missed, and nobody is hurried."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from bot.domain.directory import DataSet
from bot.graph.errors import NotInCloudError, UnlicensedError
from bot.graph.logs import ENTRIES_PER_PAGE, LOG_PAGES, LOGS, written
from bot.graph.reading import ReadPage
from bot.graph.requests import GraphRequest
from bot.graph.tenant_reading import TenantReader
from tests.graph.small_graph import ROOT, Json, SmallGraph, refused
from tests.graph.virtual_time import START

SIGN_INS, AUDITS = DataSet.SIGN_INS, DataSet.DIRECTORY_AUDITS
PROVISIONING = DataSet.PROVISIONING_LOGS
NOW = written(START)
AN_HOUR = timedelta(hours=1)


def entry(id: str, at: datetime, **more: Any) -> Json:
    """An entry of any log."""
    when = at.isoformat().replace("+00:00", "Z")
    return {"id": id, "createdDateTime": when, "activityDateTime": when, **more}


def ago(**time: float) -> datetime:
    """A moment before the tests' present."""
    return START - timedelta(**time)


def a_log(data_set: DataSet, *entries: Json) -> SmallGraph:
    """A Graph with these entries in a log, newest first."""
    return SmallGraph({LOGS[data_set].path: list(entries)})


async def pages_of(
    small: SmallGraph, data_set: DataSet, **where: str | None
) -> list[ReadPage]:
    """All pages that come, as time goes by."""
    reader = TenantReader(small.client())

    async def story() -> list[ReadPage]:
        return [page async for page in reader.full(data_set, **where)]

    (pages,) = await small.clock.run(story())
    return list(pages)


def ids(pages: list[ReadPage]) -> list[Any]:
    """The IDs of all rows."""
    return [row[0] for page in pages for row in page.rows]


@pytest.mark.parametrize(
    ("data_set", "window"),
    [
        (
            SIGN_INS,
            "createdDateTime ge 2026-02-28T09:00:00Z "
            "and createdDateTime le 2026-03-01T09:00:00Z",
        ),
        (
            AUDITS,
            "activityDateTime ge 2026-02-22T09:00:00Z "
            "and activityDateTime le 2026-03-01T09:00:00Z",
        ),
        (
            PROVISIONING,
            "activityDateTime gt 2026-02-22T08:59:59Z "
            "and activityDateTime lt 2026-03-01T09:00:01Z",
        ),
    ],
)
async def test_the_first_window_goes_back_a_day_or_a_week(
    data_set: DataSet, window: str
) -> None:
    small = a_log(
        data_set,
        entry("now", START),
        entry("lately", ago(hours=23)),
        entry("long ago", ago(days=7, seconds=1)),
    )

    pages = await pages_of(small, data_set)

    assert ids(pages) == ["now", "lately"]
    assert pages[-1].is_last
    assert pages[-1].delta_link == NOW
    (asked,) = small.asked
    assert f"$filter={window}" in asked
    assert f"$top={ENTRIES_PER_PAGE}" in asked
    assert f"$select={LOGS[data_set].select}" in asked


async def test_the_next_window_overlaps_for_what_came_late() -> None:
    """An entry of half an hour before the last window's end, told only now."""
    small = a_log(
        SIGN_INS,
        entry("new", ago(minutes=1)),
        entry("late", ago(hours=1, minutes=30)),
        entry("told before", ago(hours=2, minutes=1)),
    )

    pages = await pages_of(small, SIGN_INS, since=written(START - AN_HOUR))

    assert ids(pages) == ["new", "late"]
    assert pages[-1].delta_link == NOW


@pytest.mark.parametrize("since", ["yesterday", "2026-03-01T08:00:00", ""])
async def test_an_end_that_nobody_can_read_begins_anew(since: str) -> None:
    small = a_log(SIGN_INS, entry("lately", ago(hours=23)))

    assert ids(await pages_of(small, SIGN_INS, since=since)) == ["lately"]


async def test_an_end_in_the_future_is_now() -> None:
    """Our clock was set back: an hour is read again, and nothing is skipped."""
    small = a_log(SIGN_INS)

    pages = await pages_of(small, SIGN_INS, since=written(START + 5 * AN_HOUR))

    assert "ge 2026-03-01T08:00:00Z and" in small.asked[0]
    assert pages[-1].delta_link == NOW


async def test_what_would_not_be_kept_is_not_read() -> None:
    """After a month away: two days of sign-ins, as many as are kept."""
    small = a_log(SIGN_INS)

    await pages_of(small, SIGN_INS, since=written(START - timedelta(days=30)))

    assert "ge 2026-02-27T09:00:00Z and" in small.asked[0]


@pytest.mark.parametrize(
    ("microsofts", "end"),
    [(timedelta(hours=-2), START - 2 * AN_HOUR), (timedelta(hours=2), START)],
)
async def test_a_window_ends_by_the_clock_that_is_behind(
    microsofts: timedelta, end: datetime
) -> None:
    """Ours two hours ahead would skip an hour of entries; two behind skips none."""
    small = a_log(SIGN_INS)
    date = format_datetime(START + microsofts, usegmt=True)
    small.first = lambda _: httpx.Response(
        200, json={"value": []}, headers={"Date": date}
    )

    pages = await pages_of(small, SIGN_INS)

    assert pages[-1].delta_link == written(end)


@pytest.mark.parametrize("date", ["", "today", "Sun, 31 Feb 2026 09:00:00 GMT"])
async def test_a_date_that_is_none_changes_nothing(date: str) -> None:
    small = a_log(SIGN_INS)
    small.first = lambda _: httpx.Response(
        200, json={"value": []}, headers={"Date": date}
    )

    assert (await pages_of(small, SIGN_INS))[-1].delta_link == NOW


def two_pages(small: SmallGraph, *, dead: int = 0) -> None:
    """Serve a window in two pages, linked; the link is dead so many times."""
    fates = iter([True] * dead)

    def answer(request: httpx.Request) -> httpx.Response:
        if "skiptoken" not in str(request.url):
            link = f"{ROOT}/auditLogs/signIns?$skiptoken=2"
            body = {"value": [entry("1", START)], "@odata.nextLink": link}
            return httpx.Response(200, json=body)
        if next(fates, False):
            return refused(400, "BadRequest", "Invalid skip token.")
        return httpx.Response(200, json={"value": [entry("2", ago(hours=2))]})

    small.first = answer


async def test_a_window_goes_on_from_its_mark_and_keeps_its_end() -> None:
    small = a_log(SIGN_INS)
    two_pages(small)
    first, _ = await pages_of(small, SIGN_INS)
    await small.clock.run(small.clock.sleep(5 * AN_HOUR))
    small.asked.clear()

    (last,) = await pages_of(small, SIGN_INS, resume=first.mark)

    assert ids([last]) == ["2"]
    assert last.is_last
    assert last.delta_link == NOW, "the window's, five hours ago"
    assert small.asked == ["/auditLogs/signIns?$skiptoken=2"]


async def test_a_dead_link_reads_that_window_anew() -> None:
    small = a_log(SIGN_INS)
    two_pages(small)
    first, _ = await pages_of(small, SIGN_INS)
    window = small.asked[0]
    two_pages(small, dead=1)
    small.asked.clear()

    pages = await pages_of(small, SIGN_INS, resume=first.mark)

    assert ids(pages) == ["1", "2"]
    link = "/auditLogs/signIns?$skiptoken=2"
    assert small.asked == [link, window, link]


async def test_a_link_of_another_address_is_not_followed() -> None:
    """The cloud's address was changed since the mark was stored."""
    small = a_log(SIGN_INS)
    two_pages(small)
    first, _ = await pages_of(small, SIGN_INS)
    window = small.asked[0]
    small.asked.clear()
    elsewhere = first.mark.replace("graph.microsoft.com", "graph.microsoft.us")

    pages = await pages_of(small, SIGN_INS, resume=elsewhere)

    assert ids(pages) == ["1", "2"]
    assert small.asked[0] == window


async def test_a_long_log_pauses_and_says_how_far_it_has_come() -> None:
    small = a_log(SIGN_INS)

    def endless(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("$skiptoken", 0))
        link = f"{ROOT}/auditLogs/signIns?$skiptoken={number + 1}"
        body = {"value": [entry(str(number), ago(minutes=number))]}
        return httpx.Response(200, json={**body, "@odata.nextLink": link})

    small.first = endless

    pages = await pages_of(small, SIGN_INS)

    assert len(pages) == len(small.asked) == LOG_PAGES
    assert [page.caveat for page in pages[:-1]] == [None] * (LOG_PAGES - 1)
    assert not pages[-1].is_last
    assert "60 pages of it were read, the last of 01 March 2026, 08:01 UTC" in str(
        pages[-1].caveat
    )
    more = await pages_of(small, SIGN_INS, resume=pages[-1].mark)
    assert ids(more)[0] == str(LOG_PAGES), "the next one goes on from there"


async def test_an_entry_without_id_or_time_is_left_out_and_told() -> None:
    small = a_log(SIGN_INS)
    bad = [{"id": "x"}, {"createdDateTime": "2026-03-01T08:00:00Z"}, {"id": ""}]
    small.first = lambda _: httpx.Response(
        200, json={"value": [*bad, entry("good", START)]}
    )

    (page,) = await pages_of(small, SIGN_INS)

    assert ids([page]) == ["good"]
    assert page.is_last
    assert page.delta_link == NOW, "the log goes on all the same"
    assert "3 entries came without an ID or a time" in str(page.caveat)


async def test_where_select_is_refused_all_of_an_entry_comes() -> None:
    small = a_log(SIGN_INS, entry("1", START))
    small.first = lambda request: (
        refused(400, "BadRequest", "$select is not supported.")
        if "$select" in request.url.params
        else None
    )

    assert ids(await pages_of(small, SIGN_INS)) == ["1"]
    assert len(small.asked) == 2


async def test_a_tenant_without_the_licence_is_told_so_at_once() -> None:
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    for status in (400, 403):
        small = a_log(SIGN_INS)
        refusal = refused(status, code)
        small.first = lambda _, answer=refusal: answer
        with pytest.raises(UnlicensedError):
            await pages_of(small, SIGN_INS)
        assert len(small.asked) == 1


async def test_a_cloud_without_the_log_is_told_apart() -> None:
    with pytest.raises(NotInCloudError):
        await pages_of(SmallGraph(), AUDITS)


async def test_all_logs_together_ask_five_times_in_ten_seconds() -> None:
    """One after the other, registrations among them; a click need not stand in line."""
    small, sent = SmallGraph(), []

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("$skiptoken", 0))
        low = request.headers["x-ms-throttle-priority"] == "low"
        sent.append((small.clock.seconds, low))
        body: Json = {"value": []}
        if low and number < 5:
            path = request.url.path
            link = f"https://graph.microsoft.com{path}?$skiptoken={number + 1}"
            body["@odata.nextLink"] = link
        return httpx.Response(200, content=json.dumps(body).encode())

    small.first = answer
    client = small.client()
    reader = TenantReader(client)

    async def read(data_set: DataSet) -> None:
        async for _ in reader.full(data_set):
            pass

    async def click() -> None:
        await small.clock.sleep(timedelta(seconds=6))
        request = GraphRequest("GET", "/auditLogs/signIns", None)
        await client.with_priority("high").send(request)

    sets = (SIGN_INS, AUDITS, PROVISIONING, DataSet.REGISTRATIONS)
    await small.clock.run(*(read(each) for each in sets), click())

    times = [at for at, _ in sent]
    assert len(times) == 4 * 6 + 1
    for at in times:
        assert sum(at <= other < at + 10 for other in times) <= 5
    (clicked,) = [at for at, low in sent if not low]
    assert clicked < 8, "the next turn, before those who waited"


def test_moments_are_written_in_utc() -> None:
    there = datetime.fromisoformat("2026-03-01T10:30:59.999999+01:30")

    assert written(there) == "2026-03-01T09:00:59Z"
    assert written(datetime(2026, 3, 1, tzinfo=UTC)) == "2026-03-01T00:00:00Z"
