"""Usage reports come from elsewhere, in pieces, and never see our token."""

import asyncio
import csv
import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import StringIO

import httpx
import pytest

from bot.domain.activity_rows import UsageAppsRow, UsageOfficeRow, UsageTeamsRow
from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet
from bot.graph import downloads
from bot.graph.clouds import hosts
from bot.graph.downloads import DownloadLostError, checked_address
from bot.graph.errors import (
    ForeignLinkError,
    GraphError,
    NotInCloudError,
    UnreadableAnswerError,
    UnreadablePageError,
)
from bot.graph.quota import MOST_IN_BACKGROUND
from bot.graph.reading import ReadPage
from bot.graph.tenant_reading import TenantReader
from bot.graph.turns import Priority
from tests.graph.small_graph import SmallGraph, refused

OFFICE, TEAMS, APPS = DataSet.USAGE_OFFICE, DataSet.USAGE_TEAMS, DataSet.USAGE_APPS
FILE = "https://reports.office.example/data/download/abc?sig=s3cret"
ADA, LEE = "ada@contoso.example", "lee@contoso.example"
REFRESHED = date(2026, 2, 27)


class Pieces(httpx.AsyncByteStream):
    """A body that is sent piece by piece, and may break off."""

    def __init__(self, pieces: Sequence[bytes | Exception]) -> None:
        self.pieces, self.sent = pieces, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.sent += 1
            if isinstance(piece, Exception):
                raise piece
            yield piece


@dataclass
class Reports:
    """Graph with reports behind it, and the place where their files lie.

    Attributes:
        addresses: where Graph sends whoever asks, one after the other; the last stays.
        files: answers of that place, likewise.
    """

    addresses: list[str] = field(default_factory=lambda: [FILE])
    files: list[httpx.Response] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    fetched: list[httpx.Request] = field(default_factory=list)
    small: SmallGraph = field(default_factory=SmallGraph)

    def __post_init__(self) -> None:
        self.small.first = self._answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.microsoft.com":
            self.asked.append(request)
            return httpx.Response(302, headers={"Location": _next(self.addresses)})
        self.fetched.append(request)
        return self.files.pop(0)

    async def read(self, data_set: DataSet) -> list[ReadPage]:
        """All pages of a report."""
        pages: list[ReadPage] = []

        async def story() -> None:
            async for page in TenantReader(self.small.client()).full(data_set):
                pages.append(page)

        await self.small.clock.run(story())
        return pages


def _next(values: list[str]) -> str:
    return values.pop(0) if len(values) > 1 else values[0]


def a_file(*pieces: bytes | Exception, status: int = 200) -> httpx.Response:
    """What the place answers."""
    return httpx.Response(status, stream=Pieces(pieces))


def a_csv(*lines: dict[str, str]) -> bytes:
    """A report with these lines, as Microsoft writes it."""
    written = StringIO(newline="")
    names = {name: None for line in lines for name in line}
    writer = csv.DictWriter(written, names)
    writer.writeheader()
    writer.writerows({"Report Refresh Date": "2026-02-27", **line} for line in lines)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def somebody(name: str = ADA, **more: str) -> dict[str, str]:
    """A line of any report."""
    return {"Report Refresh Date": "2026-02-27", "User Principal Name": name, **more}


async def test_the_file_is_fetched_without_anything_that_signs_in() -> None:
    reports = Reports(files=[a_file(a_csv(somebody()))])

    (page,) = await reports.read(OFFICE)

    (asked,), (fetched,) = reports.asked, reports.fetched
    function = "getOffice365ActiveUserDetail(period='D30')"
    assert asked.url.path == f"/v1.0/reports/{function}"
    assert asked.headers["Authorization"] == "Bearer token"
    assert str(fetched.url) == FILE
    assert "Authorization" not in fetched.headers
    assert "token" not in str(fetched.headers)
    assert page.is_last
    assert page.caveat is None


@pytest.mark.parametrize(
    ("data_set", "line", "row"),
    [
        (
            OFFICE,
            {
                "Display Name": "Ada, the first",
                "Is Deleted": "False",
                "Exchange Last Activity Date": "2026-02-20",
                "OneDrive Last Activity Date": "",
                "SharePoint Last Activity Date": "2026-02-21",
                "Teams Last Activity Date": "2026-02-22",
                "Yammer Last Activity Date": "",
                "Assigned Products": "POWER BI+MICROSOFT 365 E5",
            },
            UsageOfficeRow(
                ADA, "Ada, the first", False, date(2026, 2, 20), None,
                date(2026, 2, 21), date(2026, 2, 22), None,
                '["MICROSOFT 365 E5","POWER BI"]', REFRESHED,
            ),
        ),
        (
            TEAMS,
            {
                "Tenant Display Name": "Contoso",
                "Last Activity Date": "2026-02-22",
                "Is Deleted": "True",
                "Team Chat Message Count": "12",
                "Private Chat Message Count": "0",
                "Call Count": "3",
                "Meeting Count": "",
            },
            UsageTeamsRow(ADA, True, date(2026, 2, 22), 12, 0, 3, None, REFRESHED),
        ),
        (
            APPS,
            {
                "Last Activation Date": "2026-01-02",
                "Last Activity Date": "2026-02-25",
                "Windows": "Yes",
                "Mac": "No",
                "Mobile": "Yes",
                "Web": "No",
            },
            UsageAppsRow(
                ADA, date(2026, 1, 2), date(2026, 2, 25), '["Windows","Mobile"]',
                REFRESHED,
            ),
        ),
        (OFFICE, {}, UsageOfficeRow(ADA, *(None,) * 8, REFRESHED)),
        (TEAMS, {}, UsageTeamsRow(ADA, *(None,) * 6, REFRESHED)),
        (APPS, {}, UsageAppsRow(ADA, None, None, None, REFRESHED)),
    ],
)  # fmt: skip
async def test_lines_become_rows(
    data_set: DataSet, line: dict[str, str], row: object
) -> None:
    reports = Reports(files=[a_file(a_csv(somebody(**line)))])

    (page,) = await reports.read(data_set)

    assert page.rows == [row]


async def test_a_large_file_is_never_held_as_a_whole() -> None:
    """Pages come while the file is still on its way."""
    pieces = [a_csv(somebody("first@contoso.example"))]
    pieces += [
        b"".join(
            f"2026-02-27,u{n}-{m}@contoso.example\r\n".encode() for n in range(500)
        )
        for m in range(40)
    ]
    stream = Pieces(pieces)
    reports = Reports(files=[httpx.Response(200, stream=stream)])
    pages = TenantReader(reports.small.client()).full(APPS)

    page = await anext(pages)
    await pages.aclose()

    assert len(page.rows) < 5_000
    assert stream.sent < len(pieces) / 2


async def test_concealed_names_are_stored_and_told() -> None:
    hashes = [somebody("0A1B2C3D"), somebody("4E5F6A7B")]
    reports = Reports(files=[a_file(a_csv(*hashes))])

    (page,) = await reports.read(OFFICE)

    assert [row[0] for row in page.rows] == ["0A1B2C3D", "4E5F6A7B"]
    assert "conceals people's names" in str(page.caveat)
    assert "Microsoft 365 admin center" in str(page.caveat)


async def test_one_name_shows_that_none_are_concealed() -> None:
    """Deleted people have no address any more; the others have."""
    reports = Reports(files=[a_file(a_csv(somebody("0A1B2C3D"), somebody(LEE)))])

    (page,) = await reports.read(OFFICE)

    assert page.caveat is None


async def test_a_report_of_nobody_is_complete() -> None:
    reports = Reports(files=[a_file(b"Report Refresh Date,User Principal Name\r\n")])

    (page,) = await reports.read(OFFICE)

    assert (page.rows, page.is_last, page.caveat) == ([], True, None)


@pytest.mark.parametrize("nobody", ["", f"{'a' * 512}@contoso.example"])
async def test_a_line_of_nobody_is_left_out(nobody: str) -> None:
    reports = Reports(files=[a_file(a_csv(somebody(nobody), somebody()))])

    (page,) = await reports.read(OFFICE)

    assert [row[0] for row in page.rows] == [ADA]


@pytest.mark.parametrize(
    "address",
    [
        "http://reports.office.example/file",
        "https://graph.microsoft.com/v1.0/organization",
        "https://GRAPH.microsoft.com:443/elsewhere",
        "https://ada:pw@reports.office.example/file",
        "ftp://reports.office.example/file",
        "file:///etc/passwd",
        "/data/download/abc",
        "https://",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/file",
        "https://127.0.0.1:8443/file",
        "https://127.1/file",
        "https://2130706433/file",
        "https://0x7f000001/file",
        "https://[::1]/file",
        "https://[::ffff:10.0.0.1]/file",
        "https://[fe80::1]/file",
        "https://localhost/file",
        "https://localhost./file",
        "https://a.localhost/file",
    ],
)
async def test_an_address_that_is_none_is_not_opened(address: str) -> None:
    reports = Reports(addresses=[address])

    with pytest.raises(ForeignLinkError) as caught:
        await reports.read(OFFICE)

    assert reports.fetched == []
    assert len(reports.asked) == 1
    assert address not in caught.value.message


@pytest.mark.parametrize(
    "lost",
    [
        a_file(b"<Error/>", status=403),
        a_file(b"", status=404),
        a_file(b"", status=503),
        httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
        a_file(a_csv(somebody())[:-5], httpx.ReadError("gone")),
    ],
)
async def test_a_lost_download_is_asked_for_once_more(lost: httpx.Response) -> None:
    """From Graph on, since an address is good for minutes only."""
    again = FILE.replace("abc", "def")
    good = a_file(a_csv(somebody(), somebody(LEE)))
    reports = Reports([FILE, again], files=[lost, good])

    pages = await reports.read(OFFICE)

    assert [row[0] for row in pages[-1].rows] == [ADA, LEE]
    assert [str(request.url) for request in reports.fetched] == [FILE, again]
    assert len(reports.asked) == 2


async def test_a_download_that_stays_lost_says_where_it_lies() -> None:
    reports = Reports(files=[a_file(status=404), a_file(status=404)])

    with pytest.raises(DownloadLostError) as caught:
        await reports.read(OFFICE)

    assert len(reports.asked) == 2
    assert "reports.office.example was refused (status 404)" in caught.value.message
    assert "s3cret" not in f"{caught.value.message} {caught.value.remedy}"


async def test_a_file_cut_within_a_line_is_not_whole() -> None:
    reports = Reports(files=[a_file(a_csv(somebody(), somebody(LEE))[:-25])])

    with pytest.raises(UnreadablePageError):
        await reports.read(OFFICE)


async def test_graph_that_sends_nowhere_is_told() -> None:
    reports = Reports()
    for answer in (httpx.Response(302), httpx.Response(200, text="a,b")):
        reports.small.first = lambda _, answer=answer: answer
        with pytest.raises(UnreadableAnswerError, match="where a download lies"):
            await reports.read(OFFICE)


async def test_a_cloud_without_reports_is_told_apart() -> None:
    reports = Reports()
    message = "Resource not found for the segment 'getM365AppUserDetail'."
    reports.small.first = lambda _: refused(400, "BadRequest", message)

    with pytest.raises(NotInCloudError):
        await reports.read(APPS)


async def test_no_other_request_takes_a_redirect_for_an_answer() -> None:
    reports = Reports()

    with pytest.raises(GraphError):
        await reports.read(DataSet.SIGN_INS)

    assert reports.fetched == []


async def test_a_file_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_BYTES", 10_000)  # in place of gigabytes
    crowd = b"".join(b"2026-02-27,u%d@contoso.example\r\n" % n for n in range(1_000))
    reports = Reports(files=[a_file(a_csv(somebody()), crowd)])

    with pytest.raises(downloads.EndlessDownloadError, match="did not end within"):
        await reports.read(APPS)

    assert len(reports.asked) == 1


def test_a_simulated_graph_may_have_its_files_on_the_same_machine() -> None:
    here = replace(hosts(Cloud.GLOBAL), graph="https://127.0.0.1:8443")

    assert checked_address(here, "https://127.0.0.1:9443/file").port == 9443
    with pytest.raises(ForeignLinkError):
        checked_address(here, "https://127.0.0.1:8443/v1.0/organization")


async def test_a_file_that_drips_for_hours_is_given_up() -> None:
    """Each piece comes in time, and is smaller than any that would be waited for."""
    reports = Reports()
    clock = reports.small.clock

    class Dripping(httpx.AsyncByteStream):
        sent = 0

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield a_csv(somebody())
            while True:
                self.sent += 1
                await clock.sleep(timedelta(seconds=25))
                yield b"2"

    body = Dripping()
    reports.files.append(httpx.Response(200, stream=body))

    with pytest.raises(downloads.EndlessDownloadError, match="60 minutes"):
        await asyncio.wait_for(reports.read(APPS), 20)

    assert body.sent == pytest.approx(downloads.MOST_TIME.total_seconds() / 25, abs=1)


async def test_nothing_is_asked_for_that_grows_without_bounds() -> None:
    """Of 64 KiB, zstd could make gigabytes at once, and Brotli too."""
    packed = gzip.compress(a_csv(somebody()))
    file = httpx.Response(
        200, stream=Pieces([packed]), headers={"Content-Encoding": "gzip"}
    )
    reports = Reports(files=[file])

    (page,) = await reports.read(OFFICE)

    assert [row[0] for row in page.rows] == [ADA]
    assert reports.fetched[0].headers["Accept-Encoding"] == "gzip"


async def test_downloads_leave_connections_to_people() -> None:
    """However many tenants are in the midst of a file, some connections stay free."""
    reports = Reports(files=[a_file(b"a person's"), a_file(b"a sync's")])
    client = reports.small.client()
    assert client.quota is not None

    async def fetches(priority: Priority) -> bytes:
        async with client.with_priority(priority).stream(FILE) as answer:
            return await answer.aread()

    async with AsyncExitStack() as others, asyncio.timeout(5):
        for _ in range(MOST_IN_BACKGROUND):
            await others.enter_async_context(client.quota.place("low"))
        waiting = asyncio.create_task(fetches("low"))
        assert await fetches("high") == b"a person's"
        assert len(reports.fetched) == 1
        await others.aclose()
        assert await waiting == b"a sync's"
