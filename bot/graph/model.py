"""How objects from Graph are read: frozen, camelCase, unselected properties ignored."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class GraphModel(BaseModel):
    """Base of every object read from Graph."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="ignore"
    )
