"""What is said about the phases of a perceptron's update; numbers by hand from the devfest points."""

import numpy as np
import pytest
from explained_runs import LABELS, POINTS, perceptron

from gdsim.engine.update import run_update
from gdsim.explain.page import Line, Names, names_of
from gdsim.explain.pages import page
from gdsim.scenario.build import build
from gdsim.scenario.load import load_text


def test_the_first_point_ties_and_is_corrected():
    """At w = 0, b = 0 the sum is 0, a tie for class 1; the target is 0, so w = −(0.8, 0.4) and b = −1."""
    sum_, output, error, update = (page(perceptron().update(1), phase) for phase in range(4))
    assert sum_.lines == (Line("wᵀx", "w₁·x₁ + w₂·x₂", "0·0.8 + 0·0.4", "0"), Line("s", "wᵀx + b", "0 + 0", "0"))
    assert "a tie counts as class 1" in output.sentence
    assert output.lines == (Line("f", "1 if s ≥ 0, else 0;  s = 0, so f = 1"),)
    assert error.lines == (Line("e", "y − f", "0 − 1", "−1"),)
    assert update.sentence == "This point is on the wrong side: the line turns towards it."
    assert update.lines == (
        Line("new w₁", "w₁ + η·(y − f)·x₁", "0 + 1·(0 − 1)·0.8", "−0.8"),
        Line("new w₂", "w₂ + η·(y − f)·x₂", "0 + 1·(0 − 1)·0.4", "−0.4"),
        Line("new b", "b + η·(y − f)", "0 + 1·(0 − 1)", "−1"),
    )


@pytest.mark.parametrize(
    ("labels", "targets", "said"),
    [
        ("[-1, 1]", "[-1, 1]", ("The target is 0 (−1), the answer 1:", "the wrong class, 1.")),
        ("[1, 2]", "[1, 2]", ("The target is 0 (1), the answer 1 (2):", "the wrong class, 1 (2).")),
    ],
)
def test_classes_are_told_by_their_labels(labels, targets, said):
    """At w = 0 the point (1, 0) of the first class is a tie, taken for the other; equations have 0 and 1."""
    text = (
        'format = 1\ntitle = "t"\nsummary = "s"\n[perceptron]\nweights = [0.0, 0.0]\ntie = "mistake"\n'
        f"labels = {labels}\n[data]\ninputs = [[1, 0], [0, 1]]\ntargets = {targets}\n[update]\nlearning_rate = 1.0\n"
    )
    scenario = load_text(text, "labels.toml")
    update, names = run_update(build(scenario), build(scenario).start), names_of(scenario)
    error, output = page(update, 2, names=names), page(update, 1, names=names)
    assert error.sentence.startswith(said[0])
    assert output.sentence.endswith(said[1])
    assert error.lines == (Line("e", "y − f", "0 − 1", "−1"),)


def test_the_second_point_is_right():
    """(0.3, 0.1): s = −0.24 − 0.04 − 1 = −1.28, f = 0 = y: nothing changes."""
    sum_, output, error, update = (page(perceptron().update(2), phase) for phase in range(4))
    assert sum_.lines[1] == Line("s", "wᵀx + b", "−0.28 − 1", "−1.28")
    assert "negative side" in sum_.sentence
    assert output.lines[0].formula == "1 if s ≥ 0, else 0;  s = −1.28 < 0, so f = 0"
    assert "right side" in error.sentence
    assert update.sentence == "No mistake, so nothing changes."
    assert [line.value for line in update.lines] == ["−0.8", "−0.4", "−1"]


def test_a_correction_counts_the_points_on_the_wrong_side():
    """Before the first correction 3 points (all of class 0) are wrong, after it the 4 of class 1."""
    notes = page(perceptron().update(1), 3).notes
    assert notes[0] == "Points on the wrong side: 3 before, 4 after this correction."
    assert notes[1].startswith("Margin: ")


def test_a_tie_within_its_tolerance_is_named():
    """With a tolerance, sums near 0 are ties too, and the page says how near."""
    output = page(perceptron(tie=0, tie_tolerance=0.5).update(1), 1)
    assert output.lines[0].formula == "1 if s > 0, else 0;  s = 0, so f = 0"
    assert output.notes == ("A sum no further from 0 than 0.5 counts as a tie.",)
    # After (0.9, 0.5) of class 0: w = −(0.9, 0.5), b = −1, so s = −0.9·0.4 − 0.5·0.2 − 1 = −1.46.
    near = perceptron(POINTS + 0.1, LABELS, tie_tolerance=5.0).update(2)
    assert "|s| = 1.46 ≤ 5, so f = " in page(near, 1).lines[0].formula
    assert "so near the line" in page(near, 0).sentence


def test_inputs_by_their_names():
    """A scenario's names stand in the equations."""
    shown = page(perceptron().update(1), 0, names=Names(("length", "width"), ("class",)))
    assert shown.lines[0].formula == "w₁·length + w₂·width"


def test_many_inputs_are_cut_short():
    """A perceptron of 100 inputs shows three of its terms and counts the others."""
    rng = np.random.default_rng(1)
    update = perceptron(rng.random((5, 100)), np.array([0.0, 1, 0, 1, 0])).update(1)
    assert page(update, 0).lines[0].formula == "w₁·x₁ + w₂·x₂ + w₃·x₃ + … 97 more terms"
    assert len(page(update, 3).lines) == 5
