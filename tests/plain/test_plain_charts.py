"""Charts in words: what a learner hears of a picture, checked by hand."""

import pytest
from plain_talk import HILL, said

from gdsim.charts.table import CHARTS, charts_for
from gdsim.plain.charts import chart_lines
from gdsim.plain.describe import epoch_words
from gdsim.scenario.library import resolve, summaries
from gdsim.scenario.load import load_file, load_text
from gdsim.session import Session


def lines(name, at, chart=""):
    return chart_lines(Session.open(load_file(resolve(name))).after(at).view, chart)


def test_hill_tells_place_side_and_valley():
    """After two updates of (x − 2)² from 4 by 0.01: 3.9208, height 1.9208² = 3.689473, slope 2·1.9208 = 3.8416."""
    told = said("n 2\nchart curve\n")[-1].splitlines()
    assert told[0] == "hill: the point stands at x = 3.9208, height 3.689473."
    assert told[1] == "The hill rises to the right, slope +3.8416, so a step against it goes left."
    assert "its valley is near x = 2." in told[2]
    assert told[3] == "The nearest valley lies to the left of the point."
    assert told[4].startswith("Other starts: x = 0")


def test_hill_rises_to_the_left_of_its_valley():
    """At 0 the slope of (x − 2)² is −4: the hill rises to the left."""
    told = said("start\nv curve\n")[-1]
    assert "rises to the left, slope −4, so a step against it goes right." in told


def test_local_minima_are_all_named():
    """A hill with more than one valley names each of them."""
    told = "\n".join(lines("local-minima", 0, "curve"))
    assert "valleys are near" in told
    assert told.count("x = ") >= 3


def test_mountain_tells_the_way_down():
    """The bundled mountain has its top near (1, 1) and its hole near (−0.6, −1.4), as its formula says."""
    told = "\n".join(lines("mountain-surface", 3, "contour"))
    assert "near x = −0.6, y = −1.4." in told
    assert "near x = 1, y = 1." in told
    assert "Downhill is towards smaller y and larger x" in told


def test_boundary_lists_the_points_on_the_wrong_side():
    """Rosenblatt's run ends with w = (−2, …) dividing all; before, each point on the wrong side is named once."""
    told = lines("perceptron", 3, "boundary")
    assert sum("is of class 0, classified as 1" in line for line in told) == 3
    assert "3 points lie on the wrong side:" in told
    session = Session.open(load_file(resolve("perceptron")))
    end = session.after(session.timeline.reach(10**6))
    assert "All 7 points are on the right side." in chart_lines(end.view, "boundary")


def test_a_tie_that_is_a_mistake_lies_on_the_wrong_side():
    """At w = 0 all points are ties: where ties are mistakes both are wrong, where a tie is class 1 only that of 0."""
    text = (
        'format = 1\ntitle = "t"\nsummary = "s"\n[perceptron]\nweights = [0.0, 0.0]\ntie = TIE\n'
        "[data]\ninputs = [[1, 0], [0, 1]]\ntargets = [0, 1]\n[update]\nlearning_rate = 1.0\n"
    )
    for tie, wrong in (('"mistake"', "2 points lie on the wrong side:"), ("1", "1 point lies on the wrong side:")):
        view = Session.open(load_text(text.replace("TIE", tie), "ties.toml")).view
        assert wrong in chart_lines(view, "boundary")


def test_epochs_are_listed_with_their_mistakes():
    """The mistakes of all epochs of the perceptron add up to its 23 corrections, and the last epoch has none."""
    session = Session.open(load_file(resolve("perceptron")))
    end = session.after(session.timeline.reach(10**6))
    told = chart_lines(end.view, "mistakes")
    counts = [int(line.split()[2]) for line in told if line.startswith("epoch ")]
    assert counts[-1] == 0
    assert sum(counts) == 23 or len(counts) == 12


def test_epochs_of_full_batches_are_listed():
    """Irises, all 150 at once: every update is an epoch, with loss and accuracy; a hill has its loss alone."""
    told = epoch_words(Session.open(load_file(resolve("flowers"))).after(15).view)
    assert [line.split()[1] for line in told[3:]] == [f"{epoch}:" for epoch in range(4, 16)]
    assert all(line.endswith("% right") for line in told[3:])


def test_loss_tells_rises():
    """A rate of 1.5 on (x − 2)² doubles the distance every time: the loss rises at each update, by hand ×4."""
    told = said("rate 1.5\nn 3\nchart loss\n")[-1]
    assert "4 at the start, 256 now, after update 3." in told
    assert "It rose 3 times, last at update 3." in told
    assert "Its lowest was 4, after update 0." in told
    assert "It never rose." in said("n 3\nchart loss\n")[-1]


def test_a_chart_there_is_not_is_answered_with_those_there_are():
    """An unknown chart is refused with the names of those that fit."""
    answer = said("chart network\n")[-1]
    assert "no chart of this scenario" in answer
    assert "curve, loss, parameters" in answer


@pytest.mark.parametrize("name", [each.name for each in summaries()])
def test_every_chart_of_every_scenario_has_words(name):
    """Each chart is told at the start, inside an update and later, in short lines without drawing."""
    session = Session.open(load_file(resolve(name)))
    for at in (session, session.forward(1), session.forward(3)):
        for chart in charts_for(at.view):
            told = chart_lines(at.view, chart)
            assert told[0].startswith(f"{CHARTS[chart].title}: ")
            assert all(line and line.isprintable() and len(line) < 500 for line in told)
            assert not any("\u2500" <= letter <= "\u28ff" for line in told for letter in line)
            assert "nothing to show" not in told[0]


def test_the_main_chart_and_the_loss_without_a_name():
    """`chart` alone tells the first chart, then the loss, then which others there are."""
    told = said("chart\n", HILL)[-1]
    assert told.index("hill:") < told.index("loss by update:") < told.index("Other charts: parameters.")


def test_parameters_are_told_from_where_they_began_of_each_run():
    """Of the main run and of those beside: which run, which parameter, its value at update 0 and now."""
    session = Session.open(load_file(resolve("racing-balls"))).after(12)
    told = chart_lines(session.view, "parameters")
    runs = [("", session.timeline), *((f"{each.label}, ", each.timeline) for each in session.view.comparisons)]
    for run, timeline in runs:
        for name, first, last in zip("xy", timeline.state(0).theta, timeline.state(12).theta, strict=True):
            (line,) = (line for line in told if line.startswith(f"{run}{name}: "))
            first_told, last_told = line.removeprefix(f"{run}{name}: ").replace("−", "-").split(", now ")
            assert (float(first_told), float(last_told)) == pytest.approx((first, last), abs=1e-5)
