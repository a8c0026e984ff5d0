"""Colours in a terminal of 256."""

from __future__ import annotations

import colorsys

import pytest
from rich.color import Color, ColorSystem

from gdsim.tui.eight_bit import downgraded
from gdsim.tui.palettes import PALETTES, half_block, mixed
from gdsim.tui.screen_diff import codes_of
from gdsim.tui.themes import THEMES

MIXTURES = [k / 15 for k in range(16)]


def shown(color: str) -> tuple[int, int, int]:
    return downgraded(Color.parse(color), ColorSystem.EIGHT_BIT).get_truecolor()


def is_warm(color: tuple[int, int, int]) -> bool | None:
    """Whether a colour is red, orange or yellow rather than blue or cyan; None for a grey and for what lies between."""
    hue, _lightness, strength = colorsys.rgb_to_hls(*(part / 255 for part in color))
    if strength == 0:
        return None
    return True if hue < 1 / 5 or hue > 11 / 12 else False if 1 / 2 <= hue <= 3 / 4 else None


@pytest.mark.parametrize("palette", ["dark", "light", "colour-blind"])
def test_weights_of_either_sign_keep_their_hue(palette: str) -> None:
    """Of the colours from the ground to those of either sign, half or more in a row show their sign; none another's.

    No violet or green either: what is too faint to be told is grey.
    """
    colors = PALETTES[palette]
    for color, wanted in ((colors.positive, False), (colors.negative, True)):
        mixtures = [is_warm(shown(mixed(colors.ground, color, part))) for part in MIXTURES]
        first = mixtures.index(wanted)
        assert first <= len(mixtures) // 2
        assert set(mixtures[first:]) == {wanted}
        assert set(mixtures[:first]) <= {None}
        greys = [shown(mixed(colors.ground, color, part)) for part in MIXTURES[:first]]
        assert all(max(each) == min(each) for each in greys)


@pytest.mark.parametrize("level", range(16, 256))
def test_what_a_terminal_has_is_left_as_it_is(level: int) -> None:
    """A colour of the cube or a grey of the terminal's own stays; so do the sixteen and the terminal's default."""
    own = Color.from_ansi(level)
    assert shown(own.get_truecolor().hex) == own.get_truecolor()
    assert downgraded(own, ColorSystem.EIGHT_BIT) == own
    assert downgraded(Color.default(), ColorSystem.EIGHT_BIT).is_default


def test_other_depths_are_left_to_rich() -> None:
    """True colour is sent as it is; in sixteen colours Rich's own choice stands."""
    red = Color.parse("#351618")
    assert downgraded(red, ColorSystem.TRUECOLOR) == red
    assert downgraded(red, ColorSystem.STANDARD) == red.downgrade(ColorSystem.STANDARD)


def test_a_screen_is_sent_in_them() -> None:
    """The codes of a faint red in 256 colours are those of a dark red of the cube (52), not of a violet."""
    _glyph, look = half_block("", "#551c1c")
    assert codes_of(look, ColorSystem.EIGHT_BIT)[1] == "38;5;52"


@pytest.mark.parametrize("theme", ["dark", "light", "colour-blind"])
def test_grounds_stay_grey(theme: str) -> None:
    """What panels stand on has a hint of blue; it is grey in 256 colours, since the cube's dark blues would glare."""
    for ground in (THEMES[theme].background, THEMES[theme].surface, THEMES[theme].panel, PALETTES[theme].ground):
        assert ground is not None
        assert len(set(shown(ground))) == 1
