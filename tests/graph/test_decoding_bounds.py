"""What a database cannot hold is named where it is decoded, not where it is stored."""

from typing import Any
from uuid import UUID

import pytest

from bot.domain.directory import DataSet
from bot.domain.rows import ROWS
from bot.graph.data_sets import COLLECTIONS, OWNED
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.values import MAX_KEY
from bot.graph.errors import UnreadableFieldError, UnreadablePageError
from store.directory_statements import key_columns, table_of
from store.tables import Table
from store.types import Guid
from tests.graph.odd_json import ID, page

ITEMS: dict[DataSet, Any] = {
    **{data_set: one.item for data_set, one in COLLECTIONS.items()},
    **{data_set: one.item for data_set, one in OWNED.items()},
}
REQUIRED = {
    "skuId": ID,
    "appRoleId": ID,
    "principalId": ID,
    "resourceId": ID,
    "clientId": ID,
    "roleDefinitionId": ID,
}


def told_apart_by_text(data_set: DataSet) -> bool:
    """Whether text is a part of its key."""
    columns = Table.metadata.tables[table_of(data_set)].columns
    return not all(isinstance(columns[x].type, Guid) for x in key_columns(data_set))


BY_TEXT = [data_set for data_set in ITEMS if told_apart_by_text(data_set)]


def decoded(data_set: DataSet, **fields: Any) -> Any:
    """An object with these properties, as a row."""
    decoder = PageDecoder(data_set, ITEMS[data_set])
    (told,) = decoder.decode(page(REQUIRED | fields)).value
    return told.row() if hasattr(told, "row") else told.row_in(UUID(ID))


@pytest.mark.parametrize("data_set", BY_TEXT)
def test_a_key_that_no_index_holds_is_named(data_set: DataSet) -> None:
    """On PostgreSQL it would look like trouble of the database, and be tried again."""
    with pytest.raises(UnreadableFieldError, match="id"):
        decoded(data_set, id="k" * (MAX_KEY + 1))

    row = decoded(data_set, id="k" * MAX_KEY)
    assert "k" * MAX_KEY in row[: len(key_columns(data_set))]
    assert type(row) is ROWS[data_set]


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**63, 2**70])
@pytest.mark.parametrize("path", ["consumedUnits", "prepaidUnits"])
def test_a_number_that_no_column_holds_is_named(number: int, path: str) -> None:
    value = number if path == "consumedUnits" else {"enabled": number}

    with pytest.raises(UnreadableFieldError, match=path):
        decoded(DataSet.SUBSCRIBED_SKUS, id="sku", **{path: value})


@pytest.mark.parametrize("before", ["", '{"value":', '{"value":[{"unknown":'])
def test_what_is_nested_without_end_is_no_page(before: str) -> None:
    body = (before + "[" * 200_000).encode()

    with pytest.raises(UnreadablePageError):
        PageDecoder(DataSet.USERS, ITEMS[DataSet.USERS]).decode(body)
