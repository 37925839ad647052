"""Where data sets are read agrees with what they need and what their rows hold."""

import msgspec
import pytest

from bot.domain.directory import DataSet
from bot.domain.readings import READINGS
from bot.domain.rows import ROWS
from bot.graph.data_sets import COLLECTIONS, OWNED, Collection
from bot.graph.decoding.changes import names_of
from bot.graph.quota_costs import Group, shape
from bot.graph.requests import GraphRequest

ONE = "0f8fad5b-d9cb-469f-a165-70867728950e"


def collection_of(data_set: DataSet) -> Collection:
    owned = OWNED.get(data_set)
    return COLLECTIONS[data_set] if owned is None else owned.owners


READ = [*COLLECTIONS, *OWNED]


def requests(data_set: DataSet) -> list[GraphRequest]:
    """Everything that a read of a data set may ask first."""
    asked = [collection_of(data_set).request()]
    if data_set in OWNED:
        asked.append(OWNED[data_set].request(ONE))
    return asked


def test_each_is_read_in_one_way() -> None:
    assert len(READ) == len(set(READ))


@pytest.mark.parametrize("data_set", READ)
def test_what_is_asked_for_is_what_was_granted(data_set: DataSet) -> None:
    enough = {role for any_of in READINGS[data_set].needs for role in any_of}

    assert {request.needs for request in requests(data_set)} <= enough


@pytest.mark.parametrize("data_set", READ)
def test_changes_are_told_where_it_is_said_that_they_are(data_set: DataSet) -> None:
    has_changes = collection_of(data_set).changes is not None

    assert has_changes == READINGS[data_set].delta


@pytest.mark.parametrize("data_set", COLLECTIONS)
def test_all_that_is_selected_is_decoded(data_set: DataSet) -> None:
    collection = COLLECTIONS[data_set]
    decoded = {one.encode_name for one in msgspec.structs.fields(collection.item)}

    assert set(filter(None, collection.select.split(","))) <= decoded


@pytest.mark.parametrize(
    "data_set", [one for one in COLLECTIONS if COLLECTIONS[one].changes]
)
def test_every_column_knows_the_property_that_tells_it(data_set: DataSet) -> None:
    """Else a change that tells it is taken for one that does not, and is lost."""
    collection = COLLECTIONS[data_set]
    told = {*collection.select.split(","), f"{collection.tracked}@delta"}

    untellable = [c for c in ROWS[data_set]._fields if told.isdisjoint(names_of(c))]

    assert untellable == []


@pytest.mark.parametrize(
    ("data_set", "group"),
    [
        (DataSet.ROLE_ELIGIBILITIES, Group.IDENTITY),
        (DataSet.ROLE_ACTIVATIONS, Group.IDENTITY),
        (DataSet.IDENTITY_PROVIDERS, Group.IDENTITY),
        (DataSet.SIGN_IN_ACTIVITY, Group.IDENTITY),
        (DataSet.DEVICES, Group.IDENTITY),
        (DataSet.MANAGED_DEVICES, Group.INTUNE),
        (DataSet.REGISTRATIONS, Group.REPORTING),
    ],
)
def test_each_request_costs_one_of_its_own_limit(
    data_set: DataSet, group: Group
) -> None:
    (request,) = requests(data_set)

    assert (shape(request).group, shape(request).published) == (group, 1)


def test_jobs_of_an_app_cost_one_each() -> None:
    apps, jobs = requests(DataSet.PROVISIONING_JOBS)

    assert (shape(apps).published, shape(jobs).published) == (1, 1)
    assert shape(jobs).group is Group.IDENTITY
    assert jobs.params == {}
