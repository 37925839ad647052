"""A CSV file in pieces is the same file, and what is none is told so."""

import csv
from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.directory import DataSet
from bot.graph.decoding.csv_lines import LONGEST_LINE, CsvLines, Line
from bot.graph.decoding.values import MAX_TEXT
from bot.graph.errors import UnreadableFieldError, UnreadablePageError

TEAMS = DataSet.USAGE_TEAMS


def lines(*pieces: bytes) -> list[Line]:
    """All lines of a file that comes in these pieces."""
    taking = CsvLines(TEAMS, "Name")
    told = [line for piece in pieces for line in taking.take(piece)]
    return told + taking.take(b"", is_last=True)


def line(value: str, column: str = "V") -> Line:
    """A line with one value."""
    return Line(TEAMS, {column: 0}, [value])


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(st.tuples(texts, texts), max_size=6),
    cuts=st.lists(st.integers(0, 400), max_size=6),
    bom=st.booleans(),
)
def test_wherever_it_is_cut_the_lines_are_the_same(
    values: list[tuple[str, str]], cuts: list[int], bom: bool
) -> None:
    written = StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([("Name", "V"), *values])
    body = (b"\xef\xbb\xbf" if bom else b"") + written.getvalue().encode()
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    pieces = [body[a:b] for a, b in pairwise(edges)]

    told = [tuple(line.values) for line in lines(*pieces)]

    assert told == values


def test_columns_are_found_by_name_and_may_be_missing() -> None:
    (told,) = lines(b"\xef\xbb\xbfExtra, Name ,When\r\nx,ada,2026-02-28")

    assert told.text("Name") == "ada"
    assert told.day("When") == date(2026, 2, 28)
    assert told.text("Nowhere") is None
    assert told.day("Nowhere") is None
    assert told.number("Nowhere") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbf",
        b"<html><body>Sign in</body></html>",
        b'{"error": {"code": "x"}}',
        b"Other,Columns\r\n1,2\r\n",
        b"Name,V\r\nada,1\r\nlee",  # cut off within a line
        b"Name,V\r\nada,1,2\r\n",
        b'Name,V\r\n"' + b"x" * (LONGEST_LINE + 1),
        b"Name,V\r\n" + b"x" * 200_000 + b",1\r\n",
    ],
)
def test_what_is_no_report_or_was_cut_is_told(body: bytes) -> None:
    with pytest.raises(UnreadablePageError):
        lines(body)


def test_what_has_no_end_is_given_up_long_before() -> None:
    taking = CsvLines(TEAMS, "Name")
    taking.take(b"Name\r\n")

    for _ in range(LONGEST_LINE // 10_000):
        assert taking.take(b"x" * 10_000) == []

    with pytest.raises(UnreadablePageError):
        taking.take(b"x" * 10_000)


def test_odd_text_is_mended() -> None:
    (told,) = lines(b"Name,V\r\nZo\xc3\xab\xff,\x00NUL\r\n")

    assert told.text("Name") == "Zoë\N{REPLACEMENT CHARACTER}"
    assert told.text("V") == "NUL"
    assert len(line("x" * 100_000).text("V") or "") == MAX_TEXT


def test_values_are_read_by_kind() -> None:
    assert line(" 2026-02-28 ").day("V") == date(2026, 2, 28)
    assert line("0").number("V") == 0
    assert [line(x).truth("V") for x in ("True", "false", "Yes", "no", "")] == [
        True, False, True, False, None,
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["28.02.2026", "-1", "1.5", "٣", "4294967296", "?"])
def test_what_is_another_kind_is_named(value: str) -> None:
    told = line(value, "Call Count")

    for read in (told.day, told.number, told.truth):
        with pytest.raises(UnreadableFieldError, match="Call Count in usage teams"):
            read("Call Count")
