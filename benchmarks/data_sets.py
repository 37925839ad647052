"""Which data sets the benchmarks read: what Graph lets be read quickly.

Jobs app by app, and reports and logs at five requests in ten seconds, take the time
that Graph prescribes, whoever reads them.
"""

from bot.domain.directory import DataSet
from bot.domain.readings import READINGS
from bot.graph.data_sets import COLLECTIONS, OWNED, Collection, OwnedCollection
from sandbox.bulk.permissions import DIRECTORY


def _is_read(data_set: DataSet) -> bool:
    has_collection = data_set in COLLECTIONS or data_set in OWNED
    return has_collection and not READINGS[data_set].missing(DIRECTORY)


READ = tuple(filter(_is_read, DataSet))
# Of these, what each sync reads; the others have slower clocks.
EACH_TIME = tuple(each for each in READ if READINGS[each].every is None)


def collections() -> list[Collection]:
    """Of those whose objects stand in a collection of their own."""
    return [COLLECTIONS[each] for each in READ if each in COLLECTIONS]


def owned_collections() -> list[OwnedCollection]:
    """Of those that are read owner by owner."""
    return [OWNED[each] for each in READ if each in OWNED]
