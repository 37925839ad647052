"""Slack's payloads read: what people typed, not how Slack sends it."""

import pytest

from handlers.payloads import Command

pytestmark = pytest.mark.quick


def typed(text: str) -> Command:
    """A command as Slack delivers it."""
    form = {"user_id": "U1", "team_id": "T1", "channel_id": "C1", "text": text}
    return Command.parse(form)


def test_what_slack_escapes_in_commands_is_read_as_typed() -> None:
    command = typed("status R&amp;D &lt;EU&gt; &amp;lt; ")

    assert command.text == "status R&D <EU> &lt;"


def test_mentions_stay_as_they_are() -> None:
    assert typed("<@U0DANA|dana>").text == "<@U0DANA|dana>"
