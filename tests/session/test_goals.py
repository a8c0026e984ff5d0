"""Goals: when they are reached, what is said of them, and the proof that they can be."""

import pytest
from plain_talk import HILL

from gdsim.errors import GdsimError
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file, load_text
from gdsim.scenario.place import Place
from gdsim.scenario.scenario import in_language
from gdsim.session import Session
from gdsim.session.goals import check_goals, goal_lines, goal_sentence, watched
from gdsim.session.steps import way_to

GOAL = """
[[goal]]
text = "Arrive"
when = { loss = "< 0.1", updates = "<= 20", update.learning_rate = "> 0.05" }
only = ["update.learning_rate"]
solution = ["0:update.learning_rate=0.2"]
"""


def hill(goal=GOAL):
    return load_text(HILL + goal, "hill.toml")


def edited(scenario, edit, start=0):
    place = Place(start=start, edits=(edit,))
    return way_to(Session.open(scenario, place), place).session()


def reached(session):
    return watched(session)[0].reached


def test_all_conditions_hold_at_once():
    """A goal is reached at the update in view when all that it asks for holds there."""
    session = edited(hill(), "0:update.learning_rate=0.2")
    assert not reached(session)
    assert reached(session.after(12)) == {0}
    assert not reached(edited(hill(), "0:x=2.0").after(12))


def test_going_past_the_last_update_counts():
    """One who went past the update by which a goal is to be reached need not go back to it."""
    session = edited(hill(), "0:update.learning_rate=0.2").after(25)
    assert reached(session) == {0}


def test_only_what_may_be_changed():
    """A goal to be reached by the learning rate is not reached by setting a parameter, nor from another start."""
    easy = GOAL.replace(', update.learning_rate = "> 0.05"', "")
    assert not reached(edited(hill(easy), "0:x=2.0").after(5))
    assert not reached(edited(hill(easy), "0:update.learning_rate=0.5", start=1).after(5))


def test_reached_is_told_once_and_stays():
    """A goal is new once, and stays reached in other runs of the session."""
    session, new = watched(edited(hill(), "0:update.learning_rate=0.2").after(12))
    assert [goal.text for goal in new] == ["Arrive"]
    session, new = watched(session.restarted())
    assert new == ()
    assert goal_lines(session) == ["☑ Arrive"]
    assert goal_sentence(session) == ""


def test_a_goal_of_one_update_is_not_missed_in_passing():
    """A goal for just one update, or for no later than one, counts for a learner who goes past it in one stride."""
    for when in ("updates = 1, loss = 0", 'updates = "<= 1", loss = 0', 'updates = "= 1", loss = 0'):
        goal = f'[[goal]]\ntext = "At once"\nwhen = {{ {when} }}\nsolution = ["0:update.learning_rate=0.5"]\n'
        assert reached(edited(hill(goal), "0:update.learning_rate=0.5").after(9))
        assert not reached(edited(hill(goal), "0:update.learning_rate=0.4").after(9))


def test_the_first_sentence_is_a_goal():
    """Before the first update the first goal not reached is named, later nothing."""
    session = Session.open(hill())
    assert goal_sentence(session).startswith("Goal: Arrive")
    assert goal_sentence(session.after(1)) == ""


def test_the_first_sentence_names_the_keys():
    """Where a goal says what may be changed, the sentence says by which keys; the lesson has the hints."""
    for only, keys in (("update.learning_rate", "l sets η"), ("update.rule", "u sets the rule"), ("x", "e sets x")):
        goal = GOAL.replace('only = ["update.learning_rate"]', f'only = ["{only}"]\nhint = "A larger one"')
        sentence = goal_sentence(Session.open(hill(goal)))
        assert keys in sentence
        assert "I: hint" in sentence
        assert sentence.endswith("i: lesson)")


@pytest.mark.parametrize(
    ("goal", "problem"),
    [
        (GOAL.replace("0.2", "0.001"), "not reached"),
        (GOAL.replace(', update.learning_rate = "> 0.05"', "").replace("< 0.1", "< 3.9"), "without doing anything"),
        (GOAL.replace("update.learning_rate=0.2", "y=2"), "y"),
        (GOAL.replace("0:update", "40:update"), "after the last update"),
    ],
)
def test_a_goal_that_cannot_be_meant_is_found(goal, problem):
    """A solution that fails, and a goal that the untouched run reaches, fail the check."""
    [(text, is_right)] = check_goals(hill(goal))
    assert not is_right
    assert problem in text


@pytest.mark.parametrize(
    ("when", "path"),
    [
        ('{ losss = "< 1" }', "goal.0.when.losss"),
        ('{ loss = "< one" }', "goal.0.when"),
        ("{ stopped = 3 }", "goal.0.when.stopped"),
        ("{ update.rte = 1 }", "goal.0.when"),
        ("{ corrected = true }", "goal.0.when.corrected"),
        ("{}", "goal.0.when"),
    ],
)
def test_mistakes_in_goals_are_named(when, path):
    """What a goal asks for that there is not is a mistake with its path."""
    with pytest.raises(GdsimError, match=path):
        hill(f'[[goal]]\ntext = "A"\nwhen = {when}\n')


@pytest.mark.parametrize("name", names())
def test_every_bundled_scenario_has_goals_in_both_languages(name):
    """Each bundled scenario has one to three goals with a solution; all of them are translated."""
    scenario = load_file(resolve(name))
    assert 1 <= len(scenario.goal) <= 3
    translated = in_language(scenario, "zh")
    for goal, other in zip(scenario.goal, translated.goal, strict=True):
        assert goal.solution
        assert other.text != goal.text
        assert other.hint != goal.hint


@pytest.mark.parametrize("name", [n for n in names() if not n.startswith(("digits", "bug-hunt-backprop", "mazur"))])
def test_every_bundled_goal_is_proved(name):
    """The solution of each goal reaches it, and the untouched run does not; longer runs are for gdsim check --all."""
    assert all(is_right for _text, is_right in check_goals(load_file(resolve(name))))
