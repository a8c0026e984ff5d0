"""The losses of `gdsim.engine.losses` with the numbers of one sample put in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gdsim.explain.symbols import factor, number
from gdsim.records import dataclass


@dataclass(frozen=True, slots=True)
class LossText:
    """How a loss is written for one sample, and its slope for one output.

    front: what stands before the sum over the outputs; term: one output's part, with ``aⱼ`` and ``yⱼ``.
    term_numbers, slope_numbers: that part and ∂C/∂a from (a, y), the latter before any averaging.
    is_mean: whether samples are averaged, rather than summed; is_mean_of_outputs: whether outputs are as well.
    skips_zero_targets: whether outputs with target 0 add nothing.
    """

    front: str
    term: str
    term_numbers: Callable[[float, float], str]
    slope_numbers: Callable[[float, float], str]
    is_mean: bool = True
    is_mean_of_outputs: bool = False
    skips_zero_targets: bool = False

    def front_for(self, outputs: int) -> str:
        """Return what stands before the sum over so many outputs."""
        return f"1/{outputs}·" if self.is_mean_of_outputs and outputs > 1 else self.front

    def slope(self, a: float, y: float, samples: int, outputs: int) -> str:
        """Return ∂C/∂a of one output with its numbers, averaged as the loss is."""
        divisor = (samples if self.is_mean else 1) * (outputs if self.is_mean_of_outputs else 1)
        return self.slope_numbers(a, y) + (f"/{divisor}" if divisor > 1 else "")


def difference(a: float, y: float) -> str:
    """Return ``0.75 − 0.01``."""
    return f"{number(a)} − {factor(y)}"


def _enclosed(a: float, y: float) -> str:
    return f"({difference(a, y)})"


def _doubled(a: float, y: float) -> str:
    return f"2·({difference(a, y)})"


def _square(a: float, y: float) -> str:
    return f"({difference(a, y)})²"


def _entropy(a: float, y: float) -> str:
    return f"[{number(y)}·ln {number(a)} + (1 − {number(y)})·ln(1 − {number(a)})]"


def _entropy_slope(a: float, y: float) -> str:
    return f"({difference(a, y)})/({number(a)}·(1 − {number(a)}))"


_SQUARE = "(aⱼ − yⱼ)²"

LOSS_TEXTS: Mapping[str, LossText] = {
    "sse": LossText("", _SQUARE, _square, _doubled, is_mean=False),
    "half-sse": LossText("½·", _SQUARE, _square, difference, is_mean=False),
    "mse": LossText("", _SQUARE, _square, _doubled, is_mean_of_outputs=True),
    "half-mse": LossText("½·", _SQUARE, _square, _enclosed),
    "sum-mse": LossText("", _SQUARE, _square, _doubled),
    "binary-cross-entropy": LossText("−", "[yⱼ ln aⱼ + (1 − yⱼ) ln(1 − aⱼ)]", _entropy, _entropy_slope),
    "categorical-cross-entropy": LossText(
        "−",
        "yⱼ ln aⱼ",
        lambda a, y: f"{number(y)}·ln {number(a)}",
        lambda a, y: f"−{number(y)}/{number(a)}",
        skips_zero_targets=True,
    ),
}
