"""Logs at scale: windows, pages that entries join meanwhile, and growth."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bulk import BulkServer, Shape
from sandbox.bulk.logs import GeneratedLog
from sandbox.graph.resources.logs import LOGS
from sandbox.graph.tenant import timestamp
from tests.sandbox.bulk.calling import BulkCaller, Json
from tests.sandbox.graph.calling import json_of, refusal

AUDITS, SIGN_INS = "/auditLogs/directoryAudits", "/auditLogs/signIns"
PROVISIONING = "/auditLogs/provisioning"
SETS = {
    AUDITS: ("directory_audits", "activityDateTime"),
    SIGN_INS: ("sign_ins", "createdDateTime"),
    PROVISIONING: ("provisioning_logs", "activityDateTime"),
}


def narrow(path: str, first: str, last: str) -> str:
    time = SETS[path][1]
    low, high = ("gt", "lt") if path == PROVISIONING else ("ge", "le")
    return f"{path}?$filter={time} {low} {first} and {time} {high} {last}"


@pytest.mark.parametrize("path", SETS)
async def test_log_is_true_newest_first(
    caller: BulkCaller, server: BulkServer, path: str
) -> None:
    data_set, time = SETS[path]
    for _ in range(2):
        truth = list(server.directory.truth(data_set))
        server_names = ",".join(truth[0])
        entries = await caller.items(f"{path}?$select={server_names}&$top=300")
        assert entries == truth[::-1]
        moments = [entry[time] for entry in entries]
        assert moments == sorted(moments, reverse=True)
        assert len({entry["id"] for entry in entries}) == len(entries)
        server.directory.churn(0.05)


@pytest.mark.parametrize("path", SETS)
async def test_window_is_what_counting_gives(
    caller: BulkCaller, server: BulkServer, path: str
) -> None:
    data_set, time = SETS[path]
    server.directory.churn(0.2)
    now = datetime.now(UTC)
    first = timestamp(now - timedelta(hours=30))
    last = timestamp(now - timedelta(minutes=20))

    found = await caller.items(narrow(path, first, last))

    truth = list(server.directory.truth(data_set))
    inside = [e["id"] for e in truth if first[:19] <= e[time][:19] < last[:19]]
    assert {entry["id"] for entry in found} == set(inside)
    assert 0 < len(found) < len(truth)


async def test_some_entries_come_late(caller: BulkCaller, server: BulkServer) -> None:
    before = {entry["id"] for entry in await caller.items(SIGN_INS)}
    done = server.directory.churn(0.1).done

    entries = await caller.items(SIGN_INS)

    new = [place for place, entry in enumerate(entries) if entry["id"] not in before]
    assert len(new) == done["signIns entries"] == 100
    assert new != list(range(100))  # some stand among what was there


async def test_entries_that_join_while_pages_are_read_shift_nothing(
    caller: BulkCaller, server: BulkServer
) -> None:
    expected = [entry["id"] for entry in server.directory.truth("directory_audits")]
    first = json_of(await caller.http.get(f"{AUDITS}?$top=400"))
    server.directory.churn(0.1)

    read: list[Json] = first["value"]
    link = first["@odata.nextLink"]
    while link:
        body = json_of(await caller.http.get(link))
        read += body["value"]
        link = body.get("@odata.nextLink")

    ids = [entry["id"] for entry in read]
    assert len(ids) == len(set(ids))
    assert set(expected) <= set(ids)


@pytest.mark.parametrize(
    "target",
    [
        f"{AUDITS}?$filter=activityDateTime gt 2026-01-01T00:00:00Z",
        f"{PROVISIONING}?$filter=activityDateTime ge 2026-01-01T00:00:00Z",
        f"{AUDITS}?$filter=category eq 'x'",
        f"{AUDITS}?$filter=activityDateTime ge yesterday",
        f"{AUDITS}?$filter=activityDateTime ge 2026-01-01T00:00:00",
        f"{AUDITS}?$top=1001",
        f"{AUDITS}?$select=shoeSize",
        f"{AUDITS}?$expand=user",
        f"{AUDITS}?$orderby=activityDateTime asc",
        f"{AUDITS}?$skiptoken=made-up",
        f"{AUDITS}?$skiptoken=WzEsIDJd",
    ],
)
async def test_what_logs_refuse(caller: BulkCaller, target: str) -> None:
    assert refusal(await caller.http.get(target))[0] == 400


async def test_number_of_entries_can_be_chosen() -> None:
    shape = Shape.of(100, logs=2_500)
    async with BulkServer(shape, latency=0, throttled=False) as server:
        caller = BulkCaller(server)
        async with caller.http:
            pages = await caller.pages(SIGN_INS)

    assert [len(page) for page in pages] == [1_000, 1_000, 500]


@given(
    size=st.integers(0, 60),
    growth=st.lists(st.integers(1, 9), max_size=4),
    hours=st.tuples(st.integers(-5, 180), st.integers(-5, 180)),
)
def test_windows_of_any_log(
    size: int, growth: list[int], hours: tuple[int, int]
) -> None:
    now = datetime(2026, 9, 1, 12, tzinfo=UTC)
    log = GeneratedLog(
        LOGS[0],
        size,
        now,
        lambda number, time: {"id": number, "activityDateTime": time},
        whole=False,
    )
    for count in growth:
        now += timedelta(minutes=7)
        log.grow(count, now)
    first, last = (now - timedelta(hours=ago) for ago in hours)
    text = (
        f"activityDateTime ge {first.isoformat().replace('+00:00', 'Z')} and "
        f"activityDateTime le {last.isoformat().replace('+00:00', 'Z')}"
    )

    found = {log.entry(place)["id"] for place in log.window(text)}

    everything = list(log.everything())
    assert len(everything) == len(log) == size + sum(growth)
    assert found == {
        entry["id"]
        for entry in everything
        if first <= datetime.fromisoformat(entry["activityDateTime"]) <= last
    }
