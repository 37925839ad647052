"""A connection's directory, within a session's transaction.

The statements are `store.directory_writing`'s, which documents them.
"""

from store import directory_writing as writing
from store.bulk import within

upsert = within(writing.upsert)
remove = within(writing.remove)
empty_groups = within(writing.empty_groups)
keep = within(writing.keep)
sweep = within(writing.sweep)
purge = within(writing.purge)
count = within(writing.count)
