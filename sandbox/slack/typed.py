"""Turn what a person types into what Slack sends: escapes, mentions, links."""

import re

from sandbox.slack.channels import Channels
from sandbox.slack.people import People

_MENTION = re.compile(r"(?<![\w<])@([\w.\-]+\w|\w)")
_CHANNEL = re.compile(r"(?<![\w<&])#([\w\-]+)")
_LINK = re.compile(r"https?://[^\s<>]+")


def escaped(text: str) -> str:
    """Escape the three control characters of Slack's mark-up."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def resolved(text: str, people: People, channels: Channels) -> str:
    """Turn @names, #channels and addresses into Slack's angle-bracket form.

    What a command with `should_escape` receives, and what messages are stored as.
    Names of nobody stay as they were typed.
    """

    def mention(match: re.Match[str]) -> str:
        user = people.find_by_name(match[1])
        return f"<@{user['id']}|{user['name']}>" if user else match[0]

    def channel(match: re.Match[str]) -> str:
        found = channels.find_by_name(match[1])
        return f"<#{found.id}|{found.name}>" if found else match[0]

    with_links = _LINK.sub(lambda match: f"<{match[0]}>", text)
    return _CHANNEL.sub(channel, _MENTION.sub(mention, with_links))
