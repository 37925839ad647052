"""Long lists: as many rows as one message may hold, packed into few blocks.

Slack refuses a message whose blocks hold more than some 13,000 characters of text
(`msg_blocks_too_long`), and "&" is written as five of them, so rows are counted as
they are sent.
"""

from collections.abc import Sequence

from bot.views.text import TEXT_MAX, Block, section


def as_many_as_fit(rows: Sequence[str], most: int) -> list[str]:
    """The first rows that together have at most so many characters."""
    shown: list[str] = []
    for row in rows:
        most -= len(row) + 1
        if most < 0:
            break
        shown.append(row)
    return shown


def row_sections(rows: Sequence[str]) -> list[Block]:
    """Rows as paragraphs, each of as many whole rows as a section holds."""
    texts: list[str] = []
    for row in rows:
        if texts and len(texts[-1]) + 1 + len(row) <= TEXT_MAX:
            texts[-1] = f"{texts[-1]}\n{row}"
        else:
            texts.append(row)
    return [section(text) for text in texts]
