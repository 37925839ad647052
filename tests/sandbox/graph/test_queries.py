"""Query options: what they select, and what Graph refuses."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.graph import Entra
from tests.sandbox.graph.calling import EVENTUAL, Caller, json_of, refusal


def names(answer: dict[str, Any]) -> list[str]:
    return [item["displayName"] for item in answer["value"]]


async def test_select_gives_these_properties_and_no_others(bot: Caller) -> None:
    chosen = await bot.items("/users", select="id,accountEnabled,faxNumber")

    assert {tuple(item) for item in chosen} == {("id", "accountEnabled", "faxNumber")}
    assert chosen[0]["faxNumber"] is None


async def test_unselected_users_lack_what_must_be_asked_for(bot: Caller) -> None:
    user = json_of(await bot.get("/users/dana@contoso.example"))

    assert user["displayName"] == "Dana Cole"
    assert "accountEnabled" not in user
    assert "signInSessionsValidFromDateTime" not in user


@pytest.mark.parametrize("path", ["/users", "/groups", "/applications"])
async def test_unknown_selected_property_is_refused(bot: Caller, path: str) -> None:
    status, code, message = refusal(await bot.get(path, select="id,shoeSize"))

    assert (status, code) == (400, "BadRequest")
    assert "Could not find a property named 'shoeSize'" in message


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("startsWith(displayName,'dana') or startsWith(userPrincipalName,'dana')", 2),
        ("startswith(displayName,'Dana C') and department eq 'Sales'", 1),
        ("userPrincipalName eq 'DANA@contoso.example'", 1),
        ("mail eq 'dana@contoso.example'", 1),
        ("displayName eq 'Sarah O''Connor'", 1),
        ("displayName eq 'Research & Development'", 1),
        ("startsWith(displayName,'נועם')", 1),
        ("accountEnabled eq false", 3),
        ("userType eq 'Guest'", 3),
        ("onPremisesSyncEnabled eq true and accountEnabled eq true", 10),
        ("id in ('x','y')", 0),
        ("proxyAddresses/any(p:p eq 'smtp:dana@contoso.example')", 1),
        ("(jobTitle eq 'Trustee' or jobTitle eq 'Engineer') and state eq null", 4),
    ],
)
async def test_filters(bot: Caller, expression: str, found: int) -> None:
    assert len(await bot.items("/users", filter=expression)) == found


@pytest.mark.parametrize(
    "expression",
    [
        "department ne 'Sales'",
        "not startsWith(displayName,'D')",
        "endsWith(mail,'.example')",
    ],
)
async def test_advanced_filters_need_the_eventual_index(
    bot: Caller, expression: str
) -> None:
    assert refusal(await bot.get("/users", filter=expression))[1] == (
        "Request_UnsupportedQuery"
    )

    answer = await bot.get("/users", EVENTUAL, filter=expression, count="true")
    body = json_of(answer)
    assert body["@odata.count"] == len(body["value"]) > 0


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("shoeSize eq 43", "Could not find a property named 'shoeSize'"),
        ("skills eq 'x'", "Unsupported or invalid query filter clause"),
        ("displayName is 'x'", "unknown operator"),
        ("contains(displayName,'x')", "unknown function"),
        ("displayName eq", "ends too early"),
        ("displayName eq 'a' 'b'", "syntax error"),
        ("startsWith(displayName 'x')", "expected"),
        ("displayName eq 'open", "syntax error"),
    ],
)
async def test_bad_filters_are_refused(bot: Caller, expression: str, said: str) -> None:
    status, _, message = refusal(await bot.get("/users", filter=expression))

    assert status == 400
    assert said in message


async def test_search_finds_words_that_begin_so(bot: Caller) -> None:
    answer = await bot.get(
        "/users",
        EVENTUAL,
        search='"displayName:cole" OR "mail:dana"',
        count="true",
        select="displayName",
    )

    assert names(json_of(answer)) == ["Dana Cole", "Dana Coleman"]
    assert json_of(answer)["@odata.count"] == 2


async def test_search_without_its_header_is_refused(bot: Caller) -> None:
    message = refusal(await bot.get("/users", search='"displayName:x"'))[2]

    assert "ConsistencyLevel: eventual" in message


@pytest.mark.parametrize("text", ["cole", '"shoeSize:x"', '"displayName:x" XOR'])
async def test_bad_search_is_refused(bot: Caller, text: str) -> None:
    assert refusal(await bot.get("/users", EVENTUAL, search=text))[0] == 400


async def test_order(bot: Caller) -> None:
    ordered = names(json_of(await bot.get("/users", orderby="displayName desc")))
    assert ordered == sorted(ordered, key=str.casefold, reverse=True)

    both = {"orderby": "displayName", "filter": "department eq 'Sales'"}
    assert refusal(await bot.get("/users", **both))[1] == "Request_UnsupportedQuery"
    json_of(await bot.get("/users", EVENTUAL, **both, count="true"))


@pytest.mark.parametrize("text", ["shoeSize", "skills", "displayName sideways"])
async def test_bad_order_is_refused(bot: Caller, text: str) -> None:
    assert refusal(await bot.get("/users", orderby=text))[0] == 400


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(size=st.integers(1, 70))
async def test_pages_of_any_size_add_up_to_the_whole(bot: Caller, size: int) -> None:
    whole = await bot.items("/users", select="id")

    assert await bot.items("/users", select="id", top=str(size)) == whole


async def test_next_link_keeps_the_query_and_the_host(bot: Caller) -> None:
    first = json_of(await bot.get("/users", top="5", select="id,displayName"))

    link = first["@odata.nextLink"]
    assert link.startswith(f"{bot.server.url}/v1.0/users?")
    second = json_of(await bot.http.get(link))
    assert [tuple(item) for item in second["value"]] == [("id", "displayName")] * 5
    assert not {i["id"] for i in first["value"]} & {i["id"] for i in second["value"]}


async def test_object_that_leaves_between_pages_hides_nobody(
    bot: Caller, entra: Entra
) -> None:
    everybody = [user["id"] for user in await bot.items("/users", select="id")]
    first = json_of(await bot.get("/users", top="5", select="id"))

    del entra.tenant.users[first["value"][0]["id"]]
    second = json_of(await bot.http.get(first["@odata.nextLink"]))

    assert second["value"][0]["id"] == everybody[5]


async def test_hundred_is_a_page_unless_said_otherwise(
    bot: Caller, entra: Entra
) -> None:
    dana = entra.tenant.users.values().__iter__().__next__()
    for number in range(200):
        user_id = f"00000000-0000-4000-8000-{number:012}"
        entra.tenant.users[user_id] = {**dana, "id": user_id}

    assert len(json_of(await bot.get("/users"))["value"]) == 100
    assert len(json_of(await bot.get("/users", top="999"))["value"]) == 261


@pytest.mark.parametrize("top", ["0", "1000", "-1", "many"])
async def test_bad_page_size_is_refused(bot: Caller, top: str) -> None:
    assert "page size" in refusal(await bot.get("/users", top=top))[2]


async def test_forged_skip_token_is_refused(bot: Caller) -> None:
    assert refusal(await bot.get("/users", skiptoken="zzz"))[1] == (
        "Directory_ExpiredPageToken"
    )


async def test_unknown_query_option_is_refused(bot: Caller) -> None:
    assert "'$skip'" in refusal(await bot.get("/users", skip="5"))[2]


async def test_count_segment_wants_the_eventual_index(bot: Caller) -> None:
    assert refusal(await bot.get("/users/$count"))[0] == 400
    answer = await bot.get("/groups/$count", EVENTUAL)

    assert answer.text == "16"
    assert answer.headers["Content-Type"].startswith("text/plain")


async def test_expand_gives_the_manager(bot: Caller) -> None:
    dana = json_of(await bot.get("/users/dana@contoso.example", expand="manager"))
    assert dana["manager"]["displayName"] == "Sofia Rossi"
    few = await bot.get("/users/dana@contoso.example", expand="manager($select=id)")
    assert set(json_of(few)["manager"]) == {"id"}

    assert refusal(await bot.get("/users", expand="boss"))[0] == 400
    mixed = await bot.get("/users", EVENTUAL, expand="manager", count="true")
    assert refusal(mixed)[1] == "Request_UnsupportedQuery"
