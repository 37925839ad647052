"""What objects own is decoded alike: alone, and inside their owners."""

import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.directory import DataSet
from bot.domain.rows import ROWS
from bot.graph.data_sets import OWNED
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import made
from bot.graph.errors import UnreadableAnswerError, UnreadableFieldError
from tests.graph.odd_json import ID, json_values, least_of, names_in, page

OWNER = UUID(int=7)
SETS = list(OWNED)
EXPANDED = [data_set for data_set in SETS if OWNED[data_set].owners.expand]


def alone(data_set: DataSet, body: bytes) -> list[Any]:
    """The rows of a page of owned objects."""
    told = PageDecoder(data_set, OWNED[data_set].item).decode(body).value
    return made(data_set, lambda: [one.row_in(OWNER) for one in told])


def inside(data_set: DataSet, items: list[Any]) -> list[Any]:
    """The rows of an owner that comes with what it owns."""
    collection = OWNED[data_set]
    body = page({"id": str(OWNER), collection.inside: items})
    (owner,) = PageDecoder(data_set, collection.owners.item).decode(body).value
    assert owner.id == OWNER
    return made(data_set, lambda: [one.row_in(OWNER) for one in owner.owned])


@settings(max_examples=300, deadline=None)
@given(data=st.data(), data_set=st.sampled_from(SETS))
def test_any_json_gives_rows_or_names_the_field(
    data: st.DataObject, data_set: DataSet
) -> None:
    names = [*names_in(OWNED[data_set].item), "@odata.type", "x"]
    item = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=6))
    if data.draw(st.booleans()):
        item |= least_of(OWNED[data_set].item)

    outcome = _outcome(data_set, page(item))

    if isinstance(outcome, UnreadableFieldError):
        known = {*names, "@odata", "a date", "value"}
        assert re.split(r"[.\[]", outcome.field)[0] in known
    else:
        (row,) = outcome
        assert type(row) is ROWS[data_set]
        assert "\0" not in str(row)
        str(row).encode()  # nothing that cannot be stored


def _outcome(data_set: DataSet, body: bytes) -> list[Any] | UnreadableFieldError:
    try:
        return alone(data_set, body)
    except UnreadableFieldError as error:
        return error


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(SETS))
def test_any_bytes_end_in_a_typed_error(body: bytes, data_set: DataSet) -> None:
    with pytest.raises(UnreadableAnswerError):
        alone(data_set, body)


@pytest.mark.parametrize("data_set", SETS)
def test_all_that_is_optional_may_be_null_or_missing(data_set: DataSet) -> None:
    item = OWNED[data_set].item
    least = least_of(item)
    nulls = dict.fromkeys(names_in(item)) | least

    assert alone(data_set, page(least)) == alone(data_set, page(nulls))
    assert any(value is not None for value in alone(data_set, page(least))[0])


@pytest.mark.parametrize("data_set", EXPANDED)
def test_the_same_comes_inside_an_owner(data_set: DataSet) -> None:
    least = least_of(OWNED[data_set].item)

    assert inside(data_set, [least]) == alone(data_set, page(least))
    assert inside(data_set, []) == []


@pytest.mark.parametrize("data_set", EXPANDED)
def test_an_owner_that_came_without_is_asked(data_set: DataSet) -> None:
    body = page({"id": ID})
    (owner,) = PageDecoder(data_set, OWNED[data_set].owners.item).decode(body).value

    assert owner.owned is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("#microsoft.graph.user", "user"),
        ("microsoft.graph.servicePrincipal", "servicePrincipal"),
        ("#microsoft.graph.somethingNew", "somethingNew"),
        (None, None),
    ],
)
def test_kinds_of_owners(written: str | None, read: str | None) -> None:
    item = {"id": ID, "@odata.type": written}

    (row,) = alone(DataSet.GROUP_OWNERS, page(item))

    assert row == (OWNER, UUID(ID), read)


def test_a_trust_is_told_the_same_in_any_order_of_its_audiences() -> None:
    trusts = [
        {
            "id": ID,
            "name": "deploy",
            "issuer": "https://token.actions.example",
            "subject": "repo:house/gate:ref:refs/heads/main",
            "audiences": audiences,
        }
        for audiences in (["b", "a"], ["a", "b"])
    ]

    one, other = alone(DataSet.FEDERATED_CREDENTIALS, page(*trusts))

    assert one == other
    assert one[1:] == (
        OWNER,
        "deploy",
        "https://token.actions.example",
        "repo:house/gate:ref:refs/heads/main",
        '["a","b"]',
    )
