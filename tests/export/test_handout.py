"""A run as a worked example in Markdown."""

import re

import pytest

from gdsim.engine.edits import Edit
from gdsim.export.handout import handout_lines
from gdsim.export.trace.lines import Steps
from gdsim.scenario.build import build
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.timeline.timeline import Timeline


def handout(name, steps=None, *, edits=(), updates=None, corrected=False):
    overrides = () if updates is None else (("stop.max_updates", updates),)
    scenario = load_file(resolve(name), overrides=overrides)
    timeline = Timeline(build(scenario, corrected=corrected))
    for edit in edits:
        timeline = timeline.branch(edit)
    return "".join(handout_lines(scenario, timeline, steps))


def test_an_update_of_mazurs_network_is_worked_out_in_full():
    """Every neuron's sum, every weight's gradient and its new value stand in it, as Mazur prints them."""
    text = handout("mazur", Steps(1, 1), corrected=True)
    for line in (
        "z¹₁ = w1·x₁ + w2·x₂ + b1\n    = 0.15·0.05 + 0.2·0.1 + 0.35\n    = 0.3775\n",  # net_h1
        "    = 0.593270\n",  # out_h1
        "= 0.772928\n",  # out_o2
        "= 0.298371\n",  # E_total
        "= +0.138499\n",  # δ_o1
        "∂C/∂w5 = δ²₁·a¹₁\n       = 0.138499·0.593270\n       = +0.082167\n",
        "= 0.358916\n",  # w5+
        "= 0.408666\n",  # w6+
        "= 0.511301\n",  # w7+
        "= 0.561370\n",  # w8+
        "= 0.149781\n",  # w1+
        "= 0.299502\n",  # w4+
    ):
        assert line in text
    assert text.count("\n## Update ") == 1
    assert [int(number) for number in re.findall(r"^### (\d)\. ", text, re.MULTILINE)] == [1, 2, 3, 4, 5, 6, 7]


def test_only_the_steps_asked_for_are_written():
    """Updates A to B and no other; the end is told where it is among them."""
    text = handout("mountain-descent", Steps(2, 3))
    assert re.findall(r"^## Update (\d+)", text, re.MULTILINE) == ["2", "3"]
    assert "## The" not in text
    text = handout("mountain-descent", Steps(297))
    assert re.findall(r"^## Update (\d+)", text, re.MULTILINE) == ["297", "298"]
    assert "## The end\n\nThe last step was" in text


def test_without_steps_the_first_are_worked_out_and_the_others_are_in_a_table():
    """A hand-out stays one: five updates with equations, then at most 31 rows to the last update."""
    text = handout("mountain-descent")
    assert len(re.findall(r"^## Update ", text, re.MULTILINE)) == 5
    later = text.split("## The updates after that")[1].split("## The end")[0]
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", later, re.MULTILINE)]
    assert numbers == [*range(10, 291, 10), 298]
    assert "| 10 | 2.670432 | 3.634146 |" in later  # 2 + 2·0.98¹⁰ = 3.634146, (2·0.98¹⁰)² = 2.670432
    short = handout("mountain-descent", updates=8)
    assert re.findall(r"^\| (\d) \|", short.split("after that")[1], re.MULTILINE) == ["6", "7", "8"]


def test_what_was_changed_by_hand_is_said_where_it_was():
    """An edit stands before the update it first holds for."""
    text = handout("mountain-descent", Steps(1, 3), edits=[Edit(1, "x", 3.0)])
    assert (
        text.index("## Update 1")
        < text.index("> Changed by hand before this update: x = 3.0")
        < text.index("## Update 2")
    )
    assert "f(x) = (x − 2)²\n     = (3 − 2)²\n     = 1\n" in text


@pytest.mark.parametrize("name", names())
def test_every_bundled_scenario_has_one(name):
    """Each is one title, what is given, one worked update with fenced equations, all fences closed, no stray HTML."""
    text = handout(name, Steps(1, 1))
    lines = text.splitlines()
    assert lines[0].startswith("# ")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert text.count("```text\n") * 2 == text.count("```")
    assert text.count("```text\n") >= 2
    assert all(line.endswith("|") for line in lines if line.startswith("|"))
    assert re.search(r"^\| name \| value \| gradient \| change \| new \|$", text, re.MULTILINE)


@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_slip_to_be_found_is_not_named(is_hidden):
    """What the source got wrong stands at the top, unless the reader is to find it; corrected, it is told."""
    scenario = load_file(resolve("quadratic-fit"), overrides=(("as_published.hidden", is_hidden),))
    note = " ".join(scenario.as_published.note.split())
    published = "".join(handout_lines(scenario, Timeline(build(scenario)), Steps(1, 1)))
    corrected = "".join(handout_lines(scenario, Timeline(build(scenario, corrected=True)), Steps(1, 1)))
    assert (note in published) is not is_hidden
    assert note in corrected
