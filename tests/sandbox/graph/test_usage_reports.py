"""Usage reports: a redirect to a file elsewhere, which wants no token."""

import csv
import ssl
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox.graph import Entra, EntraServer
from sandbox.graph.usage import REPORTS
from tests.sandbox.graph.calling import Caller, MovableClock, refusal

OFFICE = "/reports/getOffice365ActiveUserDetail(period='D30')"
TEAMS = "/reports/getTeamsUserActivityUserDetail(period='D30')"


@pytest.fixture
async def reader(server: EntraServer) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that sends no token."""
    context = ssl.create_default_context(cafile=str(server.ca_file))
    async with httpx.AsyncClient(verify=context, trust_env=False) as http:
        yield http


async def location(bot: Caller, path: str) -> str:
    """Return where a report lies."""
    answer = await bot.get(path)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    """Return the lines of a file by column."""
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = answer.content.decode("utf-8-sig").splitlines()
    return list(csv.DictReader(lines))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.function)
async def test_report_is_fetched_without_a_token(
    bot: Caller, reader: httpx.AsyncClient, report: object
) -> None:
    bot.consent("Reports.Read.All")
    function = report.function  # type: ignore[attr-defined]  # ids= loses the type
    where = await location(bot, f"/reports/{function}(period='D30')")
    assert where.startswith("https://")
    assert urlsplit(where).netloc != urlsplit(bot.server.url).netloc

    rows = rows_of(await reader.get(where))

    assert len(rows) == len(bot.entra.tenant.usage)
    assert "dana@contoso.example" in {row["User Principal Name"] for row in rows}
    signed = await bot.http.get(where)
    assert (signed.status_code, signed.headers["Content-Type"]) == (
        400,
        "text/plain; charset=utf-8",
    )


async def test_what_reports_tell(bot: Caller, reader: httpx.AsyncClient) -> None:
    bot.consent("Reports.Read.All")
    office = rows_of(await reader.get(await location(bot, OFFICE)))
    dana = next(r for r in office if r["User Principal Name"].startswith("dana@"))
    assert dana["Assigned Products"] == "SPE_E3+VISIOCLIENT"
    assert (dana["Is Deleted"], dana["Deleted Date"]) == ("False", "")
    assert {row["Exchange Last Activity Date"] == "" for row in office} == {False}
    assert {row["OneDrive Last Activity Date"] == "" for row in office} == {True, False}

    teams = rows_of(await reader.get(await location(bot, TEAMS)))

    gwen = next(r for r in teams if r["User Principal Name"].startswith("gwen@"))
    assert (gwen["Last Activity Date"], gwen["Call Count"]) == ("", "0")
    assert {row["Report Period"] for row in teams} == {"30"}


async def test_names_can_be_concealed(
    bot: Caller, entra: Entra, reader: httpx.AsyncClient
) -> None:
    bot.consent("Reports.Read.All")
    entra.faults.set("conceal_names", -1)

    rows = rows_of(await reader.get(await location(bot, OFFICE)))

    names = {row["User Principal Name"] for row in rows}
    assert len(names) == len(rows) == len(entra.tenant.usage)
    assert not any("@" in name for name in names)
    assert not any("Dana" in row["Display Name"] for row in rows)


async def test_address_ends_after_minutes(
    bot: Caller, entra: Entra, reader: httpx.AsyncClient, clock: MovableClock
) -> None:
    bot.consent("Reports.Read.All")
    where = await location(bot, OFFICE)
    entra.faults.set("report_expired", 1)
    assert (await reader.get(where)).status_code == 403
    assert (await reader.get(where)).status_code == 200
    clock.advance(minutes=6)

    assert (await reader.get(where)).status_code == 404
    assert (await reader.get(f"{where}x")).status_code == 404


@pytest.mark.parametrize(("to", "begins"), [("http", "http://"), ("graph", "https://")])
async def test_redirect_can_lead_astray(
    bot: Caller, entra: Entra, to: str, begins: str
) -> None:
    bot.consent("Reports.Read.All")
    entra.faults.set("report_redirect", 1, to=to)

    astray = await location(bot, OFFICE)

    assert astray.startswith(begins)
    assert astray.startswith(bot.server.url) == (to == "graph")
    assert not (await location(bot, OFFICE)).startswith(bot.server.url)


@pytest.mark.parametrize("cloud", ["gcchigh", "dod", "china"])
async def test_national_clouds_have_no_reports(
    bot: Caller, entra: Entra, cloud: str
) -> None:
    bot.consent("Reports.Read.All")
    entra.tenant.cloud = cloud
    bot.sign_in()

    assert refusal(await bot.get(OFFICE)) == (
        400,
        "BadRequest",
        "Resource not found for the segment 'getOffice365ActiveUserDetail'.",
    )


@pytest.mark.parametrize(
    "path",
    [
        OFFICE.replace("D30", "D31"),
        f"{OFFICE}?$format=application/json",
        f"{OFFICE}?$filter=isDeleted eq true",
    ],
)
async def test_what_reports_refuse(bot: Caller, path: str) -> None:
    bot.consent("Reports.Read.All")

    assert refusal(await bot.get(path))[0] == 400


async def test_fifteenth_request_in_ten_minutes_waits(bot: Caller) -> None:
    bot.consent("Reports.Read.All")
    for _ in range(14):
        await location(bot, OFFICE)

    refused = await bot.get(OFFICE)

    assert refusal(refused)[0] == 429
    assert int(refused.headers["Retry-After"]) > 60
    await location(bot, TEAMS)  # counted by itself


async def test_downloads_are_told_without_their_address(
    bot: Caller, entra: Entra, reader: httpx.AsyncClient
) -> None:
    bot.consent("Reports.Read.All")
    where = await location(bot, OFFICE)
    await reader.get(where)

    told = [e for e in entra.journal.since() if e.service == "reports"]

    assert [entry.status for entry in told] == [200]
    assert where.rpartition("/")[2] not in told[0].url


async def test_download_can_break_off(
    bot: Caller, entra: Entra, reader: httpx.AsyncClient
) -> None:
    bot.consent("Reports.Read.All")
    where = await location(bot, OFFICE)
    entra.faults.set("report_cut", 1)

    with pytest.raises(httpx.TransportError):
        await reader.get(where)

    assert len(rows_of(await reader.get(where))) == len(entra.tenant.usage)
