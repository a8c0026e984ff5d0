"""What a learner calls the parts of a model, and what is meant by what is typed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.engine.names import in_ascii, input_name, named_elements, neuron_name, parameter_name, typed_name, typeset
from gdsim.engine.parameters import Layout

NET = Layout(("W1", "b1", "W2", "b2"), ((3, 2), (3,), (1, 3), (1,)))
WIDE = Layout(("W1", "b1", "W2", "b2"), ((20, 784), (20,), (10, 20), (1,)))
NEURON = Layout(("W1", "b1"), ((1, 3), (1,)))
PERCEPTRON = Layout(("w", "b"), ((2,), ()), ("w1", "w2", "b"))
NAMED = Layout(("W1", "b1", "W2", "b2"), ((1, 2), (1,), (1, 1), (1,)), ("w5", "w6", "b", "W2[0,0]", "b2[0]"))


def networks() -> st.SearchStrategy[Layout]:
    """Return networks of one to three layers of up to 30 units."""
    return st.lists(st.integers(1, 30), min_size=2, max_size=4).map(_network)


def _network(sizes: list[int]) -> Layout:
    shapes = [shape for below, units in pairwise(sizes) for shape in ((units, below), (units,))]
    names = [name for layer in range(1, len(sizes)) for name in (f"W{layer}", f"b{layer}")]
    return Layout(tuple(names), tuple(shapes))


@pytest.mark.parametrize(
    ("layout", "file", "screen", "ascii_name"),
    [
        (NET, "W1[1,0]", "w¹₂₁", "w1[2,1]"),
        (NET, "b1[1]", "b¹₂", "b1[2]"),
        (NET, "W2[0,2]", "w²₁₃", "w2[1,3]"),
        (NET, "b2[0]", "b²₁", "b2[1]"),
        (WIDE, "W1[11,2]", "w¹₁₂,₃", "w1[12,3]"),
        (WIDE, "W1[1,0]", "w¹₂,₁", "w1[2,1]"),
        (WIDE, "b1[11]", "b¹₁₂", "b1[12]"),
        (WIDE, "b2[0]", "b²", "b²"),
        (NEURON, "W1[0,1]", "w₂", "w2"),
        (NEURON, "b1[0]", "b", "b"),
        (PERCEPTRON, "w[1]", "w₂", "w2"),
        (PERCEPTRON, "b", "b", "b"),
        (NAMED, "W1[0,1]", "w6", "w6"),
        (NAMED, "b1[0]", "b", "b"),
        (NAMED, "W2[0,0]", "w²₁₁", "w2[1,1]"),
        (Layout(("x", "y"), ((), ())), "y", "y", "y"),
    ],
)
def test_parameters_are_counted_from_1(layout, file, screen, ascii_name):
    """Layer above, to unit and from input below; a comma past nine; a bias for all has no unit; given names win."""
    (element,) = layout.indices(file)
    assert (parameter_name(layout, element), in_ascii(screen)) == (screen, ascii_name)


def test_neurons_and_inputs_are_counted_from_1():
    """A neuron that is alone has neither layer nor unit, an input that is alone no number."""
    assert (neuron_name("z", NET, 1, 1), neuron_name("δ", NET, 2, 0), neuron_name("a", NEURON, 1, 0)) == (
        "z¹₂",
        "δ²₁",
        "a",
    )
    assert (input_name((), 1, 2), input_name((), 0, 1), input_name(("size",), 0, 2)) == ("x₂", "x", "size")
    assert (typeset("x12"), typeset("y1"), typeset("exam 1")) == ("x₁₂", "y₁", "exam 1")


@given(networks(), st.data())
def test_every_name_is_understood_in_both_forms(layout, data):
    """On the screen, in ASCII, in files, and in capitals: each of the names means the element it was made for."""
    element = data.draw(st.integers(0, layout.size - 1))
    screen, file = parameter_name(layout, element), layout.element_name(element)
    names = [screen, in_ascii(screen), file if file[0] == "W" else file.capitalize()]
    assert [layout.indices(typed_name(layout, name)) for name in names] == [(element,)] * 3


@pytest.mark.parametrize(
    ("layout", "typed", "file"),
    [
        (NET, "W1[1,0]", "W1[1,0]"),
        (NET, " w1[2, 1] ", "W1[1,0]"),
        (NET, "b1[1]", "b1[0]"),
        (NET, "B1[1]", "b1[1]"),
        (NET, "b1[0]", "b1[0]"),
        (WIDE, "b2", "b2"),
        (NEURON, "w_2", "W1[0,1]"),
        (NEURON, "w1[1,2]", "W1[0,1]"),
        (NEURON, "b", "b1[0]"),
        (PERCEPTRON, "w₂", "w2"),
        (PERCEPTRON, "w[1]", "w[1]"),
        (NAMED, "w₅", "w5"),
        (NAMED, "w5", "w5"),
    ],
)
def test_the_capital_decides(layout, typed, file):
    """W1[1,0] is counted from 0, w1[2,1] from 1; so is b1[1], and B1[1] from 0. What is 0 was counted from 0."""
    assert layout.indices(typed_name(layout, typed)) == layout.indices(file)


@pytest.mark.parametrize("text", ["w1[0,1]", "w1[4,1]", "w³₁₁", "w¹₁₂₃", "c", "update.rule", "w1", ""])
def test_other_texts_stay_as_they_are(text):
    """No parameter of the network is called so; w¹₁₂₃ could be two."""
    assert named_elements(NET, text) == ()
    assert typed_name(NET, text) == text
