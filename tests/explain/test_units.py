"""Scaled samples in the units of their file; expected numbers by hand from the five flats of `FLATS`."""

import pytest
from plain_talk import talk

from gdsim.cli import main
from gdsim.explain.page import names_of
from gdsim.explain.pages import page
from gdsim.explain.units import fitted_line
from gdsim.scenario.build import build
from gdsim.scenario.load import load_text
from gdsim.session import Session
from gdsim.timeline.position import Focus
from gdsim.timeline.timeline import Timeline

FLATS = """
format = 1
title = "Flats"
summary = "Price by area"
[network]
loss = "mse"
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.0]]
biases = [0.0]
[data]
inputs = [[40], [60], [80], [100], [120]]
targets = [26000, 29000, 32000, 35000, 38000]
input_names = ["area"]
target_names = ["price"]
scale = { inputs = "standard", targets = "standard" }
[update]
learning_rate = 0.3
[stop]
max_updates = 60
"""


def scenario(scaling="standard"):
    return load_text(FLATS.replace('"standard"', f'"{scaling}"'), "flats.toml")


def test_a_fitted_line_in_the_units_of_the_file():
    """The samples lie on price = 20000 + 150·area; after one update w = 0.6: 0.6·150 = 90, 32000 − 90·80 = 24800.

    At the start w = b = 0 is the mean price whatever the area.
    """
    flats = scenario()
    timeline = Timeline(build(flats))
    timeline.reach(60)
    shown = [fitted_line(flats.dataset, timeline.run, timeline.state(k).theta) for k in (0, 1, 60)]
    assert shown == ["price = 32000 + 0·area", "price = 24800 + 90·area", "price = 20000 + 150·area"]


@pytest.mark.parametrize("scaling", ["standard", "min-max"])
def test_equations_say_once_what_scaled_numbers_are_in_the_file(scaling):
    """Sample 1 has 40 m² for 26000; the answer 0 stands for the mean price, or for the lowest."""
    flats = scenario(scaling)
    update = Timeline(build(flats)).update(1)
    forward, loss, *_rest, last = (
        page(update, phase, Focus(sample=0), names=names_of(flats)) for phase in range(len(update.phases))
    )
    inputs, targets = [line.symbol for line in (*forward.lines, *loss.lines) if "scaled" in line.symbol]
    assert inputs == "inputs are scaled; in the file area = 40"
    lowest = {"standard": 32000, "min-max": 26000}[scaling]
    assert targets == f"targets are scaled; in the file price = {lowest}, target 26000"
    assert last.notes[-1].startswith("In the file's units: price = ")


def test_numbers_that_were_not_scaled_have_no_such_line():
    """Without scaling the numbers are the file's already."""
    flats = scenario("none")
    timeline = Timeline(build(flats))
    assert fitted_line(flats.dataset, timeline.run, timeline.state(0).theta) == ""
    assert not any("file" in line.symbol for line in page(timeline.update(1), 0, names=names_of(flats)).lines)


def test_check_trace_and_plain_mode_give_the_line(tmp_path, capsys):
    """The line after 60 updates, to the digits the fit has."""
    file = tmp_path / "flats.toml"
    file.write_text(FLATS, "utf-8")
    line = "In the file's units: price = 20000 + 150·area"
    for command in (["check", str(file)], ["trace", str(file), "--format", "table"]):
        assert main(command) == 0
        assert line in capsys.readouterr().out
    assert "".join(talk(Session.open(scenario()).after(60), "chart fit\n")).count(line) == 2
