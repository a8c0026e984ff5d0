"""Questions open, hints, answers revealed, and the score."""

import pytest
from explained_runs import mountain, perceptron, two_two_two

from gdsim.engine.models.network import Slips
from gdsim.explain.answers import hints, reveal, verdict_lines
from gdsim.explain.mistakes import BUGS, judge_bug
from gdsim.explain.page import Names
from gdsim.explain.questions import Question, Quiz
from gdsim.scenario import library
from gdsim.scenario.build import build
from gdsim.scenario.load import load_file
from gdsim.timeline.position import Focus, Position


def question(quantity, form="value", before=1):
    return Question(before, quantity, form, 0.01, "?")


def test_the_ladder_goes_from_formulas_to_numbers_to_the_answer():
    """Mazur's δ of output 1: formulas alone, then all but the answer, then 0.138499; no level before is left out."""
    quiz, timeline = Quiz().opened([question("delta2[0,0]")]), two_two_two()
    assert hints(quiz, timeline, Names()) == []
    shown = []
    for _level in range(4):
        quiz = quiz.hinted()
        shown.append("\n".join(hints(quiz, timeline, Names())))
    assert "δ²₁ = ∂C/∂a²₁·σ′(z²₁)" in shown[0]
    assert "0." not in shown[0]
    assert shown[1].endswith("δ²₁ = ∂C/∂a²₁·σ′(z²₁) = 0.741365·0.186816")
    assert shown[2].endswith("= 0.741365·0.186816 = +0.138499")
    assert shown[3] == shown[2]


@pytest.mark.parametrize("quantity", ["change.x", "gradient.x", "x", "loss"])
def test_no_hint_but_the_last_tells_the_answer(quantity):
    """On (x − 2)² from x = 4: change −0.04, gradient 4, x 3.96, loss 3.8416."""
    answer = {"change.x": "−0.04", "gradient.x": "+4", "x": "3.96", "loss": "3.8416"}[quantity]
    quiz = Quiz().opened([question(quantity)])
    for level in (1, 2, 3):
        quiz = quiz.hinted()
        shown = hints(quiz, mountain(), Names())
        assert shown[-1].endswith(f"= {answer}") is (level == 3)


def test_all_answers_are_given_before_any_is_revealed():
    """Two questions about one update: the second is put when the first is answered, then both are judged."""
    quiz = Quiz().opened([question("change.w5", "sign"), question("delta2[0,0]")], (0, 1))
    quiz = quiz.answered_with(-1.0)
    assert [each.quantity for each in quiz.open] == ["delta2[0,0]"]
    quiz = quiz.answered_with(-0.138498562)
    shown = reveal(quiz, two_two_two(), Position(), Names())
    assert [said.is_right for said in shown.verdicts] == [True, False]
    assert shown.position == Position(1)
    assert shown.quiz.put == {0, 1}


@pytest.mark.parametrize(
    ("quantity", "place", "focus"),
    [
        ("z1[0,1]", Position(0, 0), Focus(1, 1, 0, 0)),
        ("delta2[0,1]", Position(0, 3), Focus(2, 1, 0, 0)),
        ("delta1[0,1]", Position(0, 4), Focus(1, 1, 0, 0)),
        ("gradient.w6", Position(0, 5), Focus(2, 0, 1, is_weight=True)),
        ("change.w3", Position(1), Focus(1, 1, 0, is_weight=True)),
        ("loss", Position(1), None),
    ],
)
def test_an_update_is_revealed_as_far_as_the_answer_needs(quantity, place, focus):
    """The phase that computes it is on view, at the neuron or weight asked about."""
    quiz = Quiz().opened([question(quantity)]).answered_with(0.0)
    shown = reveal(quiz, two_two_two(), Position(), Names())
    assert shown.position == place
    if focus is not None:
        assert shown.workings[0].focus == focus


def test_revealing_never_goes_back():
    """Asked inside an update, the phases revealed stay revealed."""
    quiz = Quiz().opened([question("delta2[0,1]")]).answered_with(0.0)
    assert reveal(quiz, two_two_two(), Position(0, 5), Names()).position == Position(0, 5)


def test_the_working_of_a_correction():
    """A perceptron's: e = 0 − 1, and Δ is η·e·x: −0.8 for x₁ = 0.8."""
    quiz = Quiz().opened([question("change.w[0]")]).answered_with(-0.8)
    shown = reveal(quiz, perceptron(), Position(), Names())
    assert shown.verdicts[0].is_right
    last = shown.workings[0].lines[-1]
    assert (last.formula, last.substituted, last.value) == ("η·e·x₁", "1·(−1)·0.8", "−0.8")


@pytest.mark.parametrize("rule", ["momentum", "adam"])
def test_the_working_of_other_rules_ends_with_the_change(rule):
    """What the rule remembers, the new value, then new − old."""
    quiz = Quiz().opened([question("change.x")]).answered_with(1.0)
    shown = reveal(quiz, mountain(rule=rule), Position(), Names())
    last = shown.workings[0].lines[-1]
    assert (last.symbol, last.formula) == ("Δx", "new x − x")


def test_hints_and_working_go_by_the_right_rule():
    """Where a run leaves σ′ out, hints and working have it all the same: 0.741365·0.186816."""
    timeline = two_two_two(Slips(slope_left_out="output"), slip={"is_hidden": True})
    quiz = Quiz().opened([question("delta2[0,0]")]).hinted().hinted()
    assert hints(quiz, timeline, Names())[-1].endswith("0.741365·0.186816")
    shown = reveal(quiz.answered_with(0.7), timeline, Position(), Names())
    assert shown.workings[0].lines[-1].value == "+0.138499"


def test_the_score_is_off_until_wanted_and_counts_streaks():
    """Three right, one wrong, two right: 5 of 6, streak 2; what the last hint told is not counted."""
    quiz = Quiz()

    def after(quiz, value, shown=0):
        quiz = quiz.opened([question("change.x")])
        for _level in range(shown):
            quiz = quiz.hinted()
        return reveal(quiz.answered_with(value), mountain(), Position(), Names()).quiz

    assert after(quiz, -0.04).score == ""
    quiz = quiz.with_score()
    for value in (-0.04, -0.04, -0.04, 9.0, -0.04, -0.04):
        quiz = after(quiz, value)
    assert quiz.score == "5 of 6 · streak 2"
    assert after(quiz, -0.04, shown=3).score == "5 of 6 · streak 2"
    assert after(quiz, -0.04, shown=2).score == "6 of 7 · streak 3"
    assert quiz.with_score().score == ""


def test_verdicts_say_both_numbers_and_the_slip():
    """✗ with what it is, what was said, and what that looks like; ✓ alone where both read the same."""
    quiz = Quiz().opened([question("change.x")]).answered_with(0.04)
    lines = verdict_lines(quiz.answers[0], reveal(quiz, mountain(), Position(), Names()).verdicts[0])
    assert lines[:2] == ["✗ −0.04, you said 0.04", "That looks like: wrong sign."]
    quiz = Quiz().opened([question("change.x")]).answered_with(-0.04)
    assert verdict_lines(quiz.answers[0], reveal(quiz, mountain(), Position(), Names()).verdicts[0]) == ["✓ −0.04"]


BUG_OF = {
    "mazur": "updated-weights-passed-back",
    "bug-hunt-backprop": "slope-left-out-output",
    "bug-hunt-and": "tie",
    "admissions-neuron": "slope-at-output",
    "quadratic-fit": "bias-half",
}


@pytest.mark.parametrize("name", BUG_OF)
def test_each_published_bug_has_one_name_and_goes_when_corrected(name):
    """Exactly one bug of the list is right, and its note is told then; corrected there is none."""
    scenario = load_file(library.resolve(name))
    published, corrected = build(scenario), build(scenario, corrected=True)
    assert [bug for bug in BUGS if judge_bug(scenario, published, bug)[0]] == [BUG_OF[name]]
    assert scenario.as_published.note in judge_bug(scenario, published, BUG_OF[name])[1]
    assert scenario.as_published.note not in judge_bug(scenario, published, "none")[1]
    assert [bug for bug in BUGS if judge_bug(scenario, corrected, bug)[0]] == ["none"]
