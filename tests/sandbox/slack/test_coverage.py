"""The coverage list says what the code does, no more and no less."""

import ast
import inspect
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from sandbox.slack import coverage, payloads
from sandbox.slack.api import METHODS
from sandbox.slack.blocks import elements
from sandbox.slack.blocks.layout import BLOCKS
from sandbox.slack.control import ACTS, SIGHTS
from sandbox.slack.coverage import Row

HERE = Path(__file__).parent
pytestmark = pytest.mark.quick


def present(rows: Iterable[Row]) -> set[str]:
    """Return the names of what is there, wholly or in part."""
    return {name for name, support, _ in rows if support != "absent"}


def source_of(test: str) -> str:
    """Return the text of a test, empty if there is none of that name."""
    file, _, function = test.partition("::")
    text = (HERE / file).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name == function:
            return ast.get_source_segment(text, node) or ""
    return ""


def test_rows_are_unique_and_filled_in() -> None:
    """No name stands twice in a list, and every row says test or lack."""
    names = [row[0] for row in coverage.METHODS]

    assert len(names) == len(set(names))
    assert all(note for _, _, note in coverage.EVERYTHING)


@pytest.mark.parametrize(
    "row", [row for row in coverage.EVERYTHING if row[1] == "supported"], ids=str
)
def test_supported_rows_name_a_test(row: Row) -> None:
    """The named test exists and asserts something."""
    text = source_of(row[2])

    assert "assert " in text


@pytest.mark.parametrize(
    "row", [row for row in coverage.METHODS if row[1] == "supported"], ids=str
)
def test_supported_methods_are_called_by_their_test(row: Row) -> None:
    """The test calls that very method, by the client or by name."""
    name = row[0]
    text = source_of(row[2])
    helpers = (HERE / row[2].partition("::")[0]).read_text(encoding="utf-8")

    called = name.replace(".", "_")
    assert f"client.{called}(" in text or f"client.{called}(" in helpers


def test_every_routed_method_is_listed() -> None:
    """What the dispatcher knows is what the list says, and the reverse."""
    assert present(coverage.METHODS) == set(METHODS)


def test_every_payload_is_listed() -> None:
    """Each kind of payload that is drawn stands in the list."""
    drawn = {
        name
        for name, function in inspect.getmembers(payloads, inspect.isfunction)
        if function.__module__ == payloads.__name__ and not name.startswith("_")
    }

    assert present(coverage.PAYLOADS) == drawn - {"on_message", "on_view"}


def test_every_block_and_element_is_listed() -> None:
    """The validator's tables and the list agree."""
    blocks = {name for table in BLOCKS.values() for name in table}
    tables: tuple[Mapping[str, object], ...] = (
        elements.ACTIONS_ELEMENTS,
        elements.ACCESSORIES,
        elements.INPUT_ELEMENTS,
        elements.CONTEXT_ACTIONS,
    )

    assert present(coverage.BLOCKS) == blocks
    assert present(coverage.ELEMENTS) == {name for table in tables for name in table}


@pytest.mark.parametrize("name", sorted(ACTS) + sorted(SIGHTS))
def test_every_control_route_is_tested(name: str) -> None:
    """Each control route is used in the tests of the control API."""
    text = (HERE / "test_control.py").read_text(encoding="utf-8")
    verb = "do" if name in ACTS else "see"

    assert f'page.{verb}("{name}"' in re.sub(r"\(\s+", "(", text)
