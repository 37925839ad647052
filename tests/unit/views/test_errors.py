"""Errors drawn: foreign names in them stay names, our mentions stay mentions."""

import pytest

from bot.domain.errors import BotError
from bot.views.connect import ConnectForm, Trouble, connect_view
from bot.views.errors import error_text
from bot.views.offboarding_form import Match, match_text
from tests.scenarios.screen import words_in

pytestmark = pytest.mark.quick

TAKEN = BotError(
    "There is a tenant called R&D <!channel> <https://evil.example|x> already.",
    remedy="Ask <@U0ADA>, or join <#C0ALERTS> first.",
)


def test_names_are_escaped_and_mentions_kept() -> None:
    told = error_text(TAKEN)

    assert "R&amp;D &lt;!channel&gt; &lt;https://evil.example|x&gt; already" in told
    assert "Ask <@U0ADA>, or join <#C0ALERTS> first." in told


def test_so_they_are_on_a_form_that_is_shown_again() -> None:
    view = connect_view(ConnectForm(), Trouble(TAKEN, "name"))

    assert words_in(view).count("&lt;!channel&gt;") == 2
    assert "<!channel>" not in words_in(view)


def test_so_they_are_beside_a_person_who_could_not_be_found() -> None:
    match = Match("a@b.example", problem=TAKEN.message)

    assert "<!channel>" not in match_text(match)
