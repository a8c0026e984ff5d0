"""Settings for all tests: which are quick, and the same hypothesis examples in every run on a build machine."""

import os

import pytest
from hypothesis import settings

settings.register_profile("build", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("build")

QUICK = ("engine", "timeline", "charts", "explain", "scenario", "session", "plain", "export")
"""Folders whose tests start no program and open no screen; `pytest -m quick` runs these."""


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name in QUICK:
            item.add_marker(pytest.mark.quick)
