"""Where each data set is read, by subject."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.directory import DataSet
from bot.graph.data_sets import access, activity, directory, owners
from bot.graph.data_sets.collection import (
    GROUPS_PER_PAGE,
    LARGEST_PAGE,
    MOST_EXPANDED,
    Collection,
    OwnedCollection,
)

COLLECTIONS: Mapping[DataSet, Collection] = MappingProxyType(
    {**directory.COLLECTIONS, **access.COLLECTIONS, **activity.COLLECTIONS}
)
"""Data sets whose objects stand in a collection of their own."""

OWNED: Mapping[DataSet, OwnedCollection] = MappingProxyType(
    {**directory.OWNED, **owners.OWNED, **access.OWNED}
)
"""Data sets that are read owner by owner: a group's members, an app's trusts."""

__all__ = [
    "COLLECTIONS",
    "GROUPS_PER_PAGE",
    "LARGEST_PAGE",
    "MOST_EXPANDED",
    "OWNED",
    "Collection",
    "OwnedCollection",
]
