"""Telling a collection that a cloud does not have from an object that is gone."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from bot.graph.errors import GraphError, NotInCloudError, ObjectNotFoundError

T = TypeVar("T")

_NO_SUCH_COLLECTION = "Resource not found for the segment"


def is_missing(error: GraphError) -> bool:
    """Whether a collection itself is not there, at its first page."""
    is_not_found = isinstance(error, ObjectNotFoundError)
    return is_not_found or _NO_SUCH_COLLECTION in error.message


async def absence_told(pages: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """The same pages.

    Raises:
        NotInCloudError: in place of "not found", as long as no page came. Later it is
            a page that is lost, not the collection.
    """
    has_begun = False
    try:
        async with aclosing(pages):
            async for page in pages:
                has_begun = True
                yield page
    except GraphError as error:
        if has_begun or not is_missing(error):
            raise
        raise NotInCloudError(error) from error
