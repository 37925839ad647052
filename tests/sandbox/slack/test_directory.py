"""People, user groups, conversations, team and files."""

from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from sandbox.slack.errors import ControlError
from tests.sandbox.slack.serving import error_of, refusal_of


async def test_people(client: AsyncWebClient) -> None:
    """Everybody is listed, with what tells guests, strangers and the dead apart."""
    answer = await client.users_list()
    by_id = {user["id"]: user for user in answer["members"]}

    assert by_id["U0ADA"]["is_owner"]
    assert by_id["U0GUS"]["is_restricted"]
    assert by_id["U0OLD"]["deleted"]
    assert by_id["U0EXT"]["team_id"] == "T0OTHER"
    assert by_id["U0GATEHOUSE"]["is_bot"]
    assert by_id["U0DANA"]["profile"]["email"] == "dana@contoso.example"


async def test_paging(client: AsyncWebClient) -> None:
    """Slack's iterator walks all pages; a made-up cursor is refused."""
    seen = [
        user["id"]
        async for page in await client.users_list(limit=4)
        for user in page["members"]
    ]

    assert len(seen) == len(set(seen)) == 11
    assert await error_of(client.users_list(cursor="nonsense")) == "invalid_cursor"
    assert await error_of(client.users_list(limit=5000)) == "invalid_limit"


async def test_lookup_by_email(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """Any case finds; deactivated people and strangers are not found."""
    answer = await client.users_lookupByEmail(email="Dana@Contoso.example")
    assert answer["user"]["id"] == "U0DANA"

    for email in ("old@contoso.example", "eva@elsewhere.example", "no@contoso.example"):
        assert await error_of(client.users_lookupByEmail(email=email)) == (
            "users_not_found"
        )
    slack.people.change("U0DANA", {"deleted": True})
    gone = client.users_lookupByEmail(email="dana@contoso.example")
    assert await error_of(gone) == "users_not_found"


async def test_address_needs_its_own_scope(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Without users:read.email, people have no address and cannot be looked up."""
    await slack.set_fault("missing_scope", params={"scope": "users:read.email"})

    answer = await client.users_info(user="U0DANA")
    assert "email" not in answer["user"]["profile"]
    refusal = await refusal_of(client.users_lookupByEmail(email="x@contoso.example"))
    assert refusal["needed"] == "users:read.email"
    assert await error_of(client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_user_groups(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """Groups and their people; without a paid plan neither."""
    groups = await client.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["users"] == ["U0AMIR", "U0NORA"]
    people = await client.usergroups_users_list(usergroup="S0APPROVERS")
    assert people["users"] == ["U0AMIR", "U0NORA"]
    unknown = client.usergroups_users_list(usergroup="S0OTHER")
    assert await error_of(unknown) == "no_such_subteam"

    slack.usergroups = None
    assert await error_of(client.usergroups_list()) == "plan_upgrade_required"


async def test_conversation_facts(client: AsyncWebClient) -> None:
    """The bot sees public channels and its own private ones, nothing else."""
    own = await client.conversations_info(channel="C0APPROVE", include_num_members=True)
    assert (own["channel"]["is_private"], own["channel"]["num_members"]) == (True, 7)
    public = await client.conversations_info(channel="C0GENERAL")
    assert not public["channel"]["is_member"]
    assert "num_members" not in public["channel"]

    hidden = client.conversations_info(channel="C0SECRET")
    assert await error_of(hidden) == "channel_not_found"
    dm = await refusal_of(client.conversations_info(channel="D0ADA"))
    assert (dm["error"], dm["needed"]) == ("missing_scope", "im:read")


async def test_conversation_lists(client: AsyncWebClient) -> None:
    """Types, archived ones and the bot's own channels are picked by argument."""

    async def listed(call: Any) -> set[str]:
        return {channel["id"] for channel in (await call)["channels"]}

    both = "public_channel,private_channel"
    assert await listed(client.conversations_list()) == {
        "C0ALERTS",
        "C0GENERAL",
        "C0OLD",
    }
    live = client.conversations_list(types=both, exclude_archived=True)
    assert await listed(live) == {"C0ALERTS", "C0APPROVE", "C0GENERAL"}
    joined = client.users_conversations(types=both, exclude_archived=True)
    assert await listed(joined) == {"C0ALERTS", "C0APPROVE"}
    theirs = client.users_conversations(types=both, user="U0RUTH")
    assert "C0SECRET" not in await listed(theirs)
    assert await error_of(client.conversations_list(types="secret")) == "invalid_types"
    direct = await refusal_of(client.conversations_list(types="im"))
    assert direct["needed"] == "im:read"


async def test_private_channels_need_their_own_scope(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Without groups:read a private channel is a missing scope, not a gap."""
    await slack.set_fault("missing_scope", params={"scope": "groups:read"})

    answer = await refusal_of(client.conversations_info(channel="C0APPROVE"))

    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:read")


async def test_members(client: AsyncWebClient) -> None:
    """Members come in pages."""
    first = await client.conversations_members(channel="C0APPROVE", limit=5)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_members(channel="C0APPROVE", cursor=cursor)

    assert first["members"] == ["U0ADA", "U0RUTH", "U0AMIR", "U0NORA", "U0DANA"]
    assert rest["members"] == ["U0OMAR", "U0GATEHOUSE"]
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_opening_and_joining(client: AsyncWebClient) -> None:
    """Direct messages open with active colleagues; public channels can be joined."""
    opened = await client.conversations_open(users="U0ADA", return_im=True)
    assert (opened["channel"]["id"], opened["channel"]["user"]) == ("D0ADA", "U0ADA")
    refusals = {
        "U0NOBODY": "user_not_found",
        "U0OLD": "user_disabled",
        "U0EXT": "user_not_visible",
        "": "users_list_not_supplied",
        "U0ADA,U0LEE": "method_not_supported_for_channel_type",
    }
    for users, error in refusals.items():
        assert await error_of(client.conversations_open(users=users)) == error

    joined = await client.conversations_join(channel="C0GENERAL")
    assert joined["channel"]["is_member"]
    await client.chat_postMessage(channel="C0GENERAL", text="Hello")
    archived = client.conversations_join(channel="C0OLD")
    assert await error_of(archived) == "is_archived"
    private = client.conversations_join(channel="C0APPROVE")
    assert await error_of(private) == "method_not_supported_for_channel_type"
    hidden = client.conversations_join(channel="C0SECRET")
    assert await error_of(hidden) == "channel_not_found"


async def test_history_between_two_moments(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Newest first, edges only if inclusive, pages by cursor, members only."""
    ts = [(await slack.say("U0ADA", "C0ALERTS", str(n))).ts for n in range(4)]

    async def texts(**args: Any) -> str:
        answer = await client.conversations_history(channel="C0ALERTS", **args)
        return "".join(message["text"] for message in answer["messages"])

    assert await texts() == "3210"
    assert await texts(oldest=ts[0], latest=ts[3]) == "21"
    assert await texts(oldest=ts[0], latest=ts[3], inclusive=True) == "3210"
    assert await texts(limit=2) == "32"
    wrong = client.conversations_history(channel="C0ALERTS", oldest="yesterday")
    assert await error_of(wrong) == "invalid_ts_oldest"
    outside = client.conversations_history(channel="C0GENERAL")
    assert await error_of(outside) == "not_in_channel"
    nowhere = client.conversations_replies(channel="C0ALERTS", ts="1.000001")
    assert await error_of(nowhere) == "thread_not_found"


async def test_team_and_bot(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """The workspace and the bot describe themselves."""
    team = await client.team_info()
    assert team["team"]["domain"] == "contoso-it"
    assert await error_of(client.team_info(team="T0OTHER")) == "team_not_found"
    bot = await client.bots_info(bot="B0GATEHOUSE")
    assert bot["bot"]["user_id"] == "U0GATEHOUSE"
    assert await error_of(client.bots_info(bot="B0OTHER")) == "bot_not_found"


async def test_upload(client: AsyncWebClient, slack: SlackWorkspace) -> None:
    """Slack's own three-step upload ends as a message with a file."""
    answer = await client.files_upload_v2(
        content="who,what\n",
        filename="audit.csv",
        channel="C0ALERTS",
        initial_comment="The evidence",
    )

    assert answer["files"][0]["name"] == "audit.csv"
    [message] = slack.messages.seen_by(None, "C0ALERTS")
    assert message.body["text"] == "The evidence"
    assert message.body["files"][0]["size"] == 9
    [upload] = slack.uploads.values()
    assert upload.content == b"who,what\n"


async def test_uploads_that_are_refused(
    client: AsyncWebClient, slack: SlackWorkspace, http: ClientSession
) -> None:
    """Wrong size, unknown file, no bytes yet, a channel without the bot."""
    empty = client.files_getUploadURLExternal(filename="a.csv", length=0)
    assert await error_of(empty) == "invalid_arguments"
    reserved = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    files = [{"id": reserved["file_id"], "title": "A"}]
    too_early = client.files_completeUploadExternal(files=files)
    assert await error_of(too_early) == "file_not_found"

    async with http.post(reserved["upload_url"], data=b"four") as response:
        assert response.status == 400
    async with http.post(f"{slack.base_url}/upload/F0", data=b"x") as response:
        assert response.status == 404
    async with http.post(reserved["upload_url"], data=b"abc") as response:
        assert response.status == 200
    outside = client.files_completeUploadExternal(files=files, channel_id="C0GENERAL")
    assert await error_of(outside) == "not_in_channel"
    await client.files_completeUploadExternal(files=files)
    again = client.files_completeUploadExternal(files=files)
    assert await error_of(again) == "file_not_found"


def test_changing_a_person_names_the_member(slack: SlackWorkspace) -> None:
    """A typo in a member's name is refused, nested ones are reached."""
    slack.people.change("U0DANA", {"profile": {"email": "d@contoso.example"}})
    slack.people.change("U0DANA", {"profile.title": "Leaver", "is_restricted": True})
    user = slack.people.find("U0DANA")

    assert user is not None
    assert user["profile"]["email"] == "d@contoso.example"
    assert user["profile"]["title"] == "Leaver"
    with pytest.raises(ControlError, match="unknown_member"):
        slack.people.change("U0DANA", {"is_guest": True})
    with pytest.raises(ControlError, match="user_not_found"):
        slack.people.change("U0NOBODY", {"deleted": True})
