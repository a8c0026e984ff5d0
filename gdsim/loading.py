"""Loading a package without parts of it that take long and that nobody here uses."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType


def load_without(package: str, parts: Mapping[str, Sequence[str]]) -> ModuleType:
    """Return a package, loaded without some of its modules; whole where it is loaded already, or needs them after all.

    parts: those modules, and the names others take from each; what is taken there is None. Whoever imports one of them
    later gets the module itself.
    """
    if package in sys.modules:
        return sys.modules[package]
    stand_ins = {name: ModuleType(name) for name in parts}
    for name, stand_in in stand_ins.items():
        vars(stand_in).update(dict.fromkeys(parts[name]))
    sys.modules.update(stand_ins)
    try:
        return import_module(package)
    except Exception:  # whatever a later version does not find in the stand-ins
        for loaded in [each for each in sys.modules if each.partition(".")[0] == package]:
            del sys.modules[loaded]
        return import_module(package)
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
