"""Whom the text behind /offboard means."""

import pytest

from bot.domain.ids import SlackUserId
from handlers.leavers import Meant, meant_by

pytestmark = pytest.mark.quick

DANA = SlackUserId("U0DANA")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Meant()),
        ("  ", Meant()),
        ("<@U0DANA>", Meant(person=DANA)),
        ("<@U0DANA|dana>", Meant(person=DANA)),
        (" <@W0DANA|dana> please", Meant(person=SlackUserId("W0DANA"))),
        ("dana@contoso.example", Meant(address="dana@contoso.example")),
        (
            "<mailto:dana@contoso.example|dana@contoso.example>",
            Meant(address="dana@contoso.example"),
        ),
        (
            "kim_fabrikam.example#EXT#@contoso.onmicrosoft.example",
            Meant(address="kim_fabrikam.example#EXT#@contoso.onmicrosoft.example"),
        ),
        ("Sarah O'Connor", Meant(unclear="Sarah O'Connor")),
        ("&lt;@U0DANA&gt;", Meant(unclear="&lt;@U0DANA&gt;")),
        ("<#C0GENERAL|general>", Meant(unclear="<#C0GENERAL|general>")),
    ],
)
def test_people_and_addresses_are_read_and_the_rest_is_not_guessed(
    text: str, meant: Meant
) -> None:
    assert meant_by(text) == meant


def test_nobody_named_is_nobody_meant() -> None:
    assert not meant_by("").is_anybody
    assert meant_by("somebody").is_anybody
