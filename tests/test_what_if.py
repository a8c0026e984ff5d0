"""What if: branches that share their past, stay as ghosts, and say how far apart they are."""

import numpy as np
import pytest
from locked_scenario import closed
from plain_talk import talk

from gdsim.charts.chart import Role, Series
from gdsim.charts.table import CHARTS, charts_for
from gdsim.engine.edits import Edit
from gdsim.errors import UsageError
from gdsim.explain.branches import branch_label, described, difference, tree_lines
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.session.changes import changeable
from gdsim.timeline.branches import NAMES, parting
from gdsim.timeline.position import Position


def opened(name="mountain-descent", overrides=(), at=0):
    return Session.open(load_file(resolve(name), overrides)).after(at)


def x_of(session):
    return session.timeline.state(session.position.update).theta.item()


def two_branches():
    """Return the hill at update 14: η 0.01 for twelve updates, then 0.5 beside the run as given."""
    return opened(at=12).what_if("update.learning_rate", 0.5).forward(2)


def test_a_branch_goes_on_with_the_change_and_the_ghost_without():
    """x₁₂ = 2 + 2·0.98¹²; with η = 0.5 the next step lands on 2, without it x₁₄ = 2 + 2·0.98¹⁴."""
    session = two_branches()
    assert x_of(session) == pytest.approx(2.0)
    (ghost,) = session.view.comparisons
    assert (ghost.mark, ghost.label, ghost.is_ghost) == ("1", "as given", True)
    assert ghost.timeline.state(14).theta.item() == pytest.approx(2 + 2 * 0.98**14, rel=1e-12)
    assert session.timeline.run_at(11).learning_rate == ghost.timeline.run_at(11).learning_rate == 0.01


def test_branches_share_their_common_past():
    """What came before the branch is not kept twice: both timelines hold the same states."""
    session = two_branches()
    (ghost,) = session.ghosts
    assert session.timeline.state(7) is ghost.timeline.state(7)
    assert parting(session.timeline, ghost.timeline) == 12


def test_the_tree_says_who_left_whom_where():
    """A branch of a branch stands below it; each says what is changed, where, and its loss; the current is marked."""
    session = two_branches().what_if("x", 3.0).switched("1").what_if("update.rule", "adam")
    lines = [text for _name, text in tree_lines(session.branches, 14)]
    assert [line.split(" · ")[0] for line in lines] == [
        "  1  as given",
        "  └─ 2  η 0.5 from 12",
        "     └─ 3  x = 3 from 14",
        "* └─ 4  adam from 14",
    ]
    assert lines[1].endswith("loss 0")
    assert lines[2].endswith("loss 1")


def test_switching_keeps_the_update_and_finds_a_branch_as_it_was():
    """Over to another branch and back again: same update, same timeline; a branch that ended before, at its end."""
    session = two_branches()
    there = session.switched("1")
    assert there.position == session.position
    assert there.branches.current == "1"
    back = there.switched("2")
    assert back.timeline is session.timeline
    assert session.switched("1").forward(30).switched("2").position == Position(14)


def test_a_deleted_branch_is_gone_and_its_own_stay():
    """What left a deleted branch is tied to the one it left and says all that is changed; the first one stays."""
    session = two_branches().what_if("x", 3.0)
    session = session.without("2")
    assert [branch.name for branch in session.branches.all] == ["1", "3"]
    assert branch_label(session.branches, session.branches["3"]) == "η 0.5 from 12, x = 3 from 14"
    session = session.without("3")
    assert session.branches.current == "1"
    assert session.view.comparisons == ()
    with pytest.raises(UsageError, match="branch 1: the first branch cannot be deleted"):
        session.without("1")
    with pytest.raises(UsageError, match='there is no branch "9"; 1'):
        session.switched("9")


def test_free_names_are_used_again_and_nine_are_all():
    """There are as many branches as figures; a deleted one frees its name."""
    session = opened(at=1)
    for rate in range(len(NAMES) - 1):
        session = session.what_if("update.learning_rate", 0.02 + rate / 1000)
    with pytest.raises(UsageError, match="there are 9 branches; delete one"):
        session.what_if("update.learning_rate", 0.5)
    session = session.without("4").what_if("update.learning_rate", 0.5)
    assert session.branches.current == "4"


def test_every_change_can_be_tried():
    """Learning rate, rule, parameter, seed, corrected rule: each holds from here on and leaves the past alone."""
    shuffled = [("update.batch", 3), ("update.order", "shuffled")]
    session = opened("backprop", shuffled, at=5)
    for key, value in (("update.learning_rate", 0.1), ("update.rule", "adam"), ("W1[0,0]", 2.0), ("seed", 9)):
        branch = session.what_if(key, value).forward(8)
        (ghost,) = branch.ghosts
        assert np.array_equal(branch.timeline.state(4).theta, ghost.timeline.state(4).theta)
        assert not np.array_equal(branch.timeline.state(13).theta, ghost.timeline.state(13).theta)
    session = opened("admissions-neuron")
    corrected = session.what_if("corrected", True).forward(1)
    assert np.array_equal(corrected.timeline.state(1).theta, session.corrected().forward(1).timeline.state(1).theta)


def test_what_cannot_be_changed_is_refused():
    """A seed where nothing is random, a correction where there is no slip, an unknown name: each says why."""
    session = opened(at=3)
    assert changeable(session) == ("update.learning_rate", "update.rule", "edit", "update.schedule", "update.clip")
    for key, value, message in (
        ("seed", 4, "the seed has no effect from here on"),
        ("corrected", True, "no published slip to correct"),
        ("y", 1.0, "no such parameter"),
    ):
        with pytest.raises(UsageError, match=message):
            session.what_if(key, value)


def test_the_distance_is_that_of_loss_and_parameters():
    """By hand at update 14: losses 0 and (2·0.98¹⁴)², parameters 2·0.98¹⁴ = 1.507 apart; before 13 there is none."""
    session = two_branches()
    (ghost,) = session.ghosts
    pair = session.timeline, ghost.timeline, "1"
    assert difference(*pair, 14) == "loss 2.272 lower than branch 1, parameters 1.507 apart"
    assert difference(*pair, 14, brevity=1) == "vs branch 1: loss −2.272, ‖Δθ‖ 1.507"
    assert difference(*pair, 14, brevity=2) == "vs 1: −2.272, ‖Δθ‖ 1.507"
    assert difference(*pair, 12) == "equal to branch 1"
    assert difference(*pair, 3) == "same as branch 1 so far"
    assert difference(ghost.timeline, session.timeline, "2", 20).endswith("(branch 2 ended at 14)")


def test_a_ghost_does_not_keep_a_run_going():
    """At the end of a branch space stays there, though its ghost would go on."""
    session = two_branches()
    assert session.is_at_end
    assert session.forward(5).position == Position(14)


@pytest.mark.parametrize(
    ("name", "key", "value", "expected"),
    [
        ("mountain-descent", "update.learning_rate", 0.3, {"curve", "loss"}),
        ("mountain-surface", "update.learning_rate", 0.05, {"contour", "loss"}),
        ("perceptron", "b", 1.0, {"boundary", "mistakes"}),
        ("house-prices", "update.learning_rate", 0.1, {"fit", "surface", "loss"}),
        ("quadratic-fit", "corrected", True, {"fit", "surface", "loss"}),
        ("backprop", "update.rule", "adam", {"loss"}),
    ],
)
def test_charts_draw_ghosts_with_mark_and_label(name, key, value, expected):
    """Wherever a run leaves a path, a curve or a line, its ghost is drawn too, with its own mark and label."""
    session = opened(name, at=4).what_if(key, value).forward(3)
    drawn = set()
    for chart_name in charts_for(session.view):
        chart = CHARTS[chart_name].build(session.view)
        for layer in getattr(chart, "layers", ()):
            if isinstance(layer, Series) and layer.role is Role.GHOST and layer.label:
                assert "as given" in layer.label
                assert layer.mark == "1"
                drawn.add(chart_name)
    assert expected <= drawn


def test_corrected_run_and_branches_do_not_mix():
    """c goes to the corrected run, which has a tree of its own; c again finds the branches as they were."""
    session = opened("admissions-neuron", at=1).what_if("update.learning_rate", 0.5)
    other = session.corrected()
    assert other.view.comparisons == ()
    assert [branch.name for branch in other.corrected().branches.all] == ["1", "2"]


def test_back_to_the_start_leaves_the_branches():
    """r goes back to the run as the scenario gives it; branches stay as ghosts."""
    session = two_branches().restarted()
    assert (session.branches.current, session.position, session.timeline.edits) == ("1", Position(), ())
    assert [ghost.mark for ghost in session.ghosts] == ["2"]


def test_edits_in_place_stay_on_their_branch():
    """[ ] and e change the branch on view and no other."""
    session = two_branches().switched("1").edited("update.learning_rate", 0.1)
    assert session.branches["2"].timeline.edits == (Edit(12, "update.learning_rate", 0.5),)
    assert branch_label(session.branches, session.branches["1"]) == "η 0.1 from 14"


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (Edit(1, "update.learning_rate", 0.5), "η 0.5"),
        (Edit(1, "update.rule", "adam"), "adam"),
        (Edit(1, "update.momentum", 0.5), "momentum 0.5"),
        (Edit(1, "W1[0,1]", -3.0), "W1[0,1] = −3"),
        (Edit(1, "seed", 7), "seed 7"),
        (Edit(1, "corrected", True), "corrected"),
        (Edit(1, "corrected", False), "as published"),
    ],
)
def test_edits_in_words(edit, text):
    """What is changed is said as shortly as can be."""
    assert described(edit) == text


def said(typed, scenario):
    return talk(Session.open(scenario), typed)[1:]


def test_plain_mode_branches_and_switches():
    """w with a change branches off, branches lists the tree, switch goes over, drop deletes; else it is told."""
    hill = load_file(resolve("mountain-descent"))
    blocks = said("n 12\nw\nw rate 0.5\nn 2\nbranches\nswitch 1\ndrop 2\nswitch 2\nw y 3\nw foo\nw x = 3\n", hill)
    assert blocks[1].startswith("what if, from update 12 on: rate 0.5, rule adam, x 3, schedule step 50, clip norm 1\n")
    assert blocks[2].startswith("On branch 2: η 0.5 from 12. The run so far stays as branch 1")
    assert "1 as given · loss 2.271905" in blocks[4]
    assert "this run: loss 2.272 lower than branch 1, parameters 1.507 apart" in blocks[4]
    assert blocks[5].splitlines()[1].startswith("* `- 2  η 0.5 from 12 · loss 0")
    assert "update 14 · loss 2.271905" in blocks[6]
    assert blocks[7].startswith("* 1  as given")
    assert 'there is no branch "2"; 1' in blocks[9]
    assert "no such parameter" in blocks[10]
    assert "no KEY=VALUE" in blocks[11]
    assert "x = 3" in blocks[13]


def test_plain_mode_tries_rule_seed_and_correction():
    """w rule, w seed and w corrected do what the keys do."""
    shuffled = load_file(resolve("backprop"), [("update.batch", 2), ("update.order", "shuffled")])
    assert any("· adam" in block for block in said("n\nw rule adam\n", shuffled))
    assert "On branch 2: seed 7 from 1." in said("n\nw seed 7\n", shuffled)[1]
    assert "On branch 2: corrected from 1." in said("n\nw corrected\n", load_file(resolve("admissions-neuron")))[1]


def test_hidden_parts_are_not_told_in_plain_mode():
    """Gradient and change leave the parameter lines; equation, parameters and lesson leave altogether."""
    (shown,) = said("n\n", closed())
    assert "gradient" in shown
    assert "change" in shown
    (shown,) = said("n\n", closed(hide='"gradient", "change"'))
    assert not any("gradient" in line or "change" in line for line in shown.splitlines() if line.startswith("w"))
    shown, lesson, params = said("n\ni\nparams\n", closed(hide='"equation", "parameters", "lesson"'))
    assert [line.partition(":")[0] for line in shown.splitlines()] == [
        "Update 1",
        "update 1 · loss 0.470664 · η 1 · gradient-descent · epoch 1",
    ]
    assert "secret" not in lesson
    assert params == "parameters: this scenario keeps it as it is"


def test_hidden_charts_are_not_offered():
    """A chart that is hidden is not among those that fit."""
    view = Session.open(closed()).view
    hidden = Session.open(closed(hide='"network", "loss"')).view
    assert set(charts_for(view)) - set(charts_for(hidden)) == {"network", "loss"}
