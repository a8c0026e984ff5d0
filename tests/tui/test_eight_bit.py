"""Colours in a terminal of 256."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from rich.color import Color, ColorSystem

from gdsim.tui.eight_bit import downgraded, oklab
from gdsim.tui.palettes import IN_EIGHT_BIT, PALETTES, half_block
from gdsim.tui.screen_diff import codes_of
from gdsim.tui.themes import THEMES


def shown(color: str) -> tuple[int, int, int]:
    return downgraded(Color.parse(color), ColorSystem.EIGHT_BIT).get_truecolor()


@pytest.mark.parametrize("palette", ["dark", "light", "colour-blind"])
def test_what_grows_stronger_keeps_its_hue(palette: str) -> None:
    """Of numbers of either sign and of each region, a stronger colour is one further from the ground, and of one hue.

    Hues lie within 25° on OKLab's circle; a grey, for what is too faint to be told, has none. All are the terminal's
    own.
    """
    own, ground = IN_EIGHT_BIT[palette], oklab(shown(PALETTES[palette].ground))[0]
    for colors in (own.positives, own.negatives, *own.regions[:2]):
        assert [shown(each) for each in colors] == [tuple(Color.parse(each).get_truecolor()) for each in colors]
        lab = oklab([shown(each) for each in colors])
        assert all(near < far for near, far in pairwise(np.abs(lab[:, 0] - ground)))
        strong = lab[np.hypot(lab[:, 1], lab[:, 2]) > 0.01]
        assert np.ptp(np.degrees(np.arctan2(strong[:, 2], strong[:, 1]))) < 25
    assert min(len(own.positives), len(own.negatives)) >= 5


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
