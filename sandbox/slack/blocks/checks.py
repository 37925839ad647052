"""Small checks from which the shapes of blocks and elements are put together.

They word mistakes as Slack does ("must be less than 151 characters"), since those
lines are all that a developer gets to see.
"""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.slack.blocks.spots import Check, Spot


def string(most: int, least: int = 1) -> Check:
    """Expect a string of `least` to `most` characters."""

    def check(spot: Spot, value: Any) -> None:
        if not isinstance(value, str):
            spot.refuse("must provide a string")
        elif len(value) < least:
            spot.refuse(f"must be more than {least - 1} characters")
        elif len(value) > most:
            spot.refuse(f"must be less than {most + 1} characters")

    return check


def matching(pattern: str, example: str) -> Check:
    """Expect a string of a certain form."""
    form = re.compile(pattern)

    def check(spot: Spot, value: Any) -> None:
        if not isinstance(value, str) or not form.fullmatch(value):
            spot.refuse(f"must be a valid value, such as {example}")

    return check


def boolean(spot: Spot, value: Any) -> None:
    """Expect true or false."""
    if not isinstance(value, bool):
        spot.refuse("must be a boolean")


def integer(least: int, most: int) -> Check:
    """Expect a whole number between two others, inclusive."""

    def check(spot: Spot, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            spot.refuse("must be an integer")
        elif not least <= value <= most:
            spot.refuse(f"must be between {least} and {most}")

    return check


def number(spot: Spot, value: Any) -> None:
    """Expect a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        spot.refuse("must be a number")


def one_of(*allowed: str) -> Check:
    """Expect one of a few words."""

    def check(spot: Spot, value: Any) -> None:
        if value not in allowed:
            spot.refuse(f"must be one of: {', '.join(allowed)}")

    return check


def items(check_item: Check, most: int, least: int = 1) -> Check:
    """Expect an array of `least` to `most` items."""

    def check(spot: Spot, value: Any) -> None:
        if not isinstance(value, list):
            spot.refuse("must be an array")
            return
        if len(value) < least:
            spot.refuse(f"no fewer than {least} items allowed")
        if len(value) > most:
            spot.refuse(f"no more than {most} items allowed")
        for index, item in enumerate(value):
            check_item(spot.at(index), item)

    return check


def shape(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    *rules: Check,
) -> Check:
    """Expect an object with these members and, besides `type`, no others.

    Args:
        rules: checks of the whole object, for what one member says of another.
    """
    known = {**required, **(optional or {})}

    def check(spot: Spot, value: Any) -> None:
        if not isinstance(value, dict):
            spot.refuse("must be an object")
            return
        for name in required:
            if name not in value:
                spot.refuse(f"missing required field: {name}")
        for name, member in value.items():
            if name in known:
                known[name](spot.at(name), member)
            elif name != "type":
                spot.refuse(f"invalid additional property: {name}")
        for rule in rules:
            rule(spot, value)

    return check


def by_type(table: Mapping[str, Check]) -> Check:
    """Expect an object whose `type` picks its check; other types are unsupported."""

    def check(spot: Spot, value: Any) -> None:
        if not isinstance(value, dict):
            spot.refuse("must be an object")
        elif "type" not in value:
            spot.refuse("missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in table:
            spot.at("type").refuse(f"unsupported type: {value['type']}")
        else:
            table[value["type"]](spot, value)

    return check


def either(*names: str, both: bool = False) -> Check:
    """Expect one of several members; more than one only if `both`."""

    def rule(spot: Spot, value: Any) -> None:
        given = [name for name in names if value.get(name) is not None]
        if not given:
            spot.refuse(f"must define one of: {', '.join(names)}")
        elif len(given) > 1 and not both:
            spot.refuse(f"must define only one of: {', '.join(names)}")

    return rule


def identifier(spot: Spot, value: Any) -> None:
    """Expect an ID chosen by the app: block_id, action_id, callback_id."""
    string(255)(spot, value)


def url(most: int) -> Check:
    """Expect a web address of at most `most` characters."""
    length = string(most)

    def check(spot: Spot, value: Any) -> None:
        length(spot, value)
        if isinstance(value, str) and not re.match(r"[a-zA-Z][a-zA-Z0-9+.\-]*:", value):
            spot.refuse("must be a valid URL")

    return check
