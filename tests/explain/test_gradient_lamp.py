"""The lamp beside the title: does the gradient agree with nudging?"""

import numpy as np
from explained_runs import admissions, function_timeline, line, mountain, perceptron, two_two_two, wide

from gdsim.explain.check import SAMPLED, gradient_lamp


def test_right_gradients_agree():
    """Function, perceptron, network: the gradients of the engine pass, all parameters nudged."""
    for timeline, count in ((mountain(), 1), (perceptron(), 3), (two_two_two(), 12), (line(), 2)):
        lamp = gradient_lamp(timeline.update(1))
        assert (lamp.state, lamp.check.checked) == ("agrees", count)


def test_published_slips_differ():
    """σ′ at the output, and a halved bias gradient, are told apart from the right gradient, with the numbers."""
    lamp = gradient_lamp(admissions().update(1))
    assert lamp.state == "differs"
    assert "for w1 it is −12.499979, nudging gives −8.37242e-05" in lamp.text
    assert gradient_lamp(admissions(as_published=False).update(1)).state == "agrees"
    assert "for b it is −4, nudging gives −8" in gradient_lamp(line(factor=0.5).update(1)).text


def test_large_models_are_checked_at_some_parameters():
    """Of 830 parameters some are nudged, of every block, others at the next update, the same ones each time."""
    timeline = wide()
    lamp = gradient_lamp(timeline.update(1))
    assert lamp.state == "agrees"
    assert lamp.check.checked == SAMPLED
    assert {block.name for block in lamp.check.blocks} == {"W1", "b1", "W2", "b2"}
    assert f"{SAMPLED} parameters of 830" in lamp.text
    assert gradient_lamp(timeline.update(1)) == lamp
    assert gradient_lamp(timeline.update(1), limit=1000).check.checked == 830


def test_a_diverged_run_has_nothing_to_compare():
    """Where the gradient is not a number the lamp says that nothing is known."""
    timeline = function_timeline("log(x)", {"x": -1.0})
    assert np.isnan(timeline.update(1).forward.loss)
    assert gradient_lamp(timeline.update(1)).state == "unknown"
