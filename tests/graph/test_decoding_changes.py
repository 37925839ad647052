"""Whatever a page of changes holds, it is told as changes or named as unreadable."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.directory import DataSet
from bot.domain.rows import ROWS
from bot.graph.data_sets import COLLECTIONS
from bot.graph.decoding.changes import Changes, object_changes
from bot.graph.errors import UnreadableFieldError
from tests.graph.odd_json import ID, json_values, least_of, names_in

CHANGING = [one for one in COLLECTIONS if COLLECTIONS[one].changes]


def _outcome(
    data_set: DataSet, items: list[dict[str, Any]]
) -> Changes | UnreadableFieldError:
    try:
        return object_changes(data_set, COLLECTIONS[data_set].item, items)
    except UnreadableFieldError as error:
        return error


@settings(max_examples=300, deadline=None)
@given(data=st.data(), data_set=st.sampled_from(CHANGING))
def test_any_changes_are_told_or_the_field_is_named(
    data: st.DataObject, data_set: DataSet
) -> None:
    item = COLLECTIONS[data_set].item
    names = [*names_in(item), "manager@delta", "@removed", "x"]
    told = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=6))
    if data.draw(st.booleans()):
        told |= least_of(item)

    outcome = _outcome(data_set, [told])

    if isinstance(outcome, UnreadableFieldError):
        assert outcome.data_set is data_set
    else:
        rows = [row for rows in outcome.upserts.values() for row in rows]
        assert len(rows) + len(outcome.removed) == 1
        assert all(type(row) is ROWS[data_set] for row in rows)
        str(rows).encode()  # nothing that cannot be stored


@pytest.mark.parametrize("data_set", CHANGING)
def test_what_is_removed_needs_nothing_but_its_id(data_set: DataSet) -> None:
    changes = object_changes(
        data_set, COLLECTIONS[data_set].item, [{"id": ID, "@removed": {}}]
    )

    assert [str(key) for key in changes.removed] == [ID]
    assert changes.upserts == {}
