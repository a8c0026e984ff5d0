"""See gradient descent one update at a time.

From Python: `gdsim.load("mountain-descent")` returns a run; `gdsim.api` describes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gdsim.api import Run, Update, load, scenarios

__version__ = "0.1.0"
__all__ = ["Run", "Update", "__version__", "load", "scenarios"]


def __getattr__(name: str) -> Any:
    """Load the API when something of it is first asked for: numpy and pydantic-core take a while."""
    if name in {"Run", "Update", "load", "scenarios"}:
        from gdsim import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
