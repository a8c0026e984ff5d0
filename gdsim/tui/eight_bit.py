"""Converts true colours to the nearest of the same hue in a 256-colour terminal.

Rich takes the nearest by red, green and blue, which turns a faint red violet and a faint blue grey, since the colour
cube of terminals has few dark or faint colours. Here different hues stay different.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from rich.color import Color, ColorSystem, ColorType

from gdsim.engine.parameters import Vector, read_only

_LEVELS = (0, 95, 135, 175, 215, 255)
_TABLE = [(red, green, blue) for red in _LEVELS for green in _LEVELS for blue in _LEVELS]
_TABLE += [(8 + 10 * step,) * 3 for step in range(24)]
"""The xterm colours from 16: a cube of six levels, and greys. The first sixteen vary between terminals."""
_FIRST = 16
_HUE, _FAINTER, _STRONGER = 3.0, 8.0, 0.3
"""Weights of squared differences, relative to lightness: in hue, towards fainter colours, towards stronger ones."""
_GREY = 0.03
"""Chroma below which hue is ignored: backgrounds and frames stay grey."""

# OKLab (Björn Ottosson, 2020): linear red, green and blue → cone responses → lightness and two colour axes.
_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


def oklab(colors: object) -> Vector:
    """Convert RGB colours (…, 3) from 0 to 255 to OKLab: lightness 0 to 1, green to red, blue to yellow."""
    parts = np.asarray(colors, dtype=np.float64) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _CONES.T) @ _LAB.T)


_TABLE_IN_OKLAB = read_only(oklab(_TABLE))


@lru_cache(maxsize=2048)
def downgraded(color: Color, depth: ColorSystem) -> Color:
    """Return the colour a terminal of this colour depth shows instead."""
    if depth is not ColorSystem.EIGHT_BIT or color.type is not ColorType.TRUECOLOR:
        return color.downgrade(depth)
    own = oklab(color.get_truecolor())
    apart = _TABLE_IN_OKLAB - own
    strength = float(np.hypot(*own[1:]))
    along = own[1:] / strength if strength > _GREY else np.zeros(2)
    stronger = apart[:, 1:] @ along
    aside = (apart[:, 1:] ** 2).sum(axis=1) - stronger**2  # squared; for a grey, the whole colour difference
    far = apart[:, 0] ** 2 + _HUE * aside + np.where(stronger < 0, _FAINTER, _STRONGER) * stronger**2
    return Color.from_ansi(_FIRST + int(far.argmin()))
