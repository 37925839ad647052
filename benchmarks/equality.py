"""Whether two databases hold the same directory, row by row, value by value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, select

from benchmarks.data_sets import READ
from benchmarks.measuring import say_table
from bot.domain.directory import DataSet
from bot.domain.rows import ROWS
from store.directory_statements import TABLES, key_columns

_AT_ONCE = 1_000  # rows; neither directory is held as a whole


@dataclass(frozen=True)
class Compared:
    """How many rows one data set has here and there, and how many of them differ."""

    data_set: DataSet
    here: int
    there: int
    different: int


class NotEqualError(Exception):
    """Two databases that should hold the same do not."""


def compare(here: str, there: str, data_sets: Sequence[DataSet]) -> list[Compared]:
    """Compare data sets of two databases with one connection each."""
    engines = [_engine(here), _engine(there)]
    try:
        return [_compared(data_set, *engines) for data_set in data_sets]
    finally:
        for engine in engines:
            engine.dispose()


def prove_equal(
    title: str, here: str, there: str, data_sets: Sequence[DataSet] = READ
) -> None:
    """Print how two databases compare.

    Raises:
        NotEqualError: a row differs, or is in one of them only.
    """
    found = compare(here, there, data_sets)
    say_table(
        title,
        ("", "rows", "expected", "different"),
        [
            (str(one.data_set), f"{one.here:,}", f"{one.there:,}", f"{one.different:,}")
            for one in found
        ],
    )
    if not all(one.here and not one.different for one in found):
        raise NotEqualError(title)


def _compared(data_set: DataSet, here: Engine, there: Engine) -> Compared:
    found = expected = different = 0
    for one, other in zip_longest(_rows(data_set, here), _rows(data_set, there)):
        different += one != other
        found += one is not None
        expected += other is not None
    return Compared(data_set, found, expected, different)


def _rows(data_set: DataSet, engine: Engine) -> Iterator[tuple[Any, ...]]:
    columns = TABLES[data_set].metadata.tables[str(TABLES[data_set].__tablename__)].c
    told = [columns[name] for name in ROWS[data_set]._fields]
    keys = [columns[name] for name in key_columns(data_set)]
    with engine.connect().execution_options(yield_per=_AT_ONCE) as connection:
        for row in connection.execute(select(*told).order_by(*keys)):
            yield tuple(row)


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return create_engine(parsed.set(drivername="sqlite") if is_sqlite else parsed)
