"""The charts a scenario may list and those there are."""

from gdsim.charts.table import CHARTS
from gdsim.scenario.schema_run import KNOWN_CHARTS


def test_a_scenario_may_list_exactly_the_charts_there_are() -> None:
    """No name passes the schema without a chart behind it, and every chart can be listed."""
    assert set(KNOWN_CHARTS) == set(CHARTS)
