"""The charts a scenario may list and those there are, and what all of them keep to."""

import re

import pytest

from gdsim.charts.chart import Chart
from gdsim.charts.table import CHARTS
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.schema import KNOWN_CHARTS
from gdsim.session import Session


def test_a_scenario_may_list_exactly_the_charts_there_are() -> None:
    """No name passes the schema without a chart behind it, and every chart can be listed."""
    assert set(KNOWN_CHARTS) == set(CHARTS)


@pytest.mark.parametrize("name", ["mountain-descent-left", "activations", "perceptron", "backprop", "quadratic-fit"])
def test_labels_write_the_minus_of_formulas(name: str) -> None:
    """Numbers in labels have the minus the equations beside them have, and no hyphen."""
    session = Session.open(load_file(resolve(name))).after(3)
    charts = [chart for kind in CHARTS.values() if isinstance(chart := kind.build(session.view), Chart)]
    labels = [
        text for chart in charts for text in (chart.x.label, chart.y.label, *(each.label for each in chart.layers))
    ]
    assert labels
    assert [text for text in labels if re.search(r"-\d", text)] == []
    if name in ("mountain-descent-left", "activations", "perceptron"):
        assert any(re.search(r"−\d", text) for text in labels)
