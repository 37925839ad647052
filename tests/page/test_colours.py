"""Text on the page can be read: WCAG AA contrast, in the light and the dark theme."""

import re

import pytest

from sandbox.page.routes import STATIC

pytestmark = pytest.mark.quick

AA = 4.5  # WCAG 2.2, 1.4.3, text below 18 points
PAIRS = [
    ("ink", "bg"),
    ("ink", "sunken"),
    ("ink", "accent-wash"),
    ("soft", "bg"),
    ("soft", "panel"),
    ("soft", "sunken"),
    ("soft", "raised"),
    ("link", "bg"),
    ("link", "panel"),
    ("link", "mention"),
    ("code", "panel"),
    ("accent-ink", "accent"),
    ("ok", "ok-wash"),
    ("warn", "warn-wash"),
    ("bad", "bad-wash"),
    ("bad", "bg"),
    ("bad", "panel"),
    ("side-ink", "side"),
    ("side-soft", "side"),
    ("side-soft", "side-hover"),
]


def _themes() -> dict[str, dict[str, str]]:
    css = (STATIC / "css" / "base.css").read_text()
    light, dark = re.findall(r":root \{([^}]*)\}", css)[:2]
    colours = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", t)) for t in (light, dark)
    ]
    return {"light": colours[0], "dark": colours[0] | colours[1]}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_its_ground(theme: str) -> None:
    colours = _themes()[theme]
    faint = {
        pair: round(contrast, 2)
        for pair in PAIRS
        if (contrast := _contrast(colours[pair[0]], colours[pair[1]])) < AA
    }

    assert faint == {}
