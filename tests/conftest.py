"""Settings for all tests: which are quick, and the same hypothesis examples in every run on a build machine."""

import os

import pytest
from hypothesis import settings

settings.register_profile("build", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("build")

QUICK = ("engine", "timeline", "charts", "explain", "scenario", "session", "plain", "export")
"""Folders whose tests start no program and open no screen; `pytest -m quick` runs these."""


@pytest.fixture(autouse=True)
def _progress_of_tests(tmp_path_factory, request):
    """Begin each test, and the programs it starts, without any progress, and away from that of whoever runs it."""
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.getbasetemp() / f"data-{hash(request.node.nodeid)}")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name in QUICK:
            item.add_marker(pytest.mark.quick)
