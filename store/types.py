"""Column types that read the same on SQLite and PostgreSQL, to Python and to people."""

import json
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Integer, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant, to the microsecond.

    SQLite keeps no time zone, so it is UTC there by this type's promise alone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Turn any aware time into UTC.

        Raises:
            ValueError: a naive time, whose instant nobody can tell.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give back an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else _utc(value)


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


class Guid(TypeDecorator[UUID]):
    """A GUID. SQLite holds it as people write it, in lower case with dashes."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL's own type, or 36 characters."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(36))
        return dialect.type_descriptor(Uuid())

    def process_bind_param(
        self, value: UUID | None, dialect: Dialect
    ) -> UUID | str | None:
        """Write dashes on SQLite."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(
        self, value: UUID | str | None, dialect: Dialect
    ) -> UUID | None:
        """Read either form."""
        return UUID(value) if isinstance(value, str) else value


class _Words(TypeDecorator[StrEnum]):
    """A StrEnum by its value. Plain text: a new member needs no migration."""

    impl = String(40)
    cache_ok = True

    def __init__(self, of: type[StrEnum]) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(
        self, value: StrEnum | str | None, dialect: Dialect
    ) -> str | None:
        """Write the value, refusing one that the enum lacks (ValueError)."""
        return None if value is None else self.of(value).value

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> StrEnum | None:
        """Read the member."""
        return None if value is None else self.of(value)


class _Number(TypeDecorator[IntEnum]):
    """An IntEnum by its number, so that SQL can compare it."""

    impl = Integer
    cache_ok = True

    def __init__(self, of: type[IntEnum]) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Write the number, refusing one that the enum lacks (ValueError)."""
        return None if value is None else int(self.of(value))

    def process_result_value(
        self, value: int | None, dialect: Dialect
    ) -> IntEnum | None:
        """Read the member."""
        return None if value is None else self.of(value)


def words(of: type[StrEnum]) -> Any:
    """The column type of a StrEnum. `Any`, since SQLModel types classes only."""
    return _Words(of)


def number(of: type[IntEnum]) -> Any:
    """The column type of an IntEnum. `Any`, as above."""
    return _Number(of)


def plain_json() -> Any:
    """Strings in lists or objects, readable by SQL's own JSON functions."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def long_text() -> Any:
    """Text without a length."""
    return Text()


def canonical_json(value: object) -> str:
    """JSON in the one way in which two equal values are equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
