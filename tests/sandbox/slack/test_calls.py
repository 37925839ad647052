"""What every Web API call has in common: arguments, tokens, scopes, faults."""

import json
import time
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seeds.slack import demo_workspace
from sandbox.slack import SlackWorkspace
from sandbox.slack.errors import ControlError
from tests.sandbox.slack.serving import error_of, refusal_of, served

BLOCKS = [{"type": "divider", "block_id": "b"}]


async def raw(
    http: ClientSession, slack: SlackWorkspace, method: str, **request: Any
) -> dict[str, Any]:
    """Call by hand, with the bot token unless headers are given."""
    headers = {"Authorization": f"Bearer {slack.app.bot_token}"}
    headers = request.pop("headers", headers)
    verb = request.pop("verb", "POST")
    url = f"{slack.base_url}/api/{method}"
    async with http.request(verb, url, headers=headers, **request) as response:
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.mark.parametrize(
    "request_",
    [
        {
            "verb": "GET",
            "params": {"channel": "C0ALERTS", "blocks": json.dumps(BLOCKS)},
        },
        {"params": {"channel": "C0ALERTS"}, "data": {"blocks": json.dumps(BLOCKS)}},
        {"params": {"channel": "C0ALERTS"}, "json": {"blocks": BLOCKS}},
        {"json": {"channel": "C0ALERTS", "blocks": json.dumps(BLOCKS)}},
    ],
    ids=["query", "query and form", "query and JSON", "JSON in a string"],
)
async def test_arguments_come_from_everywhere(
    http: ClientSession, slack: SlackWorkspace, request_: dict[str, Any]
) -> None:
    """Query, form and JSON are merged, and nested JSON strings are read."""
    answer = await raw(http, slack, "chat.postMessage", **request_)

    assert answer["ok"], answer
    assert answer["message"]["blocks"] == BLOCKS


async def test_unreadable_bodies(http: ClientSession, slack: SlackWorkspace) -> None:
    """Garbage and arrays are refused by name, not by a server error."""
    garbage = {"data": "{", "headers": {"Content-Type": "application/json"}}

    assert (await raw(http, slack, "auth.test", **garbage))["error"] == "invalid_json"
    assert (await raw(http, slack, "auth.test", json=[]))["error"] == "json_not_object"


async def test_who_am_i(client: AsyncWebClient) -> None:
    """auth.test names the bot and, in a header, its scopes."""
    answer = await client.auth_test()

    assert (answer["user_id"], answer["bot_id"]) == ("U0GATEHOUSE", "B0GATEHOUSE")
    assert (answer["team_id"], answer["app_id"]) == ("T0CONTOSO", "A0GATEHOUSE")
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_tokens(
    client: AsyncWebClient, http: ClientSession, slack: SlackWorkspace
) -> None:
    """No token, a wrong one, the wrong kind and a revoked one differ."""
    none = await raw(http, slack, "auth.test", headers={})
    in_body = await raw(
        http, slack, "auth.test", headers={}, data={"token": slack.app.bot_token}
    )
    app_token = slack.app.app_token

    assert none["error"] == "not_authed"
    assert in_body["ok"]
    assert await error_of(client.auth_test(token="xoxb-other")) == "invalid_auth"
    assert await error_of(client.auth_test(token=app_token)) == "not_allowed_token_type"
    open_with_bot = client.apps_connections_open(app_token=slack.app.bot_token)
    assert await error_of(open_with_bot) == "not_allowed_token_type"
    await slack.set_fault("token_revoked")
    assert await error_of(client.auth_test()) == "token_revoked"


async def test_unknown_method_and_missing_arguments(client: AsyncWebClient) -> None:
    """Both are told apart, and the missing field is named."""
    assert await error_of(client.api_call("chat.shout")) == "unknown_method"

    answer = await refusal_of(
        client.api_call("chat.update", json={"channel": "C0ALERTS"})
    )
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: ts"
    ]


async def test_missing_scope(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """The answer says which scope is needed, the headers what there is."""
    await slack.set_fault("missing_scope", params={"scope": "chat:write"})

    answer = await refusal_of(client.chat_postMessage(channel="C0ALERTS", text="Hi"))

    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert "chat:write" not in answer["provided"].split(",")
    assert answer.headers["x-accepted-oauth-scopes"] == "chat:write"
    assert "chat:write" not in answer.headers["x-oauth-scopes"].split(",")


async def test_rate_limit_hits_the_next_calls_of_one_method(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Two posts get 429 with Retry-After; other methods and the third do not."""
    params = {"method": "chat.postMessage", "n": 2, "retry_after": 7}
    await slack.set_fault("rate_limit", params=params)

    for _ in range(2):
        answer = await refusal_of(
            client.chat_postMessage(channel="C0ALERTS", text="Hi")
        )
        assert (answer.status_code, answer["error"]) == (429, "ratelimited")
        assert answer.headers["Retry-After"] == "7"
        await client.auth_test()

    await client.chat_postMessage(channel="C0ALERTS", text="Hi")
    assert len(slack.messages.seen_by(None, "C0ALERTS")) == 1


async def test_slacks_own_handler_waits_as_told(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The SDK's rate limit handler gets through once the wait is over."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await slack.set_fault("rate_limit", params={"n": 1, "retry_after": 1})

    started = time.monotonic()
    await client.chat_postMessage(channel="C0ALERTS", text="Hi")

    assert time.monotonic() - started >= 1


async def test_strict_tiers(manifest: Any, http: ClientSession) -> None:
    """In strict mode the 21st users.list of a minute has to wait; users.info not."""
    workspace = demo_workspace(manifest, strict_rate_limits=True)
    async with served(workspace) as slack:
        client = AsyncWebClient(
            token=slack.app.bot_token, base_url=f"{slack.base_url}/api/", session=http
        )
        for _ in range(20):
            await client.users_list()
        answer = await refusal_of(client.users_list())

        assert answer.status_code == 429
        assert 50 <= int(answer.headers["Retry-After"]) <= 60
        await client.users_info(user="U0ADA")
        slack.clock.set_offset(61)
        await client.users_list()


async def test_strict_posting_is_counted_by_channel(
    manifest: Any, http: ClientSession
) -> None:
    """A burst into one channel is stopped, another channel stays open."""
    async with served(demo_workspace(manifest, strict_rate_limits=True)) as slack:
        client = AsyncWebClient(
            token=slack.app.bot_token, base_url=f"{slack.base_url}/api/", session=http
        )
        for _ in range(5):
            await client.chat_postMessage(channel="C0ALERTS", text="Hi")

        late = client.chat_postMessage(channel="C0ALERTS", text="Hi")
        assert await error_of(late) == "ratelimited"
        await client.chat_postMessage(channel="C0APPROVE", text="Hi")


async def test_server_errors(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """The next n calls get an HTTP error and do nothing."""
    await slack.set_fault("server_error", params={"n": 1, "status": 503})

    answer = await refusal_of(client.chat_postMessage(channel="C0ALERTS", text="Hi"))

    assert answer.status_code == 503
    assert slack.messages.seen_by(None, "C0ALERTS") == []
    await client.auth_test()


async def test_reset_after_post_stores_the_message(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The connection dies and the message is there: a blind retry would double it."""
    client.retry_handlers.clear()
    await slack.set_fault("reset_after_post")

    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0ALERTS", text="Hi")

    assert len(slack.messages.seen_by(None, "C0ALERTS")) == 1


async def test_default_retry_doubles_the_message(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The SDK's default handler retries after a reset, so Slack stores two."""
    await slack.set_fault("reset_after_post")

    await client.chat_postMessage(channel="C0ALERTS", text="Hi")

    assert len(slack.messages.seen_by(None, "C0ALERTS")) == 2


async def test_fatal_error_may_have_worked(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """fatal_error says nothing about whether the message was stored; it was."""
    await slack.set_fault("fatal_error")

    call = client.chat_postMessage(channel="C0ALERTS", text="Hi")
    assert await error_of(call) == "fatal_error"
    assert len(slack.messages.seen_by(None, "C0ALERTS")) == 1


async def test_slow_api(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """Every call waits."""
    await slack.set_fault("slow_api", params={"ms": 120})

    started = time.monotonic()
    await client.auth_test()

    assert time.monotonic() - started >= 0.12


async def test_log_leaves_tokens_out(
    http: ClientSession, slack: SlackWorkspace
) -> None:
    """Calls are logged with arguments and outcome, never with the token."""
    body = {"token": slack.app.bot_token, "channel": "C0NOWHERE", "text": "Hi"}
    await raw(http, slack, "chat.postMessage", headers={}, json=body)

    [call] = slack.log.since(0)["calls"]

    assert (call["ok"], call["error"]) == (False, "channel_not_found")
    assert call["args"] == {"channel": "C0NOWHERE", "text": "Hi"}
    assert slack.log.since(call["seq"])["calls"] == []


def test_faults_are_named(slack: SlackWorkspace) -> None:
    """An unknown fault or setting is refused, so a typo cannot pass a test."""
    with pytest.raises(ControlError, match="unknown_fault"):
        slack.faults.set("rate_limits", True)
    with pytest.raises(ControlError, match="unknown_param"):
        slack.faults.set("rate_limit", True, {"retry-after": 1})
