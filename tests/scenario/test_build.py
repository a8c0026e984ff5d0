"""From a scenario to a run: starting values, order of samples, ends and published slips."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scenario_texts import A_FUNCTION, A_NETWORK, A_PERCEPTRON, HEAD, UPDATE

from gdsim.engine.update import Run, updates
from gdsim.errors import UsageError
from gdsim.scenario.build import build, start_count
from gdsim.scenario.load import load_text

WIDE = (
    HEAD + UPDATE + '[network]\nloss = "mse"\n[[network.layers]]\nunits = 300\nactivation = "tanh"\n'
    'init = {{ method = "{}"{} }}\n'
    '[[network.layers]]\nunits = 1\nactivation = "identity"\ninit = {{ method = "normal" }}\n'
    '[data]\ndataset = "xor"\nfeatures = [{}]\n'
)
FEATURES = ", ".join(['"x1"'] * 200)


def run(text: str, **settings: object) -> Run:
    return build(load_text(text, "s.toml", overrides=list(settings.items())))


def test_a_function_starts_where_asked() -> None:
    """start is number 0, then come starts; there is no other."""
    scenario = load_text(A_FUNCTION + "starts = [{ x = -3 }, { x = 7 }]\n", "s.toml")
    assert start_count(scenario) == 3
    assert [float(build(scenario, start_index=i).start.theta[0]) for i in range(3)] == [1.0, -3.0, 7.0]
    with pytest.raises(UsageError, match="start 4: no such starting point; from 1 to 3"):
        build(scenario, start_index=3)


def test_the_order_of_variables_is_that_of_start() -> None:
    """θ follows start, whatever order expression, gradient and further starts have."""
    text = A_FUNCTION.replace("x**2", "a - b").replace("{ x = 1.0 }", "{ b = 1, a = 2 }")
    text += 'gradient = { a = "1", b = "-1" }\nstarts = [{ a = 5, b = 6 }]\n'
    scenario = load_text(text, "s.toml")
    assert build(scenario).model.layout.names == ("b", "a")
    assert build(scenario, start_index=1).start.theta.tolist() == [6.0, 5.0]
    first, _ = next(updates(build(scenario)))
    assert first.gradient.tolist() == [-1.0, 1.0]


@pytest.mark.parametrize("name", ["asin", "log2", "max"])
def test_variables_may_bear_names_that_became_functions(name: str) -> None:
    """A file whose variable has the name of a function that came later stays valid, and the name is the variable."""
    text = HEAD + UPDATE + f'[function]\nexpression = "{name}**2"\nstart = {{ {name} = 3.0 }}\n'
    assert next(updates(build(load_text(text, "s.toml"))))[0].loss_before == 9.0


def test_the_learning_rate_and_rule_are_those_of_the_file() -> None:
    """Options not given have the rule's defaults."""
    made = run(A_FUNCTION.replace("0.1\n", '0.1\nrule = "adam"\nbeta1 = 0.5\n'))
    assert made.learning_rate == 0.1
    assert dict(made.rule.options) == {"beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}


def test_a_perceptron_visits_one_sample_an_update() -> None:
    """Its ends are those of an epoch; a cycle shows only where samples come in the order given."""
    made = run(A_PERCEPTRON)
    assert made.batches.size == 1
    assert made.start.theta.tolist() == [0.0, 0.0, 0.0]
    assert (made.stop.on_epoch, made.stop.detect_cycle) == (True, True)
    shuffled = run(A_PERCEPTRON, **{"update.order": "shuffled"})
    assert (shuffled.batches.shuffled, shuffled.stop.detect_cycle) == (True, False)


def corrections(points: Sequence[tuple[int, int, int]]) -> tuple[list[int], list[int]]:
    """Return the corrections of each epoch until one makes none, and (w1, w2, b), where y(wᵀx + b) ≤ 0 is a mistake."""
    w, made = [0, 0, 0], [1]
    while made[-1]:
        made.append(0)
        for p, q, y in points:
            if y * (w[0] * p + w[1] * q + w[2]) <= 0:
                made[-1] += 1
                w = [w[0] + y * p, w[1] + y * q, w[2] + y]
    return made[1:], w


@pytest.mark.parametrize("labels", [(-1, 1), ("no", "yes"), (2, 7)])
def test_every_tie_may_be_a_mistake_of_either_label(tmp_path: Path, labels: tuple[object, object]) -> None:
    """OR from zero: 9 corrections, none in epoch 6, w = (2, 2), b = −1, whatever the targets are called."""
    points = ((0, 0, -1), (0, 1, 1), (1, 0, 1), (1, 1, 1))
    made, w = corrections(points)
    assert (sum(made), len(made), w) == (9, 6, [2, 2, -1])
    (tmp_path / "or.csv").write_text("p,q,y\n" + "".join(f"{p},{q},{labels[y > 0]}\n" for p, q, y in points))
    text = HEAD + "[update]\nlearning_rate = 1\n[perceptron]\nweights = [0, 0]\n"
    text += f'labels = {json.dumps(labels)}\ntie = "mistake"\n'
    text += '[data]\nfile = "or.csv"\ninputs = ["p", "q"]\ntargets = ["y"]\n'
    scenario = load_text(text, "s.toml", tmp_path)
    assert scenario.dataset is not None
    assert scenario.dataset.class_names == tuple(map(str, labels))
    *_, (last, reason) = updates(build(scenario))
    assert (last.number, last.after.corrections, reason) == (24, 9, "converged")
    assert last.after.theta.tolist() == w


def test_a_network_starts_with_the_given_weights() -> None:
    """W1 row by row, then b1."""
    made = run(A_NETWORK)
    assert made.start.theta.tolist() == [0.1, 0.2, 0.3]
    assert made.batches.size is None
    assert run(A_NETWORK, **{"update.batch": 2}).batches.size == 2


@pytest.mark.parametrize(
    ("method", "deviation"),
    [
        ("normal", 1.0),
        ("uniform", 1 / math.sqrt(3)),
        ("xavier", math.sqrt(2 / 500)),
        ("he", math.sqrt(2 / 200)),
        ("zeros", 0.0),
    ],
)
def test_random_weights_have_the_documented_deviation(method: str, deviation: float) -> None:
    """The standard deviation of 300 × 200 weights is the formula's, times scale; biases start at 0."""
    for scale, factor in (("", 1.0), (", scale = 0.25", 0.25)):
        made = run(WIDE.format(method, scale, FEATURES))
        weights = made.model.layout.view(made.start.theta, "W1")
        assert weights.shape == (300, 200)
        assert weights.std() == pytest.approx(deviation * factor, rel=0.02)
        assert not made.model.layout.view(made.start.theta, "b1").any()


def test_the_seed_decides_the_weights() -> None:
    """The same seed gives the same weights, another seed others."""
    text = WIDE.format("normal", "", FEATURES)
    assert np.array_equal(run(text).start.theta, run(text).start.theta)
    assert not np.array_equal(run(text).start.theta, run(text, seed=1).start.theta)


def test_published_slips_are_in_force_until_corrected() -> None:
    """The run does what the source does, and the corrected one what is right."""
    slip = A_NETWORK + '[as_published]\nslope_at = "output"\nbias_gradient_factor = 0.5\nnote = "n"\n'
    scenario = load_text(slip, "s.toml")
    wrong, right = build(scenario), build(scenario, corrected=True)
    plain = run(A_NETWORK)
    gradients = [next(updates(made))[0].gradient for made in (wrong, right, plain)]
    assert (wrong.is_corrected, right.is_corrected) == (False, True)
    assert not np.allclose(gradients[0], gradients[2])
    assert np.array_equal(gradients[1], gradients[2])


TWO_LAYERS = (
    HEAD + "[update]\nlearning_rate = 0.4\n" + '[network]\nloss = "half-sse"\ntrain_biases = false\n'
    '[[network.layers]]\nunits = 2\nactivation = "sigmoid"\nweights = [[0.5, -0.4], [0.1, 0.7]]\nbiases = [0, 0]\n'
    '[[network.layers]]\nunits = 1\nactivation = "sigmoid"\nweights = [[0.6, -0.2]]\nbiases = [0]\n'
    "[data]\ninputs = [[1.0, -1.0]]\ntargets = [0.2]\n[as_published]\n"
)


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_an_error_may_be_sent_back_without_the_slope_of_the_output() -> None:
    """Its own weights keep σ′(z); the hidden δ is that of ∂C/∂a through the weights. Figures of a plain loop."""
    after = next(updates(run(TWO_LAYERS + "passed_back_without_slope = true\n")))[0].after.theta
    h = [sigmoid(0.5 + 0.4), sigmoid(0.1 - 0.7)]
    a = sigmoid(0.6 * h[0] - 0.2 * h[1])
    own = [v - 0.4 * (a - 0.2) * a * (1 - a) * h[j] for j, v in enumerate((0.6, -0.2))]
    back = [(a - 0.2) * v * h[j] * (1 - h[j]) for j, v in enumerate((0.6, -0.2))]
    hidden = [0.5 - 0.4 * back[0], -0.4 + 0.4 * back[0], 0.1 - 0.4 * back[1], 0.7 + 0.4 * back[1]]
    assert after == pytest.approx([*hidden, 0, 0, *own, 0], rel=1e-12)
    assert own == pytest.approx([0.573269658913, -0.213322644944], abs=1e-12)
    assert hidden == pytest.approx([0.480863842872, -0.380863842872, 0.107101451137, 0.692898548863], abs=1e-12)


def test_a_wrong_sign_makes_the_step_of_the_right_size_upwards() -> None:
    """As published the loss grows; the corrected run is the plain one."""
    scenario = load_text(TWO_LAYERS + 'sign = "wrong"\n', "s.toml")
    wrong, right = (next(updates(build(scenario, corrected=on)))[0] for on in (False, True))
    assert wrong.change.tolist() == (-right.change).tolist()
    assert wrong.loss > wrong.loss_before > right.loss


def test_names_label_the_parameters() -> None:
    """Layers with names have them; the others keep the names of their elements."""
    text = A_NETWORK.replace("biases = [0.3]\n", 'biases = [0.3]\nweight_names = [["a", "b"]]\n')
    layout = run(text).model.layout
    assert [layout.label(i) for i in range(3)] == ["a", "b", "b1[0]"]
