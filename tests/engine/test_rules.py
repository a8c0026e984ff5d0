"""Update rules against hand work and, where it is installed, torch's optimisers."""

import numpy as np
import pytest

from gdsim.engine.rules import RULES, make_rule

GRADIENTS = [np.array([1.0, -2.0]), np.array([0.5, -1.0]), np.array([-0.25, 3.0])]


def positions(name, rate, options=None, gradients=GRADIENTS):
    """θ after each gradient, from (1, 1)."""
    rule, theta, out = make_rule(name, options), np.ones(2), []
    state = rule.start(2)
    for gradient in gradients:
        change, state = rule.step(theta, gradient, state, rate)
        theta = theta + change
        out.append(theta)
    return np.array(out)


@pytest.mark.parametrize(
    ("rule", "rate", "by_hand"),
    [
        # θ ← θ − ηg with g = (1, −2), then (0.5, −1).
        ("gradient-descent", 0.1, [[0.9, 1.2], [0.85, 1.3]]),
        # v ← 0.9v + g is 1, then 1.4, then 1.01 for the first element; θ ← θ − 0.1v.
        ("momentum", 0.1, [0.9, 0.76, 0.659]),
        # The step is η(g + μv): 0.1·(1 + 0.9·1) = 0.19, then 0.1·(0.5 + 0.9·1.4) = 0.176.
        ("nesterov", 0.1, [0.81, 0.634]),
        # g/√g² is ±1 whatever the size of g, so the first step is η.
        ("adagrad", 0.1, [[0.9, 1.1]]),
        # s = 0.1·1² after the first step, so it moves by η/√0.1.
        ("rmsprop", 0.1, [1 - 0.1 / np.sqrt(0.1)]),
        # Bias correction makes m̂ = g and v̂ = g², so the first step is η.
        ("adam", 0.1, [[0.9, 1.1]]),
        # s = 0.1·1² and d = 0 make the first move √ε/√(0.1 + ε).
        ("adadelta", 1.0, [1 - np.sqrt(1e-6 / (0.1 + 1e-6))]),
        # The first step is η, and η·λ = 0.001 of the parameter goes as well.
        ("adamw", 0.1, [[0.899, 1.099]]),
        # m̂ is 0.9·0.1/(1 − 0.81) + 0.1/(1 − 0.9) = 1.473684 times g.
        ("nadam", 0.1, [[1 - 0.1473684, 1 + 0.1473684]]),
    ],
)
def test_rules_by_hand(rule, rate, by_hand):
    """The first positions from (1, 1), of both elements or of the first alone, are those of the rule's formula."""
    expected, found = np.array(by_hand), positions(rule, rate)[: len(by_hand)]
    assert (found if expected.ndim > 1 else found[:, 0]) == pytest.approx(expected, rel=1e-6)


def test_weight_decay_shrinks_where_there_is_no_gradient():
    """Where g is 0 only η·λ = 0.001 of the parameter goes."""
    assert positions("adamw", 0.1, gradients=[np.zeros(2)])[0] == pytest.approx([0.999, 0.999])


@pytest.mark.parametrize("name", RULES)
def test_a_step_changes_nothing_it_was_given(name):
    """Rules are pure: the state they were given stays what it was."""
    rule = make_rule(name)
    state = rule.start(2)
    rule.step(np.ones(2), np.ones(2), state, 0.1)
    assert state.steps == 0
    assert all(not slot.any() for slot in state.slots)


@pytest.mark.peers
@pytest.mark.parametrize("name", RULES)
def test_rules_agree_with_torch(name):
    """Thirty steps with random gradients end where torch's optimiser ends."""
    oracle = pytest.importorskip("torch_oracle", reason="torch is not installed", exc_type=ImportError)
    gradients = np.random.default_rng(7).standard_normal((30, 2))
    ours = positions(name, 0.05, gradients=gradients)[-1]
    assert ours == pytest.approx(oracle.after_rule(name, 0.05, gradients), rel=1e-12)
