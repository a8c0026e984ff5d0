"""How a learner's line ends: with which exit status, and what the learner is told."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from gdsim.i18n import _

KICKED, STOPPED, NOT_STARTED, FAILED = 1, 0, 71, 70
"""Exit statuses of a line that the server ends: an idle one, the whole workshop's end, a screen that never came, an
error of a screen's."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a line ends: its exit status, and what the learner is told, in the learner's language, empty for nothing."""

    status: int
    text: str = ""


def failed(error: str) -> Ending:
    """Return how a line ends whose screen told of an error."""
    return Ending(FAILED, _("an error ended this screen: {error}").format(error=error))


def killed(number: int) -> Ending:
    """Return how a line ends whose process was ended by a signal."""
    text = _("this screen was ended by {signal}; log in again to go on where you were")
    return Ending(128 + number, text.format(signal=signal_name(number)))


def signal_name(number: int) -> str:
    """Return a signal's name, or its number where it has none."""
    return signal.Signals(number).name if number in signal.Signals._value2member_map_ else str(number)
