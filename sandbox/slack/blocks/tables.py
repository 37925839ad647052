"""Tables and charts, which only messages may hold."""

from typing import Any

from sandbox.slack.blocks.checks import (
    boolean,
    by_type,
    identifier,
    integer,
    items,
    number,
    one_of,
    shape,
    string,
)
from sandbox.slack.blocks.elements import button
from sandbox.slack.blocks.rich_text import rich_text
from sandbox.slack.blocks.spots import Check, Spot

ROWS_MOST, COLUMNS_MOST, CHARACTERS_MOST = 100, 20, 10_000
_cell_text = string(3000, 0)
_raw_text = shape({"text": _cell_text})
_raw_number = shape({"value": number}, {"text": _cell_text})
_cell = by_type(
    {"raw_text": _raw_text, "raw_number": _raw_number, "rich_text": rich_text}
)
_header_cell = by_type({"raw_text": _raw_text, "raw_number": _raw_number})
_action_cell = shape({"elements": items(by_type({"button": button}), 5)})
_data_cell = by_type(
    {
        "raw_text": _raw_text,
        "raw_number": _raw_number,
        "rich_text": rich_text,
        "action_cell": _action_cell,
    }
)
_column = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _or_null(check_value: Check) -> Check:
    def check(spot: Spot, value: Any) -> None:
        if value is not None:
            check_value(spot, value)

    return check


def _same_width(spot: Spot, value: Any) -> None:
    rows = value.get("rows")
    if isinstance(rows, list) and rows and isinstance(rows[0], list):
        for index, row in enumerate(rows):
            if isinstance(row, list) and len(row) != len(rows[0]):
                spot.at("rows").at(index).refuse(f"must have {len(rows[0])} cells")


def _small_enough(spot: Spot, value: Any) -> None:
    rows = value.get("rows")
    cells = (
        cell
        for row in (rows if isinstance(rows, list) else [])
        for cell in (row if isinstance(row, list) else [])
    )
    texts = (cell.get("text", "") for cell in cells if isinstance(cell, dict))
    if sum(len(each) for each in texts if isinstance(each, str)) > CHARACTERS_MOST:
        spot.refuse(f"cells must be less than {CHARACTERS_MOST + 1} characters")


def _plain_header(spot: Spot, value: Any) -> None:
    rows = value.get("rows")
    if isinstance(rows, list) and rows and isinstance(rows[0], list):
        for index, cell in enumerate(rows[0]):
            _header_cell(spot.at("rows").at(0).at(index), cell)


table: Check = shape(
    {"rows": items(items(_cell, COLUMNS_MOST), ROWS_MOST)},
    {
        "block_id": identifier,
        "column_settings": items(_or_null(_column), COLUMNS_MOST, 0),
    },
    _same_width,
    _small_enough,
)
data_table: Check = shape(
    {
        "caption": string(255),
        "rows": items(items(_data_cell, COLUMNS_MOST), ROWS_MOST + 1),
    },
    {
        "block_id": identifier,
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0, COLUMNS_MOST - 1),
    },
    _same_width,
    _small_enough,
    _plain_header,
)

_label = string(20)
_axis = shape(
    {}, {"categories": items(_label, 20), "x_label": string(50), "y_label": string(50)}
)


def _positive(spot: Spot, value: Any) -> None:
    number(spot, value)
    if isinstance(value, int | float) and value <= 0:
        spot.refuse("must be more than 0")


_pie = shape({"segments": items(shape({"label": _label, "value": _positive}), 12)})
_points = items(shape({"label": _label, "value": number}), 20)
_series = items(shape({"name": _label, "data": _points}), 6)
_xy = shape({"series": _series}, {"axis_config": _axis})
data_visualization: Check = shape(
    {
        "title": string(50),
        "chart": by_type({"pie": _pie, "bar": _xy, "area": _xy, "line": _xy}),
    },
    {"block_id": identifier},
)
