"""What is whole becomes rows, what is not is named, and nothing crashes."""

import gzip
import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.directory import DataSet
from bot.domain.directory_rows import UserRow
from bot.domain.rows import ROWS
from bot.graph.data_sets import COLLECTIONS
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import rows_of
from bot.graph.decoding.values import MAX_TEXT
from bot.graph.errors import (
    UnreadableAnswerError,
    UnreadableFieldError,
    UnreadablePageError,
)
from tests.graph.odd_json import ID, json_values, least_of, names_in, page

OBJECTS = list(COLLECTIONS)


def decoded(data_set: DataSet, body: bytes) -> list[Any]:
    """A page's rows."""
    page = PageDecoder(data_set, COLLECTIONS[data_set].item).decode(body)
    return rows_of(data_set, page.value)


def user(**fields: Any) -> UserRow:
    """A user with these properties, as a row."""
    (row,) = decoded(DataSet.USERS, page({"id": ID, **fields}))
    assert isinstance(row, UserRow)
    return row


@settings(max_examples=300, deadline=None)
@given(data=st.data(), data_set=st.sampled_from(OBJECTS))
def test_any_json_gives_rows_or_names_the_field(
    data: st.DataObject, data_set: DataSet
) -> None:
    names = [*names_in(COLLECTIONS[data_set].item), "@odata.type", "x"]
    item = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=6))
    if data.draw(st.booleans()):
        item |= least_of(COLLECTIONS[data_set].item)

    outcome = _outcome(data_set, page(item, item))

    if isinstance(outcome, UnreadableFieldError):
        assert outcome.data_set is data_set
        known = {*names, "@odata", "a date", "value"}
        assert re.split(r"[.\[]", outcome.field)[0] in known
        assert outcome.field in outcome.message
    else:
        row, again = outcome
        assert row == again
        assert type(row) is ROWS[data_set]
        assert "\0" not in str(row)
        str(row).encode()  # nothing that cannot be stored


def _outcome(data_set: DataSet, body: bytes) -> list[Any] | UnreadableFieldError:
    try:
        return decoded(data_set, body)
    except UnreadableFieldError as error:
        return error


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(OBJECTS))
def test_any_bytes_end_in_a_typed_error(body: bytes, data_set: DataSet) -> None:
    with pytest.raises(UnreadableAnswerError):
        decoded(data_set, body)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400))
def test_a_body_cut_anywhere_is_told_from_a_whole_one(at: int) -> None:
    whole = page({"id": ID, "displayName": "Zoë 🦊", "createdDateTime": None})
    if at < len(whole):
        with pytest.raises(UnreadablePageError):
            decoded(DataSet.USERS, whole[:at])
    else:
        assert len(decoded(DataSet.USERS, whole)) == 1


@pytest.mark.parametrize("data_set", OBJECTS)
def test_all_that_is_optional_may_be_null_or_missing(data_set: DataSet) -> None:
    item = COLLECTIONS[data_set].item
    least = least_of(item)
    nulls = dict.fromkeys(names_in(item)) | least

    (bare,), (empty,) = decoded(data_set, page(least)), decoded(data_set, page(nulls))

    assert bare == empty
    assert [value for value in bare if value is not None]


def test_unknown_fields_are_passed_over() -> None:
    assert user(shoeSize=44, **{"@odata.type": "#microsoft.graph.user"}) == user()


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"displayName": 5}, "displayName"),
        ({"accountEnabled": "yes"}, "accountEnabled"),
        ({"createdDateTime": "yesterday"}, "createdDateTime"),
        ({"manager": []}, "manager"),
        ({"manager": {"id": "boss"}}, "manager.id"),
        ({"licenseAssignmentStates": {}}, "licenseAssignmentStates"),
        ({"id": None}, "id"),
        ({"id": "42"}, "id"),
    ],
)
def test_a_wrong_type_is_named_with_its_data_set(
    fields: dict[str, Any], named: str
) -> None:
    with pytest.raises(UnreadableFieldError) as caught:
        user(**fields)

    assert (caught.value.data_set, caught.value.field) == (DataSet.USERS, named)
    assert f"{named} in users cannot be read" in caught.value.message


def test_a_missing_id_is_named() -> None:
    with pytest.raises(UnreadableFieldError) as caught:
        decoded(DataSet.GROUPS, page({"displayName": "Sales"}))

    assert caught.value.field == "id"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-02-29T10:00:00.1234567Z", datetime(2024, 2, 29, 10, 0, 0, 123457, UTC)),
        ("2024-02-29T10:00:00Z", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("2024-02-29T12:00:00+02:00", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("2024-02-29T10:00:00", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        (
            "9999-12-31T23:59:59.9999999Z",
            datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
        ),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_utc_whatever_their_fractions(written: str, read: datetime) -> None:
    assert user(createdDateTime=written).created_at == read


def test_a_time_that_utc_cannot_write_is_named() -> None:
    with pytest.raises(UnreadableFieldError):
        user(createdDateTime="0001-01-01T00:00:00+14:00")


def test_a_name_of_two_megabytes_is_clipped() -> None:
    name = user(displayName="é" * 2_000_000, mail="a@b.example").display_name

    assert name is not None
    assert len(name) == MAX_TEXT
    assert name.endswith("é…")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (rb'"Half \ud83e a fox"', "Half � a fox"),
        (rb'"Whole \ud83e\udd8a fox"', "Whole 🦊 fox"),
        (b'"Latin \xe9"', "Latin �"),
        (rb'"Nul \u0000 inside"', "Nul  inside"),
        (b'"Tab \t and bell \x07"', "Tab \t and bell \x07"),
    ],
)
def test_odd_encodings(body: bytes, name: str) -> None:
    whole = b'{"value":[{"id":"%s","displayName":%s}]}' % (ID.encode(), body)

    (row,) = decoded(DataSet.USERS, whole)

    assert row.display_name == name


def test_a_byte_order_mark_is_passed_over() -> None:
    assert decoded(DataSet.USERS, b"\xef\xbb\xbf" + page({"id": ID})) == [user()]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><body>Sign in to the network</body></html>",
        b"null",
        b"[]",
        b'{"value"',
        b"[" * 200_000,
        gzip.compress(page({"id": ID})),
    ],
    ids=["nothing", "a page", "null", "a list", "cut", "nested", "packed"],
)
def test_what_is_no_page_of_graph(body: bytes) -> None:
    with pytest.raises(UnreadablePageError) as caught:
        decoded(DataSet.USERS, body)

    assert "proxy" in caught.value.remedy


def test_two_with_one_id_are_told_in_their_order() -> None:
    """So that whoever stores them keeps the later one."""
    twice = page({"id": ID, "displayName": "Old"}, {"id": ID, "displayName": "New"})

    old, new = decoded(DataSet.USERS, twice)

    assert (old.display_name, new.display_name) == ("Old", "New")


def test_licences_read_the_same_in_any_order() -> None:
    one, other, group = (str(UUID(int=n)) for n in (1, 2, 3))
    states = [
        {"skuId": other, "assignedByGroup": None, "state": "Active"},
        {"skuId": one, "assignedByGroup": group},
    ]

    told = {user(licenseAssignmentStates=x).licences for x in (states, states[::-1])}

    assert told == {f'[["{one}","{group}"],["{other}",null]]'}
    assert user(licenseAssignmentStates=[]).licences == "[]"
    assert user().licences is None


def test_credentials_hold_facts_and_never_a_value() -> None:
    secret = {
        "keyId": ID,
        "hint": "abc",
        "secretText": "TOP-SECRET",
        "endDateTime": "2027-01-01T00:00:00Z",
    }
    key = {"keyId": ID, "usage": "Verify", "key": "PRIVATE-KEY"}
    item = {"id": ID, "passwordCredentials": [secret], "keyCredentials": [key]}

    (row,) = decoded(DataSet.APPLICATIONS, page(item))

    held = json.loads(row.credentials or "")
    assert [(h["kind"], h["hint"], h["endsAt"]) for h in held] == [
        ("certificate", None, None),
        ("secret", "abc", "2027-01-01T00:00:00+00:00"),
    ]
    assert "SECRET" not in str(row)
    assert "PRIVATE" not in str(row)


def test_scopes_are_split_whatever_stands_in_front() -> None:
    grant = {"id": "x-Y_9", "clientId": ID, "resourceId": ID, "scope": " User.Read  a "}

    (row,) = decoded(DataSet.OAUTH_GRANTS, page(grant))

    assert row.scopes == '["User.Read","a"]'


def test_links_are_kept_letter_by_letter() -> None:
    link = "https://graph.microsoft.com/v1.0/users?$skiptoken=" + "x" * 9_000
    body = page({"id": ID, "displayName": "a\0b"}, **{"@odata.nextLink": link})

    told = PageDecoder(DataSet.USERS, COLLECTIONS[DataSet.USERS].item).decode(body)

    assert told.next_link == link
