"""Records are what frozen dataclasses are: the same declarations are made both ways and compared."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from functools import cached_property
from typing import Any

import pytest

from gdsim import records


def declared(dataclass: Callable[..., Any]) -> tuple[type[Any], type[Any], type[Any]]:
    @dataclass(frozen=True, slots=True)
    class Point:
        """Some fields with defaults, one not compared, one not shown."""

        x: float
        y: float = 2.0
        names: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False)
        secret: int = field(default=0, repr=False)

        @property
        def total(self) -> float:
            return self.x + self.y

    @dataclass(frozen=True)
    class Single:
        """One field, and a value kept beside it."""

        value: Any

        @cached_property
        def kept(self) -> list[Any]:
            return [self.value]

    @dataclass(frozen=True, slots=True, eq=False)
    class Own:
        """Compared by identity, shown in its own words."""

        value: int = 1

        def __repr__(self) -> str:
            return "own"

    return Point, Single, Own


OURS, THEIRS = declared(records.dataclass), declared(dataclasses.dataclass)
MADE = [
    (0, (1.0,), {}),
    (0, (1.0, 3.0, ["a"]), {"note": "n"}),
    (0, (), {"x": float("nan"), "secret": 4}),
    (1, ((1, 2),), {}),
    (1, ("x",), {}),
    (2, (), {}),
]


@pytest.mark.parametrize(("which", "values", "named"), MADE)
def test_is_made_and_shown_alike(which: int, values: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Values, defaults, text, and the variant `replace` makes are the same."""
    ours, theirs = OURS[which](*values, **named), THEIRS[which](*values, **named)
    names = [each.name for each in dataclasses.fields(ours)]
    assert names == [each.name for each in dataclasses.fields(theirs)]
    for each in names:
        assert repr(getattr(ours, each)) == repr(getattr(theirs, each))
    assert repr(ours) == repr(theirs)
    assert repr(dataclasses.replace(ours, **{names[0]: 7})) == repr(dataclasses.replace(theirs, **{names[0]: 7}))
    assert hasattr(ours, "__dict__") == hasattr(theirs, "__dict__")


def test_compares_alike() -> None:
    """Two are equal, and have one hash, when the compared fields of the same class are."""
    for made in (OURS, THEIRS):
        point, single, own = made
        assert point(1.0) == point(1.0, note="other")
        assert point(1.0) != point(1.5)
        assert point(1.0) != (1.0, 2.0, [], 0)
        assert single((1,)) == single((1,))
        assert hash(single((1,))) == hash(((1,),))
        assert single(1) != point(1)
        assert own() != own()
        assert len({own(), own()}) == 2
        with pytest.raises(TypeError, match="unhashable"):
            hash(point(1.0))


def test_lists_are_not_shared() -> None:
    """A default that is made anew is made anew for each."""
    first, second = OURS[0](1.0), OURS[0](1.0)
    first.names.append("a")
    assert second.names == []


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_never_changes(made: tuple[type[Any], ...]) -> None:
    """No field can be set or deleted; a value kept beside them can be made."""
    single = made[1](1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'value'"):
        single.value = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'value'"):
        del single.value
    assert single.kept is single.kept
    point = made[0](1.0)
    with pytest.raises(FrozenInstanceError):
        point.x = 2.0
    assert point.total == 3.0


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_refuses_wrong_arguments(made: tuple[type[Any], ...]) -> None:
    """A missing and an unknown argument are mistakes, the first time as later."""
    for _time in range(2):
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
            made[0]()
        with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
            made[0](1.0, z=2)


@records.dataclass(frozen=True, slots=True)
class Kept:
    """One that a pickle finds by its name."""

    value: int
    names: tuple[str, ...] = ()


def test_can_be_copied_and_kept() -> None:
    """Copies and pickles are equal to what they were made from."""
    kept = Kept(3, ("a",))
    assert copy.copy(kept) == copy.deepcopy(kept) == pickle.loads(pickle.dumps(kept)) == kept
    single = OURS[1](5)
    assert copy.copy(single) == single
    assert copy.copy(single).kept == [5]
