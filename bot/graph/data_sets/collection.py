"""How a collection is asked for: path, selected properties, permission, page size.

Page sizes and what may be selected follow the reference page of each collection.
"""

from dataclasses import dataclass, replace
from typing import Any

from bot.domain.permissions import AppRole
from bot.graph.requests import GraphRequest

LARGEST_PAGE = 999
# Groups come with up to twenty members each, and their other ones are fetched before
# the page counts as read: a smaller page is less to hold and to read again.
GROUPS_PER_PAGE = 200
MOST_EXPANDED = 20  # where as many came with an owner, there may be more


@dataclass(frozen=True)
class Collection:
    """A collection that is read page by page.

    Attributes:
        item: the type that its objects are decoded to.
        select: the properties asked for; "" where its reference page takes no $select.
        needs: the least permission, the one to name when it is missing.
        expand: a related object that comes with each.
        top: objects per page; None where Graph decides.
        ranged: whether it may be filtered by createdDateTime, so that ranges of it can
            be read side by side.
        changes: the path that tells changes, None where Graph does not tell them.
        tracked: relations whose changes come too.
        undocumented: whether its reference page knows neither $select nor $top. They
            are asked for all the same, and left out where they are refused.
    """

    path: str
    item: type[Any]
    select: str
    needs: AppRole
    expand: str | None = None
    top: int | None = None
    ranged: bool = False
    changes: str | None = None
    tracked: str | None = None
    undocumented: bool = False

    def request(self, condition: str | None = None) -> GraphRequest:
        """Ask for the first page of all objects, or of those that meet a condition."""
        params = {"$select": self.select} if self.select else {}
        if self.expand is not None:
            params["$expand"] = self.expand
        if self.top is not None:
            params["$top"] = str(self.top)
        if condition is not None:
            params["$filter"] = condition
        return GraphRequest("GET", self.path, self.needs, params)

    def documented(self) -> "Collection":
        """The same without what it may refuse."""
        if not self.undocumented:
            return self
        return replace(self, select="", top=None, undocumented=False)

    def changes_request(self, *, from_now: bool) -> GraphRequest:
        """Ask for changes: from now on, or for everything there is first.

        Raises:
            ValueError: Graph tells no changes of this collection.
        """
        if self.changes is None:
            raise ValueError(f"{self.path} has no delta")
        select = ",".join(filter(None, (self.select, self.tracked)))
        params = {"$select": select}
        if from_now:
            params["$deltatoken"] = "latest"
        return GraphRequest(
            "GET", self.changes, self.needs, params, page_size=LARGEST_PAGE
        )


@dataclass(frozen=True)
class OwnedCollection:
    """A collection that exists only inside the objects of another one.

    Attributes:
        owners: the collection of the objects that own them. Read with `expand`, it
            brings the first twenty owned objects of each.
        inside: the owned collection's name in its owner.
        item: the type that owned objects are decoded to.
        select: as of `Collection`.
        top: owned objects per page; None where Graph decides.
        forgiving: whether an owner that refuses what it owns leaves the others' read.
    """

    owners: Collection
    inside: str
    item: type[Any]
    select: str
    needs: AppRole
    top: int | None = LARGEST_PAGE
    forgiving: bool = False

    def request(self, owner_id: str) -> GraphRequest:
        """Ask for all that one owner has."""
        params = {"$select": self.select} if self.select else {}
        if self.top is not None:
            params["$top"] = str(self.top)
        path = f"{self.owners.path}/{owner_id}/{self.inside}"
        return GraphRequest("GET", path, self.needs, params)
