"""Frozen dataclasses that cost little to declare.

The standard library writes and compiles six methods for every frozen dataclass each time a program starts; for more
than a hundred classes that is a good part of the start. Here comparing, showing and the refusal to change are the same
functions for all of them, and ``__init__`` is compiled when the first instance is made. What is declared, what type
checkers know and how instances behave is as with `dataclasses.dataclass`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen, slots=False, eq=True):
        """Return a decorator that makes a dataclass of a class; for one that changes there is the standard library."""
        assert frozen
        bare = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)
        return lambda declared: _frozen(bare(declared), is_compared=eq)


__all__ = ["dataclass"]


def _frozen(made: type[Any], *, is_compared: bool) -> type[Any]:
    """Return a dataclass that has fields alone with the methods of a frozen one, where it has none of its own."""
    methods: dict[str, Any] = {
        "__init__": _first_init(made),
        "__repr__": _repr,
        "__setattr__": _refuse_value,
        "__delattr__": _refuse_deletion,
        "__getstate__": _state,
        "__setstate__": _restore,
    }
    if is_compared:
        values = _values(tuple(each.name for each in dataclasses.fields(made) if each.compare))
        methods |= {"__eq__": _equality(values), "__hash__": lambda self: hash(values(self))}
    for name, method in methods.items():
        if vars(made).get(name) is None:
            setattr(made, name, method)
    return made


def _first_init(made: type[Any]) -> Callable[..., None]:
    """Return an ``__init__`` that the real one replaces at the first call."""

    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        made.__init__ = _init(made)
        made.__init__(self, *arguments, **keywords)

    return init


def _init(made: type[Any]) -> Callable[..., None]:
    """Return the ``__init__`` of a class, compiled from its fields: each is put in its slot, or in ``__dict__``."""
    known: dict[str, Any] = {"_missing": MISSING}
    parameters, lines = ["self"], ["_values = self.__dict__" if made.__dictoffset__ else "pass"]
    for each in dataclasses.fields(made):
        parameter = value = name = each.name
        if each.default_factory is not MISSING:
            known[f"_new_{name}"] = each.default_factory
            parameter, value = f"{name}=_missing", f"_new_{name}() if {name} is _missing else {name}"
        elif each.default is not MISSING:
            known[f"_default_{name}"] = each.default
            parameter = f"{name}=_default_{name}"
        parameters.append(parameter)
        slot = getattr(made, name, None)
        if isinstance(slot, MemberDescriptorType):
            known[f"_set_{name}"] = slot.__set__
            lines.append(f"_set_{name}(self, {value})")
        else:
            lines.append(f"_values[{name!r}] = {value}")
    text = "\n ".join((f"def __init__({', '.join(parameters)}):", *lines))
    exec(text, known)  # noqa: S102  # written from the names of fields alone, as the standard library does
    init: Callable[..., None] = known["__init__"]
    return init


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gets the values of some fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _equality(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_value(self: Any, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r} of {type(self).__qualname__}")


def _refuse_deletion(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r} of {type(self).__qualname__}")


def _state(self: Any) -> list[Any]:
    """Return what copies and pickles are made from; it does not go through the refusal to change."""
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
