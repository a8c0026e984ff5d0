"""The tables of pages, which are found by the names of their modules."""

from __future__ import annotations

from typing import get_type_hints

import pytest

from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.update import Phase, Update
from gdsim.explain.page import Page
from gdsim.explain.pages import PAGES
from gdsim.explain.symbols import Names
from gdsim.timeline.position import Focus


@pytest.mark.parametrize("model", [FunctionModel, PerceptronModel, NetworkModel])
def test_every_model_has_a_table_of_pages(model: type) -> None:
    """Type checkers do not see behind names: what is found is a table of functions that explain a phase."""
    for explain in PAGES[model].values():
        assert list(get_type_hints(explain).values()) == [Update, Phase, Focus, Names, Page]
