"""Socket Mode and its bad days: retries, duplicates, dead tickets, no pongs."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession

from sandbox.slack import SlackWorkspace
from tests.sandbox.slack.echo import Echo, echo_app, link_url


async def test_envelope_of_a_command(echo: Echo, slack: SlackWorkspace) -> None:
    """Type, ID and all the string fields of a slash command."""
    outcome = await slack.command("U0ADA", "C0APPROVE", "/entra connect now")

    [envelope] = echo.envelopes
    payload = envelope["payload"]
    assert outcome.acked
    assert (envelope["type"], envelope["accepts_response_payload"]) == (
        "slash_commands",
        True,
    )
    assert all(isinstance(value, str) for value in payload.values())
    assert payload["command"] == "/entra"
    assert payload["text"] == "connect now"
    assert payload["channel_name"] == "privategroup"
    assert payload["response_url"].startswith(f"{slack.base_url}/response/commands/")


async def test_events_carry_their_attempt(echo: Echo, slack: SlackWorkspace) -> None:
    """An event's envelope has retry fields, and wants no response payload."""
    await slack.open_home("U0ADA")

    [envelope] = echo.envelopes
    assert envelope["type"] == "events_api"
    assert not envelope["accepts_response_payload"]
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    event = envelope["payload"]["event"]
    assert (event["type"], event["tab"], event["channel"]) == (
        "app_home_opened",
        "home",
        "D0ADA",
    )


async def test_late_ack_is_a_timeout(echo: Echo, slack: SlackWorkspace) -> None:
    """Without an ack the person reads that the app did not respond."""
    echo.silent = True

    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra")

    assert (outcome.acked, outcome.error) == (False, "operation_timeout")
    notice = slack.notices["U0ADA"]
    assert notice is not None
    assert notice["text"] == "Gatehouse did not respond in time."
    assert len(echo.envelopes) == 1, "interactions are not retried"


async def test_events_are_retried_at_once_after_a_minute_after_five(
    echo: Echo, slack: SlackWorkspace
) -> None:
    """Three retries with the same event ID, then silence."""
    echo.silent = True
    await slack.open_home("U0ADA")
    await echo.until(2)
    await asyncio.sleep(slack.pace.ack_within + 0.1)
    assert len(echo.envelopes) == 2

    for offset, count in ((60, 3), (400, 4), (4000, 4)):
        slack.clock.set_offset(offset)
        await echo.until(count)
        await asyncio.sleep(slack.pace.ack_within + 0.1)

    assert [e["retry_attempt"] for e in echo.envelopes] == [0, 1, 2, 3]
    assert {e["retry_reason"] for e in echo.envelopes[1:]} == {"timeout"}
    assert len({e["payload"]["event_id"] for e in echo.envelopes}) == 1
    assert len({e["envelope_id"] for e in echo.envelopes}) == 4


async def test_an_ack_ends_the_retries(echo: Echo, slack: SlackWorkspace) -> None:
    """The first retry is acknowledged, so there is no second."""
    echo.silent = True
    await slack.open_home("U0ADA")
    await echo.until(2)
    await echo.ack(echo.envelopes[1])
    await slack.until(lambda: slack.log.deliveries[1].acked_ms is not None)
    slack.clock.set_offset(1000)
    await asyncio.sleep(slack.pace.ack_within + 0.1)

    assert len(echo.envelopes) == 2


async def test_events_during_downtime_arrive_as_retries(
    slack: SlackWorkspace, http: ClientSession
) -> None:
    """Nobody was connected: the event comes with the next retry."""
    outcome = await slack.open_home("U0ADA")
    assert outcome.error == "app_not_connected"
    await asyncio.sleep(0.05)  # the retry at once finds nobody either

    async with echo_app(slack, http) as echo:
        slack.clock.set_offset(61)
        await echo.until(1)

        assert echo.envelopes[0]["retry_attempt"] == 2
        assert echo.envelopes[0]["retry_reason"] == "connection_failed"


async def test_duplicates(echo: Echo, slack: SlackWorkspace) -> None:
    """Everything comes twice, with the same event ID and attempt 0."""
    await slack.set_fault("duplicate_deliveries")

    await slack.open_home("U0ADA")
    await slack.command("U0ADA", "C0ALERTS", "/entra")
    await echo.until(4)

    events = [e for e in echo.envelopes if e["type"] == "events_api"]
    commands = [e for e in echo.envelopes if e["type"] == "slash_commands"]
    assert len({e["payload"]["event_id"] for e in events}) == 1
    assert [e["retry_attempt"] for e in events] == [0, 0]
    assert len({e["payload"]["trigger_id"] for e in commands}) == 1
    assert len({e["envelope_id"] for e in echo.envelopes}) == 4


async def test_retries_may_look_like_first_attempts(
    echo: Echo, slack: SlackWorkspace
) -> None:
    """With the fault on, a redelivery says attempt 0."""
    await slack.set_fault("retry_with_attempt_zero")
    echo.silent = True

    await slack.open_home("U0ADA")
    await echo.until(2)

    assert [e["retry_attempt"] for e in echo.envelopes] == [0, 0]


async def test_tickets_are_single_use_and_short_lived(
    slack: SlackWorkspace, http: ClientSession
) -> None:
    """A used, an old and a made-up ticket are refused at the handshake."""
    used = await link_url(slack, http)
    async with http.ws_connect(used):
        pass
    old = await link_url(slack, http)
    slack.clock.set_offset(60)
    made_up = old.replace("ticket=", "ticket=x")

    for url in (used, old, made_up):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)


async def test_dead_tickets(slack: SlackWorkspace, http: ClientSession) -> None:
    """The next n handshakes fail whatever their ticket."""
    await slack.set_fault("dead_ticket", params={"n": 1})
    url = await link_url(slack, http)

    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(url)
    async with http.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"


async def test_ten_connections_at_most(
    slack: SlackWorkspace, http: ClientSession
) -> None:
    """The eleventh connection of an app is refused."""
    sockets = [await http.ws_connect(await link_url(slack, http)) for _ in range(10)]
    assert slack.sockets.connection_count == 10

    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(await link_url(slack, http))
    for socket in sockets:
        await socket.close()


async def test_payloads_go_to_connections_in_turn(
    slack: SlackWorkspace, http: ClientSession
) -> None:
    """With two connections each gets its share: there is no affinity."""
    async with echo_app(slack, http) as one, echo_app(slack, http) as two:
        for _ in range(4):
            await slack.command("U0ADA", "C0ALERTS", "/entra")

        assert (len(one.envelopes), len(two.envelopes)) == (2, 2)


@pytest.mark.parametrize("strict", [False, True])
async def test_ack_on_another_connection(
    slack: SlackWorkspace, http: ClientSession, strict: bool
) -> None:
    """An ack counts from any connection, unless the fault forbids it."""
    await slack.set_fault("ack_only_same_socket", strict)
    async with echo_app(slack, http) as one, echo_app(slack, http) as two:
        one.silent = two.silent = True
        typed = asyncio.create_task(slack.command("U0ADA", "C0ALERTS", "/entra"))
        [envelope] = await two.until(1)  # the first of two connections went first
        await one.ack(envelope)

        assert (await typed).acked is not strict


async def test_disconnect_frame_then_close(echo: Echo, slack: SlackWorkspace) -> None:
    """The app is told to go, the socket closes, and the fault is off again."""
    await slack.set_fault("disconnect_socket", params={"reason": "warning"})

    [frame] = await echo.until(1)
    assert (frame["type"], frame["reason"]) == ("disconnect", "warning")
    async with asyncio.timeout(2):
        await echo.gone.wait()
    assert not slack.connected
    assert not slack.faults.is_on("disconnect_socket")


async def test_pings_are_answered_with_the_same_bytes(
    slack: SlackWorkspace, http: ClientSession
) -> None:
    """A PING comes back as PONG; with the fault on it does not."""
    socket = await http.ws_connect(await link_url(slack, http), autoping=False)
    await socket.receive_json()

    await socket.ping(b"sdk-ping-pong:1")
    pong = await socket.receive(timeout=2)
    assert (pong.type, pong.data) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1")
    await slack.set_fault("no_pong")
    await socket.ping(b"sdk-ping-pong:2")
    with pytest.raises(TimeoutError):
        await socket.receive(timeout=0.2)
    await socket.close()


async def test_noise_on_the_socket_is_ignored(
    echo: Echo, slack: SlackWorkspace
) -> None:
    """Garbage and acks of unknown envelopes break nothing."""
    await echo.socket.send_str("not json")
    await echo.socket.send_str("[]")
    await echo.socket.send_json({"envelope_id": "unknown"})

    assert (await slack.command("U0ADA", "C0ALERTS", "/entra")).acked


async def test_deliveries_are_logged(echo: Echo, slack: SlackWorkspace) -> None:
    """The log has each attempt with the time its ack took, None without one."""
    await slack.command("U0ADA", "C0ALERTS", "/entra")
    echo.silent = True
    await slack.command("U0ADA", "C0ALERTS", "/entra")

    first, second = slack.log.since(0)["deliveries"]
    assert (first["type"], first["attempt"]) == ("slash_commands", 0)
    assert first["envelope_id"] == echo.envelopes[0]["envelope_id"]
    assert 0 <= first["acked_ms"] < 500
    assert second["acked_ms"] is None


def paths(node: Any) -> list[str]:
    """Return the names of an object's members, sorted."""
    return sorted(node)


async def test_event_wrapper(echo: Echo, slack: SlackWorkspace) -> None:
    """Events come in the wrapper by which apps find team, app and event ID."""
    await slack.open_home("U0ADA")

    [wrapper] = echo.payloads
    assert paths(wrapper) == [
        "api_app_id",
        "authorizations",
        "event",
        "event_context",
        "event_id",
        "event_time",
        "is_ext_shared_channel",
        "team_id",
        "token",
        "type",
    ]
    assert wrapper["authorizations"][0]["user_id"] == "U0GATEHOUSE"
