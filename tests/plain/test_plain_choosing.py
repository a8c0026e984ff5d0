"""Plain mode with no scenario named: a list to choose from, and back to it."""

import io

import pytest
from plain_talk import talk

from gdsim.plain.repl import choose_plain
from gdsim.scenario.library import resolve, summaries
from gdsim.scenario.load import load_file
from gdsim.session import Session


def opened(name: str) -> Session:
    return Session.open(load_file(resolve(name)))


def said(typed: str) -> list[str]:
    stream = io.StringIO()
    assert choose_plain(opened, io.StringIO(typed), stream) == 0
    return stream.getvalue().strip().split("\n\n")


def test_the_list_has_every_scenario_with_its_number() -> None:
    """A line for each scenario of the course, numbered from 1, with what it is about; nothing typed ends it."""
    (shown,) = said("")
    lines = shown.splitlines()[-len(summaries()) :]
    for number, (each, line) in enumerate(zip(summaries(), lines, strict=True), 1):
        assert line.startswith(f"  {number} ☐ {each.name}: {each.summary}")


def test_an_empty_line_opens_what_comes_next() -> None:
    """The path names what comes next, and nothing more needs to be typed to open it."""
    assert "An empty line opens activations." in said("")[0]
    assert said("\n")[1].startswith("Sigmoid, tanh and ReLU")


def test_find_looks_in_lessons_too() -> None:
    """`find` names the scenarios whose name, title, summary or lesson has the word."""
    answer = said("find backpropagation\n")[1]
    assert "mazur: " in answer
    assert "mountain-descent" not in answer
    assert said("find xyzzy\n")[1] == "nothing found"


@pytest.mark.parametrize("typed", ["mazur", "MAZUR ", "maz"])
def test_a_name_or_its_beginning_opens(typed: str) -> None:
    """A name, in whatever case, or letters that only one name begins with."""
    assert said(f"{typed}\n")[1].startswith("Backpropagation by hand")


def test_a_number_opens_and_steps_go_on() -> None:
    """The number beside a name opens it; from there on everything is plain mode's."""
    number = [each.name for each in summaries()].index("mountain-descent") + 1
    assert "x = 3.96 (" in said(f"{number}\nnext\n")[-1]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("0", "a number from 1 to"),
        ("999", "a number from 1 to"),
        ("9" * 5000, "a number from 1 to"),
        ("²", "a number from 1 to"),
        ("mazor", "did you mean mazur?"),
        ("perc", "did you mean perceptron, perceptron-learning-rate, perceptron-xor?"),
        ("\x1b[31m", "no such scenario"),
    ],
)
def test_what_is_no_scenario_is_answered_with_what_is(typed: str, hint: str) -> None:
    """A word that names none is told so with what is allowed, and another can be chosen."""
    _list, answer, *after = said(f"{typed}\nmazur\n")
    assert hint in answer
    assert answer.isprintable()
    assert after[0].startswith("Backpropagation by hand")


def test_scenarios_goes_back_to_the_list() -> None:
    """`scenarios` comes back to the list, another is chosen, and quit leaves from there and from within."""
    shown = said("mazur\nscenarios\nperceptron\nscenarios\nlist\nquit\nmazur\n")
    assert [text.splitlines()[0] for text in shown].count(shown[0].splitlines()[0]) == 4
    assert len(said("mazur\nquit\nmazur\n")) == len(said("mazur\n"))


def test_a_run_that_was_not_chosen_has_no_list() -> None:
    """A scenario that was named, as by an instructor, is not left for others."""
    *_before, answer, after = talk(opened("mazur"), "scenarios\nnext\n")
    assert "not chosen from the list" in answer
    assert "update 1" in after


def test_each_goal_reached_at_the_end_leads_on() -> None:
    """At the end of the run, and at each end that reaches one more goal, stand the goals, with it, and what is next."""
    typed = "mountain-descent\nrate 0.1\nlast\nrestart\nrate 1\nlast\n"
    ends = [block for block in said(typed) if "goal reached" in block]
    assert len(ends) == 2
    for block, signs in zip(ends, ("☑☐", "☑☑"), strict=True):
        goals = [line[0] for line in block.splitlines() if line[:1] in "☑☐" and not line.startswith("☑ goal")]
        assert "".join(goals) == signs
        assert "Next: " in block
