"""$filter: the part of OData's language that Graph's directory understands."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.graph.entity import EntityType
from sandbox.graph.errors import malformed, unsupported_query
from sandbox.graph.tenant import Json

Test = Callable[[Json], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),:])
    |(?P<word>[^\s(),:']+(?::\d\d[^\s(),']*)?))""",
    re.VERBOSE,
)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)t(\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(?:z|\+00:00)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "ge": lambda left, right: left is not None and bool(left >= right),
    "le": lambda left, right: left is not None and bool(left <= right),
    "gt": lambda left, right: left is not None and bool(left > right),
    "lt": lambda left, right: left is not None and bool(left < right),
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
}


def _folded(value: Any) -> Any:
    """Return a value as it compares: texts without case, times by their moment."""
    if not isinstance(value, str):
        return value
    folded = value.casefold()
    moment = _MOMENT.fullmatch(folded)
    if moment is None:
        return folded
    day, clock, fraction = moment.groups()
    return f"{day}t{clock}.{fraction or '':0<7}z"


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise malformed(f"Invalid filter clause: syntax error at position {at}.")
        found.append(match.group().strip())
        at = match.end()
    return found


class FilterParser:
    """Parse one $filter expression into a test on objects.

    After `parse`, `advanced` tells whether it needs the eventual index, that is the
    header ConsistencyLevel: eventual together with $count=true.

    Raises:
        GraphError: 400 for a syntax error, an unknown property, or a property or
            operator that the directory cannot filter by.
    """

    def __init__(self, text: str, entity: EntityType) -> None:
        self._waiting = _tokens(text)
        self._entity = entity
        self._variable: str | None = None
        self.advanced = False

    def parse(self) -> Test:
        """Return the test of the whole expression."""
        test = self._any_of()
        if self._waiting:
            raise malformed(
                f"Invalid filter clause: syntax error near '{self._waiting[0]}'."
            )
        return test

    def _take(self, expected: str | None = None) -> str:
        if not self._waiting:
            raise malformed("Invalid filter clause: the expression ends too early.")
        token = self._waiting.pop(0)
        if expected is not None and token.lower() != expected:
            raise malformed(f"Invalid filter clause: '{expected}' expected.")
        return token

    def _next_is(self, word: str) -> bool:
        return bool(self._waiting) and self._waiting[0].lower() == word

    def _any_of(self) -> Test:
        tests = [self._all_of()]
        while self._next_is("or"):
            self._take()
            tests.append(self._all_of())
        return lambda item: any(test(item) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._one()]
        while self._next_is("and"):
            self._take()
            tests.append(self._one())
        return lambda item: all(test(item) for test in tests)

    def _one(self) -> Test:
        if self._next_is("not"):
            self._take()
            self.advanced = True
            inner = self._one()
            return lambda item: not inner(item)
        if self._next_is("("):
            self._take()
            inner = self._any_of()
            self._take(")")
            return inner
        return self._condition()

    def _condition(self) -> Test:
        word = self._take()
        if self._next_is("("):
            if word.lower().endswith("/any"):
                return self._any_item(word.rsplit("/", 1)[0])
            return self._function(word)
        return self._comparison(word)

    def _function(self, name: str) -> Test:
        function = _FUNCTIONS.get(name.lower())
        if function is None:
            raise malformed(f"Invalid filter clause: An unknown function '{name}'.")
        self.advanced = self.advanced or name.lower() == "endswith"
        self._take("(")
        read = self._property(self._take())
        self._take(",")
        value = str(self._literal(self._take()))
        self._take(")")
        return lambda item: function(str(_folded(read(item)) or ""), value)

    def _comparison(self, word: str) -> Test:
        read = self._property(word)
        operator = self._take().lower()
        if operator == "in":
            choices = self._list()
            return lambda item: _folded(read(item)) in choices
        compare = _COMPARISONS.get(operator)
        if compare is None:
            raise malformed(f"Invalid filter clause: unknown operator '{operator}'.")
        self.advanced = self.advanced or operator == "ne"
        value = self._literal(self._take())
        return lambda item: compare(_folded(read(item)), value)

    def _any_item(self, collection: str) -> Test:
        self._check(collection)
        self._take("(")
        self._variable = self._take()
        self._take(":")
        inner = self._any_of()
        self._take(")")
        variable, self._variable = self._variable, None
        return lambda item: any(
            inner({variable: entry}) for entry in item.get(collection) or ()
        )

    def _list(self) -> list[Any]:
        self._take("(")
        values = [self._literal(self._take())]
        while self._next_is(","):
            self._take()
            values.append(self._literal(self._take()))
        self._take(")")
        return values

    def _property(self, word: str) -> Callable[[Json], Any]:
        names = word.split("/")
        if names[0] != self._variable:
            self._check(names[0])

        def read(item: Any) -> Any:
            for name in names:
                item = item.get(name) if isinstance(item, dict) else None
            return item

        return read

    def _check(self, name: str) -> None:
        if name not in self._entity.properties:
            raise malformed(
                f"Invalid filter clause: Could not find a property named '{name}' on "
                f"type '{self._entity.full_name}'."
            )
        if name not in self._entity.filterable:
            raise unsupported_query(
                "Unsupported or invalid query filter clause specified for property "
                f"'{name}' of resource '{self._entity.name}'."
            )

    @staticmethod
    def _literal(token: str) -> Any:
        if token.startswith("'"):
            return token[1:-1].replace("''", "'").casefold()
        named = {"true": True, "false": False, "null": None}
        if token.lower() in named:
            return named[token.lower()]
        return int(token) if token.lstrip("-").isdigit() else _folded(token)
