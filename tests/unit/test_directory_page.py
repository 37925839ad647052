"""The page about data sets says what the code does, and which tests show it."""

import re
from pathlib import Path

import pytest

from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet, Standing
from bot.domain.needs import NEEDS, Feature
from bot.domain.readings import READINGS
from bot.domain.subjects import LICENCES, SUBJECTS
from bot.graph.data_sets import COLLECTIONS, OWNED
from bot.graph.logs import LOGS
from bot.graph.usage_reports import USAGE_REPORTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/directory.md").read_text(encoding="utf-8")
TABLES = PAGE.partition("## What becomes of each")[0]  # that part has its own test
COLUMNS = (
    "Data set",
    "Least permission",
    "Read from",
    "In full",
    "Then",
    "Clock",
    "Licence",
    "Not in",
    "Verified by",
)
EVERY = "[*COLLECTIONS, *OWNED]"  # of a test that is made for all of these
US_GOVERNMENT = {Cloud.GCC_HIGH, Cloud.DOD}
CLOUDS = {"-": set(), "US Government": US_GOVERNMENT, "China": {Cloud.CHINA}}

pytestmark = pytest.mark.quick


def cells(line: str) -> list[str]:
    """A table row's cells."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def quoted(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def rows() -> dict[str, dict[str, str]]:
    """Each data set's row, by column."""
    lines = [
        line for line in TABLES.splitlines() if re.match(r"\| `[a-z0-9_]+` \|", line)
    ]
    found = [dict(zip(COLUMNS, cells(line), strict=True)) for line in lines]
    return {quoted(row["Data set"])[0]: row for row in found}


def path_of(data_set: DataSet) -> str:
    """Where the code asks for it."""
    if data_set in LOGS:
        return LOGS[data_set].path
    if data_set in USAGE_REPORTS:
        return USAGE_REPORTS[data_set].request.path
    if data_set in OWNED:
        return f"{OWNED[data_set].owners.path}/{{id}}/{OWNED[data_set].inside}"
    return COLLECTIONS[data_set].path


def full_of(data_set: DataSet) -> str:
    """How the code reads all of it, in the page's words."""
    if data_set in LOGS:
        return "windows"
    if data_set in USAGE_REPORTS:
        return "a file"
    if data_set in COLLECTIONS:
        return "in ranges" if COLLECTIONS[data_set].ranged else "page by page"
    owners = OWNED[data_set].owners
    if owners.expand is None:
        return "app by app"
    return "expanded, in ranges" if owners.ranged else "expanded"


def then_of(data_set: DataSet) -> str:
    """How the code keeps it current, in the page's words."""
    reading = READINGS[data_set]
    if reading.kept is not None:
        return f"next window, kept {reading.kept.days} days"
    return "delta" if reading.delta else "read again"


def clock_of(data_set: DataSet) -> str:
    """Its clock, in the page's words."""
    every = READINGS[data_set].every
    return "each sync" if every is None else f"{every.total_seconds() / 3600:g} hours"


def test_every_table_has_the_same_columns_and_a_subject() -> None:
    heads = [
        cells(line) for line in TABLES.splitlines() if line.startswith("| Data set")
    ]
    titles = re.findall(r"^## (\w+)\n\n\| Data set", PAGE, re.MULTILINE)

    assert heads == [list(COLUMNS)] * len(SUBJECTS)
    assert titles == [str(subject) for subject in SUBJECTS]


def test_every_data_set_stands_there_once_under_its_subject() -> None:
    expected = [str(each) for some in SUBJECTS.values() for each in some]

    assert list(rows()) == expected
    assert sorted(expected) == sorted(DataSet), "each has one subject"
    assert len(re.findall(r"^\| `[a-z0-9_]+` \|", TABLES, re.M)) == len(DataSet)


@pytest.mark.parametrize("data_set", DataSet)
def test_a_row_says_what_the_code_does(data_set: DataSet) -> None:
    row, reading = rows()[data_set], READINGS[data_set]

    assert quoted(row["Least permission"]) == [
        str(any_of[0]) for any_of in reading.needs
    ]
    assert quoted(row["Read from"]) == [path_of(data_set)]
    assert row["In full"] == full_of(data_set)
    assert row["Then"] == then_of(data_set)
    assert row["Clock"] == clock_of(data_set)
    assert row["Licence"] == LICENCES.get(data_set, "-")
    clouds: set[Cloud] = set()
    assert clouds.union(*(CLOUDS[each] for each in row["Not in"].split(", "))) == (
        reading.absent_from
    )


@pytest.mark.parametrize("data_set", DataSet)
def test_the_tests_it_names_are_there_and_about_it(data_set: DataSet) -> None:
    named = quoted(rows()[data_set]["Verified by"])
    assert named

    for each in named:
        file, _, test = each.partition("::")
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {test}\(", text, re.MULTILINE), each
        of_all = data_set not in (*LOGS, *USAGE_REPORTS) and EVERY in text
        assert f"DataSet.{data_set.name}" in text or of_all, each


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_is_explained(standing: Standing) -> None:
    assert re.search(rf"^\| [^|]+ \| `{standing}` \| [^|]+ \| [^|]+ \|$", PAGE, re.M)


@pytest.mark.parametrize("feature", Feature)
def test_the_readme_names_every_permission_of_a_feature(feature: Feature) -> None:
    """No more and no fewer; those not used yet are not asked for."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(rf"^ *\| {feature} \| (.*) \|$", readme, re.MULTILINE)
    roles = {str(need.role) for need in NEEDS if need.feature is feature}

    found = [set(quoted(line)) for line in lines]

    assert found == ([] if feature is Feature.PROVISIONING else [roles])
