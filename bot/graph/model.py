"""How objects from Graph are read: frozen, camelCase, unselected properties ignored."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel


class GraphModel(BaseModel):
    """Base of every object read from Graph."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="ignore"
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_unsaid(cls, data: Any) -> Any:
        """Read null as what is not there: nearly all of Graph's properties may be."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None}
