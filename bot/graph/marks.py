"""How far a complete read has come: enough to go on after a crash.

A mark names what is committed, never what was only fetched. It is JSON text that only
this module reads.
"""

from dataclasses import dataclass, replace

import msgspec

_VERSION = 1


@dataclass(frozen=True)
class Span:
    """A part of a collection that is read page after page.

    Attributes:
        condition: the $filter of the part; None for a whole collection.
        link: where its next page is; None at its beginning and its end.
    """

    condition: str | None = None
    link: str | None = None
    is_done: bool = False


@dataclass(frozen=True)
class Mark:
    """All parts of a read, and where changes since its beginning are told."""

    spans: tuple[Span, ...]
    delta_link: str | None = None
    version: int = _VERSION

    @property
    def is_done(self) -> bool:
        """Whether every part was read to its end."""
        return all(span.is_done for span in self.spans)

    @property
    def links(self) -> list[str]:
        """All links in it."""
        links = [span.link for span in self.spans] + [self.delta_link]
        return [link for link in links if link is not None]

    def moved(self, index: int, link: str | None) -> "Mark":
        """The mark after another page of a part."""
        spans = list(self.spans)
        spans[index] = replace(spans[index], link=link, is_done=link is None)
        return replace(self, spans=tuple(spans))

    def text(self) -> str:
        """The mark as it is stored."""
        return msgspec.json.encode(self).decode()


def read_mark(text: str) -> Mark | None:
    """Read a stored mark; None for one of another version: the read begins anew."""
    try:
        mark = msgspec.json.decode(text, type=Mark)
    except msgspec.MsgspecError:
        return None
    return mark if mark.version == _VERSION and mark.spans else None
