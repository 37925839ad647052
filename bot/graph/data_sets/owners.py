"""Where the owners of groups, app registrations and service principals are read.

Expanding brings at most twenty owners of each. Almost nothing has as many, so a list
of the objects brings nearly all of their owners for one resource unit a page more.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.directory import DataSet
from bot.domain.permissions import AppRole
from bot.graph.data_sets.collection import LARGEST_PAGE, Collection, OwnedCollection
from bot.graph.decoding.owners import OwnerWire, WithOwnersWire


def _owners(path: str, needs: AppRole, *, ranged: bool) -> OwnedCollection:
    objects = Collection(
        path,
        WithOwnersWire,
        "id",
        needs,
        expand="owners($select=id)",
        top=LARGEST_PAGE,
        ranged=ranged,
    )
    return OwnedCollection(objects, "owners", OwnerWire, "id", needs)


_APPS = AppRole.APPLICATION_READ_ALL

OWNED: Mapping[DataSet, OwnedCollection] = MappingProxyType(
    {
        DataSet.GROUP_OWNERS: _owners(
            "/groups", AppRole.GROUP_MEMBER_READ_ALL, ranged=True
        ),
        DataSet.APPLICATION_OWNERS: _owners("/applications", _APPS, ranged=True),
        DataSet.SERVICE_PRINCIPAL_OWNERS: _owners(
            "/servicePrincipals", _APPS, ranged=False
        ),
    }
)
