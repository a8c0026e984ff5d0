"""The indicator beside the title: does the gradient agree with nudging?"""

import numpy as np
import pytest
from explained_runs import admissions, function_timeline, line, mountain, perceptron, two_two_two, wide

from gdsim.engine.gradient_check import Nudging
from gdsim.engine.models.network import Slips
from gdsim.explain.gradient_check import SAMPLED, FullCheck, block_lines, gradient_indicator, nudging_page
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session


def test_right_gradients_agree():
    """Function, perceptron, network: the gradients of the engine pass, all parameters nudged."""
    for timeline, count in ((mountain(), 1), (perceptron(), 3), (two_two_two(), 12), (line(), 2)):
        indicator = gradient_indicator(timeline.update(1))
        assert (indicator.state, indicator.check.checked) == ("agrees", count)


def test_published_slips_differ():
    """σ′ at the output, and a halved bias gradient, are told apart from the right gradient, with the numbers."""
    indicator = gradient_indicator(admissions().update(1))
    assert indicator.state == "differs"
    assert "for w1 it is −12.499979, nudging gives −8.37242e−05" in indicator.text
    assert gradient_indicator(admissions(as_published=False).update(1)).state == "agrees"
    assert "for b it is −4, nudging gives −8" in gradient_indicator(line(factor=0.5).update(1)).text


def test_the_lamp_names_the_worst_parameter_that_is_trained():
    """Errors sent back through updated weights spoil w1 to w4 and b1; w4, the furthest off of w1 to w4, is named."""
    slips = Slips(is_backprop_updated=True)
    indicator = gradient_indicator(two_two_two(slips, trains_biases=False).update(1))
    assert (indicator.state, indicator.worst, indicator.extent) == ("differs", "w4", "")
    assert "for w4 it is +0.000847259, nudging gives +0.000995425" in indicator.text
    assert gradient_indicator(two_two_two(slips).update(1)).worst == "b1"


def test_a_full_check_nudges_every_parameter():
    """All 830 are nudged and every block gets its line; stopped after 50, it says that it saw 50, of every block."""
    update = wide().update(1)
    full = FullCheck(update)
    for done in full.steps():
        if done == 50:
            some = full.indicator
    indicator = full.indicator
    assert (indicator.state, indicator.check.checked, indicator.extent) == ("agrees", 830, "")
    assert [line[:4] for line in block_lines(update, indicator)] == ["✓ W1", "✓ b1", "✓ W2", "✓ b2"]
    assert (some.check.checked, some.extent) == (50, "50/830")
    assert {block.name for block in some.check.blocks} == {"W1", "b1", "W2", "b2"}
    assert "50 parameters of 830, drawn at random" in some.text


def test_large_models_are_checked_at_some_parameters():
    """Of 830 parameters some are nudged, of every block, others at the next update, the same ones each time."""
    timeline = wide()
    indicator = gradient_indicator(timeline.update(1))
    assert indicator.state == "agrees"
    assert indicator.check.checked == SAMPLED
    assert {block.name for block in indicator.check.blocks} == {"W1", "b1", "W2", "b2"}
    assert f"{SAMPLED} parameters of 830" in indicator.text
    assert gradient_indicator(timeline.update(1)) == indicator


def test_a_diverged_run_has_nothing_to_compare():
    """Where the gradient is not a number the indicator says that nothing is known."""
    timeline = function_timeline("log(x)", {"x": -1.0})
    assert np.isnan(timeline.update(1).forward.loss)
    assert gradient_indicator(timeline.update(1)).state == "unknown"


def test_at_a_level_place_indicator_and_nudging_agree():
    """(x − 2)² with η 0.5 stands at x = 2 after one update: rounding leaves −2e−16 of a slope of 0, no difference."""
    update = mountain(0.5).update(2)
    nudging = Nudging(update).further(1)
    page = nudging_page(nudging)
    assert gradient_indicator(update).state == "agrees"
    assert nudging.agrees
    assert "wrong" not in page.sentence
    assert [line.value for line in page.lines[2:4]] == ["0", "0"]


def test_a_wrong_gradient_is_told_by_both():
    """Mazur's network without σ′ in its deltas: nudging calls one of the two ways wrong, as the indicator does."""
    update = two_two_two(Slips(is_backprop_updated=True)).update(1)
    nudging = Nudging(update).further(12)
    assert gradient_indicator(update).state == "differs"
    assert not nudging.agrees
    assert "wrong" in nudging_page(nudging).sentence


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("digits")])
def test_indicator_and_nudging_never_disagree(name):
    """Of every bundled scenario, as published and corrected: both measure alike, at the first and at later updates."""
    session = Session.open(load_file(resolve(name)))
    for each in (session, session.corrected()) if session.is_correctable else (session,):
        for number in (1, 2, 20):
            update = each.timeline.update(max(1, each.timeline.reach(number)))
            state = gradient_indicator(update).state
            assert state in ({True: "agrees", False: "differs"}[Nudging(update).further(10**6).agrees], "unknown")
