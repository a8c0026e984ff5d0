"""Walking without records: the very states a recorded run goes through."""

import numpy as np
import pytest

from gdsim.engine.batches import Batches
from gdsim.engine.network import Layer, NetworkModel
from gdsim.engine.rules import RULES, make_rule
from gdsim.engine.update import Run, Stop, next_state, run_update, start_state


def run_of(rule, activation, size, shuffled):
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((12, 5)), rng.random((12, 2))
    model = NetworkModel((Layer(4, 5, activation), Layer(2, 4, activation)), "half-sse", x, y)
    made = make_rule(rule)
    start = start_state(model, made, rng.standard_normal(model.layout.size))
    return Run(model, made, 0.05, Batches(12, size, shuffled, 7), start, Stop())


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("size", [None, 5])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("rule", RULES)
def test_same_states_bit_for_bit(rule, activation, size, shuffled):
    """Every rule, activation and order of samples: θ and what the rule remembers are equal to the last bit."""
    run = run_of(rule, activation, size, shuffled)
    walked = recorded = run.start
    for _ in range(9):
        walked, recorded = next_state(run, walked), run_update(run, recorded).after
        assert walked.update == recorded.update
        assert walked.theta.tobytes() == recorded.theta.tobytes()
        assert [slot.tobytes() for slot in walked.rule_state.slots] == [
            slot.tobytes() for slot in recorded.rule_state.slots
        ]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_slope_beside_a_known_value(activation):
    """A slope worked out from the value that is known anyway has the same bits, at both far ends too."""
    from gdsim.engine.activations import ACTIVATIONS

    kind, z = ACTIVATIONS[activation], np.array([-800.0, -3.7, -1e-9, 0.0, 0.2, 5.5, 40.0, 800.0, np.inf, np.nan])
    with np.errstate(all="ignore"):
        assert kind.slope_beside(z, kind.value(z)).tobytes() == kind.slope(z).tobytes()
