"""From a TOML file to a run: schema, data, limits, bundled scenarios.

`Scenario`, `load_file` and `load_text` are found here; they are loaded when first asked for, since pydantic-core takes
a while and the list of bundled scenarios does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gdsim.scenario.load import load_file, load_text
    from gdsim.scenario.scenario import Compared, Scenario

__all__ = ["Compared", "Scenario", "load_file", "load_text"]


def __getattr__(name: str) -> Any:
    if name in {"Compared", "Scenario"}:
        from gdsim.scenario import scenario

        return getattr(scenario, name)
    if name in {"load_file", "load_text"}:
        from gdsim.scenario import load

        return getattr(load, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
