"""Screens: the run, the picker, and the sheets that lie over them.

The sheets a key opens are found here by their names; each is loaded when it is first asked for, after the first screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gdsim.tui.screens.branch_sheet import BranchSheet, Chosen
    from gdsim.tui.screens.command_sheet import CommandSheet
    from gdsim.tui.screens.palette import Palette
    from gdsim.tui.screens.picker import PickerScreen
    from gdsim.tui.screens.question import QuestionSheet, VerdictSheet
    from gdsim.tui.screens.sheets import AskLine, Choose, Reader, Working

__all__ = [
    "AskLine",
    "BranchSheet",
    "Choose",
    "Chosen",
    "CommandSheet",
    "Palette",
    "PickerScreen",
    "QuestionSheet",
    "Reader",
    "VerdictSheet",
    "Working",
]

_MODULES: Mapping[str, str] = {
    "BranchSheet": "branch_sheet",
    "Chosen": "branch_sheet",
    "CommandSheet": "command_sheet",
    "Palette": "palette",
    "PickerScreen": "picker",
    "QuestionSheet": "question",
    "VerdictSheet": "question",
} | dict.fromkeys(("AskLine", "Choose", "Reader", "Working"), "sheets")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
