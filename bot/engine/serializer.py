"""How the engine writes inputs, results and errors down: JSON, nothing else.

The engine's own default is pickle, which runs code when it is read and which nobody
can read with SQL.
"""

import json
from typing import Any

from dbos import Serializer

from bot.engine.errors import StepFailedError, record_of


class JsonSerializer(Serializer):
    """Everything is `{"value": …}`, or `{"error": {…}}` for an exception."""

    def name(self) -> str:
        """Stored beside every value, so that a later format can tell them apart."""
        return "gatehouse_json"

    def serialize(self, data: Any) -> str:
        """Write a value or an exception.

        Raises:
            TypeError: a value that JSON does not have.
        """
        if isinstance(data, BaseException):
            return _dumps({"error": record_of(data)})
        return _dumps({"value": data})

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: N805 - the base's name
        """Read a value back; an exception comes as `StepFailedError`."""
        stored = json.loads(serialized_data)
        if "error" in stored:
            return StepFailedError.read(stored["error"])
        return stored["value"]


def as_stored(value: object) -> Any:
    """The value as it comes back from the store: tuples are lists then.

    Raises:
        TypeError: a value that JSON does not have.
    """
    return json.loads(_dumps(value))


def _dumps(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
