"""Pages of any JSON, for decoders that must never crash."""

import json
from typing import Any

import msgspec
from hypothesis import strategies as st

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=30)
    | st.sampled_from(
        [
            ID,
            "00000000-0000-0000-0000-000000000000",
            "2024-01-01T00:00:00Z",
            "9999-12-31T23:59:59.9999999Z",
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def page(*items: Any, **more: Any) -> bytes:
    """A page of a collection."""
    return json.dumps({"value": list(items), **more}).encode()


def names_in(item: type[Any]) -> list[str]:
    """The properties that a decoder reads, as Graph spells them."""
    return [field.encode_name for field in msgspec.structs.fields(item)]


def least_of(item: type[Any]) -> dict[str, str]:
    """The properties that an object cannot be without, and nothing else."""
    fields = msgspec.structs.fields(item)
    return {field.encode_name: ID for field in fields if field.required}
