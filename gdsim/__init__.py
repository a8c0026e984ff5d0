"""See gradient descent one update at a time.

From Python: `gdsim.load("mountain-descent")` returns a run; `gdsim.api` describes it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gdsim.api import (
        Plot,
        Run,
        Update,
        from_keras,
        from_sklearn,
        from_torch,
        load,
        minimise,
        network,
        perceptron,
        scenarios,
        to_torch,
        watch,
    )

__version__ = "0.1.0"
__all__ = [
    "Plot",
    "Run",
    "Update",
    "__version__",
    "from_keras",
    "from_sklearn",
    "from_torch",
    "load",
    "minimise",
    "network",
    "perceptron",
    "scenarios",
    "to_torch",
    "watch",
]


def __getattr__(name: str) -> Any:
    """Return a name of `gdsim.api`, which is imported on first use.

    Every command imports this package, but ``gdsim --version`` does not need numpy and pydantic, which take most of the
    start-up time.
    """
    if name in __all__:
        return getattr(import_module("gdsim.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted(__all__)
