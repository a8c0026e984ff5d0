"""The chain rule for one weight: factors whose product, summed over ways and samples, is the gradient."""

from itertools import pairwise

import numpy as np
import pytest
import sympy
from explained_runs import XOR, admissions, function_timeline, mountain, network, perceptron, two_two_two, wide
from hypothesis import given
from hypothesis import strategies as st

from gdsim.engine.gradient_check import Nudges, nudge
from gdsim.engine.losses import Penalty
from gdsim.engine.models.network import Layer, NetworkModel
from gdsim.explain.chain import chain_of, chain_page, has_chain
from gdsim.explain.selection import focus_on
from gdsim.timeline.position import Focus


def weight_of(timeline, element, sample=None):
    """Return the chain of an element of θ in the first update."""
    return chain_of(timeline.update(1), focus_on(timeline.run.model, element, Focus(sample=sample)))


def test_an_output_weight_has_three_factors():
    """w5: ∂E/∂out 0.74136507, ∂out/∂net 0.186815602, ∂net/∂w5 0.593269992, together 0.082167041 (Mazur)."""
    chain = weight_of(two_two_two(), 6)
    assert [factor.value for factor in chain.factors] == pytest.approx([0.74136507, 0.186815602, 0.593269992], abs=5e-9)
    assert [factor.place for factor in chain.factors] == [(2, 0, None), (2, 0, None), (2, 0, 0)]
    (line,) = chain.stages[-1].lines
    assert line.formula == "∂C/∂a²₁ · ∂a²₁/∂z²₁ · ∂z²₁/∂w5"
    assert (line.substituted, line.value) == ("0.741365 × 0.186816 × 0.593270", "0.082167")


def test_a_hidden_weight_sums_over_the_ways_its_error_comes_back():
    """w1: 0.055399425 over the first output, −0.019049119 over the second, ·0.241300709·0.05 = 0.000438568 (Mazur)."""
    over, weight = weight_of(two_two_two(), 0).stages
    assert [way.value for way in over.ways] == pytest.approx([0.055399425, -0.019049119], abs=5e-9)
    assert over.value == pytest.approx(0.036350306, abs=5e-9)
    (way,) = weight.ways
    assert [factor.value for factor in way.factors] == pytest.approx([over.value, 0.241300709, 0.05], abs=5e-9)
    assert way.value == pytest.approx(0.000438568, abs=5e-10)
    assert [factor.place for factor in over.ways[1].factors] == [(2, 1, None), (2, 1, None), (2, 1, 0)]
    assert [line.symbol for line in over.lines] == ["path 1", "path 2", "∂C/∂a¹₁"]


OUTPUTS = [
    ("sigmoid", "half-sse"), ("tanh", "mse"), ("identity", "half-mse"), ("relu", "sse"),
    ("sigmoid", "binary-cross-entropy"), ("softmax", "categorical-cross-entropy"),
]  # fmt: skip


@st.composite
def networks(draw):
    """Return the first update of a random network of one to three layers on a few samples, and one of its weights."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    activation, loss = draw(st.sampled_from(OUTPUTS))
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=4))
    hidden = draw(st.sampled_from(["sigmoid", "tanh", "identity"]))
    layers = [Layer(units, inputs, hidden) for inputs, units in pairwise(sizes)]
    layers[-1] = Layer(sizes[-1], sizes[-2], activation)
    samples = draw(st.integers(1, 4))
    targets = np.eye(sizes[-1])[rng.integers(0, sizes[-1], samples)]
    theta = rng.normal(size=sum(layer.units * (layer.inputs + 1) for layer in layers))
    timeline = network(layers, loss, rng.normal(size=(samples, sizes[0])), targets, theta)
    layout = timeline.run.model.layout
    weights = [i for name, part in layout.slices.items() if name[0] == "W" for i in range(part.start, part.stop)]
    return timeline, draw(st.sampled_from(weights)), samples


@given(networks())
def test_the_products_of_all_samples_add_up_to_the_gradient(drawn):
    """The factors of each sample multiply, and the samples add up, to the slope that nudging the weight finds."""
    timeline, element, samples = drawn
    update = timeline.update(1)
    chains = [weight_of(timeline, element, sample) for sample in range(samples)]
    for chain in chains:
        for stage, following in pairwise(chain.stages):
            opened = [way.factors[0].value for way in following.ways]
            assert any(value == pytest.approx(stage.value, rel=1e-9, abs=1e-12) for value in opened)
    theta = update.before.theta
    nudges = Nudges.of(list(nudge(update.model.objective(theta, None), theta, [element])))
    total = sum(chain.stages[-1].value for chain in chains)
    assert total == pytest.approx(float(nudges.slopes[0]), rel=1e-4, abs=1e-7)


def test_of_many_ways_the_two_largest_are_told_and_what_the_others_add():
    """Ten outputs: two ways, eight more, and together δ·W of all of them."""
    timeline = wide()
    update = timeline.update(1)
    over, _weight = weight_of(timeline, 3 * 30 + 4, 0).stages
    weights = timeline.run.model.layout.view(update.before.theta, "W2")
    assert (len(over.ways), over.more) == (2, 8)
    assert over.value == pytest.approx(float(update.backward.quantities["delta2"][0] @ weights[:, 3]))
    assert "(8 more: " in over.lines[-1].substituted


def test_softmax_is_taken_in_one_and_says_so():
    """∂C/∂z = a − y stands for the sum over all outputs that softmax makes of it."""
    chain = weight_of(
        network([Layer(3, 1, "softmax")], "categorical-cross-entropy", [[1]], [[1, 0, 0]], np.zeros(6)), 0
    )
    assert [factor.value for factor in chain.factors] == pytest.approx([1 / 3 - 1, 1])
    assert "a sum over all outputs" in chain.notes[0]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("(x - 2)**2", {"x": 4.0}),
        ("3*sin((x-2)**2) + x*y - exp(-y)", {"x": 1.0, "y": 2.0}),
        ("-(x + 1)**3/4 - 5", {"x": 0.5}),
        ("x**2*y + sqrt(1 + x**2)", {"x": 1.5, "y": -2.0}),
        ("log(1 + exp(2*x))*y", {"x": 0.3, "y": 2.0}),
        ("u*sin(v*u + 1)", {"u": 0.7, "v": 2.0}),
    ],
)
def test_a_function_is_taken_apart_from_the_outside_in(text, place):
    """The products of all terms add up to the derivative that sympy finds."""
    timeline = function_timeline(text, place)
    for index, name in enumerate(place):
        chain = chain_of(timeline.update(1), Focus(input=index, is_weight=True))
        wanted = sympy.diff(sympy.sympify(text), name).subs(place)
        assert chain.stages[-1].value == pytest.approx(float(wanted), rel=1e-9)


def test_the_inner_function_has_a_name():
    """(x − 2)² at x = 4 is u² of u = x − 2: 2u = 4, times 1 (by hand)."""
    chain = chain_of(mountain().update(1), Focus())
    assert [(factor.line.symbol, factor.value) for factor in chain.factors] == [("∂f/∂u", 4.0), ("∂u/∂x", 1.0)]
    assert chain.stages[-1].lines[0].symbol == "f′(x)"


def test_a_published_slip_stands_in_the_factor_it_is_in():
    """The source of admissions puts the output into σ′: 0.25 there, and the product is the source's gradient."""
    timeline = admissions()
    chain = weight_of(timeline, 0)
    assert chain.factors[1].value == pytest.approx(0.25, abs=1e-6)
    assert chain.stages[-1].value == pytest.approx(timeline.update(1).gradient[0])
    assert "As published" in chain.notes[0]


def test_samples_and_penalty_are_added_below_the_product():
    """XOR at once with an l2 penalty: the sum over four samples, then what the penalty adds."""
    net = network(
        [Layer(1, 2, "sigmoid")], "half-mse", XOR, [[0], [1], [1], [0]], [0.5, -0.5, 0.1], penalty=Penalty(0.1)
    )
    chain = weight_of(net, 0, 3)
    assert chain.stages[-1].symbol == "share of sample 4"
    assert [line.symbol for line in chain.lines] == ["∂C₀/∂w₁", "∂C/∂w₁"]


def test_dropout_stands_in_the_slope():
    """A unit left out has the factor 0, one that is kept 1/(1 − p): with p = ½ twice its slope."""
    layers = [Layer(8, 1, "identity", dropout=0.5), Layer(1, 8, "identity")]
    net = network(layers, "half-sse", [[1.0]], [[0.0]], np.ones(25), seed=1)
    slopes = {weight_of(net, unit).factors[-2].value for unit in range(8)}
    assert slopes == {0.0, 2.0}


def test_numbers_wait_for_the_update():
    """Inside an update its symbols are told and no number."""
    page = chain_page(chain_of(two_two_two().update(1), Focus()), 0, has_numbers=False)
    assert all(line.value == line.substituted == "" for line in page.lines)


def test_a_perceptron_has_none():
    """It learns by corrections, not by a gradient."""
    assert not has_chain(perceptron().run.model)
    assert isinstance(wide().run.model, NetworkModel)
    assert has_chain(wide().run.model)
