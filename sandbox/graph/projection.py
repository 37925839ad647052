"""$select and $expand: which properties and related objects an answer carries."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.graph.entity import EntityType
from sandbox.graph.errors import bad_request, malformed, unsupported_query
from sandbox.graph.exchange import GraphRequest
from sandbox.graph.schema import BY_NAME
from sandbox.graph.tenant import Json

MAX_EXPANDED = 20

_EXPAND = re.compile(r"(?P<name>\w+)(\(\$select=(?P<select>[\w,]+)\))?")


@dataclass(frozen=True)
class Relation:
    """How to reach related objects: one, none, or a list of which 20 are sent."""

    entity: EntityType
    read: Callable[[Json], Json | list[Json] | None]


Relations = Mapping[str, Relation]
Draw = Callable[[Json], Json]


def selected(options: Mapping[str, str], entity: EntityType) -> tuple[str, ...]:
    """Return the properties to send.

    Raises:
        GraphError: 400 where $select names what the type does not have.
    """
    text = options.get("$select")
    return entity.default if text is None else _checked(text, entity)


def _checked(text: str, entity: EntityType) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name != "*" and name not in entity.properties:
            raise _no_such_property(name, entity)
    return entity.properties if "*" in names else names


def _no_such_property(name: str, entity: EntityType) -> Exception:
    return malformed(
        "Parsing OData Select and Expand failed: Could not find a property named "
        f"'{name}' on type '{entity.full_name}'."
    )


def shape(item: Json, names: Iterable[str]) -> Json:
    """Return the object with these properties alone; unknown values are null."""
    shaped = {name: item.get(name) for name in names}
    marks = {key: value for key, value in item.items() if key.startswith("@")}
    return {**marks, **shaped}


def drawing(
    request: GraphRequest, entity: EntityType, relations: Relations | None
) -> Draw:
    """Return what turns a stored object into the one that the caller asked for.

    Raises:
        GraphError: 400 for properties or relations that the type does not have.
    """
    names = selected(request.options, entity)
    expand = _expansion(request, entity, relations)
    return lambda item: shape(item, names) | expand(item)


def _expansion(
    request: GraphRequest, entity: EntityType, relations: Relations | None
) -> Draw:
    text = request.options.get("$expand")
    if text is None:
        return lambda _: {}
    wanted = _EXPAND.fullmatch(text.strip())
    name = wanted["name"] if wanted else text
    if wanted is None or name not in entity.relations:
        raise _no_such_property(name, entity)
    if relations is None or name not in relations:
        raise bad_request(f"Expanding '{name}' is not supported here.")
    refused = request.faults.params("refuse_expand")["relation"]
    if request.faults.is_on("refuse_expand") and name == refused:
        raise bad_request(f"Expanding '{name}' is not supported here.")
    if request.is_eventual:
        raise unsupported_query("Expand is not allowed with advanced queries.")
    relation, select = relations[name], wanted["select"]
    names = _checked(select, relation.entity) if select else None

    def draw(item: Json) -> Json:
        return shape(item, names or defaults_of(item, relation.entity))

    return lambda item: {name: _drawn(relation.read(item), draw)}


def _drawn(related: Json | list[Json] | None, draw: Draw) -> Any:
    if isinstance(related, list):
        return [draw(item) for item in related[:MAX_EXPANDED]]
    return related and draw(related)


def defaults_of(item: Json, entity: EntityType) -> tuple[str, ...]:
    """Return what comes unselected: of the object's own type, where it tells that."""
    kind = str(item.get("@odata.type", "")).rsplit(".", 1)[-1]
    return BY_NAME.get(kind, entity).default
