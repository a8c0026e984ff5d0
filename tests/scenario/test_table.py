"""Tables are values: what was read does not change, and a variant of it is another table."""

from typing import Annotated

import pytest
from pydantic_core import SchemaValidator, ValidationError

from gdsim.scenario.fields import AtMost, Several, Within
from gdsim.scenario.table import Table, core_schema, entry


class Leaf(Table):
    """A table inside another."""

    size: Annotated[int, Within(gt=0)] = entry(description="How large.")
    names: Annotated[Several[str], AtMost(2)] = entry((), description="What it is called.")


class Tree(Table, others=float):
    """A table that takes keys of its own."""

    leaf: Leaf | None = entry(None, description="What hangs on it.")
    heights: dict[str, float] | None = entry(None, description="By name.")


def read(value: object) -> Tree:
    tree: Tree = SchemaValidator(core_schema(Tree)).validate_python(value)  # type: ignore[arg-type]
    return tree


def test_reads_by_its_annotations() -> None:
    """Lists become tuples, absent fields have their defaults, and what was given is known."""
    tree = read({"leaf": {"size": 3, "names": ["a", "b"]}, "depth": 2})
    assert tree.leaf == Leaf(size=3, names=("a", "b"))
    assert "leaf" in tree.given
    assert "heights" not in tree.given
    assert tree.heights is None
    assert repr(tree) == "Tree(leaf=Leaf(size=3, names=('a', 'b')), heights=None, depth=2.0)"
    assert read({"leaf": tree.leaf}).leaf is tree.leaf


@pytest.mark.parametrize(
    ("value", "place", "kind"),
    [
        ({"leaf": {"size": 0}}, ("leaf", "size"), "greater_than"),
        ({"leaf": {"size": 1.0}}, ("leaf", "size"), "int_type"),
        ({"leaf": {"size": 1, "colour": 2}}, ("leaf", "colour"), "extra_forbidden"),
        ({"leaf": {}}, ("leaf", "size"), "missing"),
        ({"leaf": 3}, ("leaf",), "model_type"),
        ({"depth": "2"}, ("depth",), "float_type"),
        ({"heights": {"a": float("inf")}}, ("heights", "a"), "finite_number"),
    ],
)
def test_refuses_at_the_place(value: object, place: tuple[str, ...], kind: str) -> None:
    """No guessing of types, no unknown keys, no infinity; the error says where."""
    with pytest.raises(ValidationError) as caught:
        read(value)
    assert [(each["loc"], each["type"]) for each in caught.value.errors()] == [(place, kind)]


def test_never_changes() -> None:
    """A variant is another table; the one it was made from stays as it was."""
    leaf = Leaf(size=1)
    with pytest.raises(AttributeError, match="Leaf does not change: size"):
        leaf.size = 2
    assert leaf.replaced(size=2) == Leaf(size=2) != leaf
    assert (leaf.size, leaf.given, leaf.replaced(names=("a",)).given) == (1, {"size"}, {"size", "names"})
    assert len({leaf, Leaf(size=1), Leaf(size=2)}) == 2
