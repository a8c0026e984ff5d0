"""The API for Python and notebooks: its examples come out, and it says what the command line says."""

import csv
import doctest
import re
import subprocess
import sys
import types
from io import StringIO
from xml.etree import ElementTree

import numpy as np
import pytest

import gdsim
from gdsim import api, runs
from gdsim.errors import GdsimError, ScenarioError
from gdsim.scenario.library import names

SVG = "{http://www.w3.org/2000/svg}"


def test_the_examples_in_the_documentation_come_out():
    """Every example in a docstring gives what is written beneath it."""
    for module in (api, runs):
        found = doctest.testmod(module, extraglobs={"gdsim": gdsim})
        assert found.attempted >= 12
        assert found.failed == 0


def test_importing_gdsim_is_light():
    """`import gdsim` loads neither numpy nor pydantic-core; the API comes when it is asked for, without the screen."""
    code = (
        "import sys, gdsim; assert not {'numpy', 'pydantic_core', 'textual'} & set(sys.modules); gdsim.load; "
        "assert 'numpy' in sys.modules and not {'textual', 'plotext', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_has_a_docstring():
    """What is offered is documented."""
    for name in gdsim.__all__:
        offered = getattr(gdsim, name)
        assert isinstance(offered, str) or offered.__doc__
        for member, value in vars(offered).items() if isinstance(offered, type) else ():
            if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                assert value.__doc__, f"{name}.{member}"
    with pytest.raises(AttributeError):
        gdsim.nothing  # noqa: B018


def test_columns_are_those_of_the_trace(tmp_path):
    """The numbers in memory are those `gdsim export` writes, bit for bit."""
    run = gdsim.load("perceptron")
    run.save(tmp_path / "run.csv")
    rows = list(csv.DictReader(StringIO((tmp_path / "run.csv").read_text())))
    columns = run.columns()
    assert set(columns) == set(rows[0]) - {"loss_before"}
    for name, column in columns.items():
        written = np.array([float(row[name] or "nan") for row in rows])
        assert np.array_equal(column, written, equal_nan=True), name


def test_a_file_that_exists_is_not_overwritten(tmp_path):
    """save refuses, and replaces with force; another ending is refused."""
    run = gdsim.load("mountain-descent", {"stop.max_updates": 2})
    run.save(tmp_path / "a.md")
    with pytest.raises(GdsimError, match="exists already"):
        run.save(tmp_path / "a.md")
    run.save(tmp_path / "a.md", force=True)
    with pytest.raises(GdsimError, match=r"unknown file extension; one of \.toml, \.md, \.csv, \.jsonl"):
        run.save(tmp_path / "a.png")


def test_a_scenario_of_ones_own(tmp_path):
    """A path loads a file; its mistakes are raised with the lines they are in."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'format = 1\ntitle = "t"\nsummary = "s"\n[function]\nexpression = "x**2"\nstart = { x = 1.0 }\n'
        "starts = [{ x = -3.0 }]\n[update]\nlearning_rate = 0.25\n"
    )
    assert gdsim.load(path).update(1).parameters == {"x": 0.5}
    assert gdsim.load(str(path), start=2).update(1).parameters == {"x": -1.5}
    with pytest.raises(GdsimError, match="no such starting point"):
        gdsim.load(path, start=3)
    path.write_text(path.read_text().replace("0.25", '"fast"'))
    with pytest.raises(ScenarioError, match=r"9 \| learning_rate = \"fast\""):
        gdsim.load(path)


def test_published_and_corrected():
    """corrected=True is the run without the source's error."""
    published, corrected = (gdsim.load("quadratic-fit", corrected=on).update(1) for on in (False, True))
    assert any(not np.array_equal(published.gradient[name], corrected.gradient[name]) for name in published.gradient)


def test_an_update_past_the_end():
    """It is an IndexError that says where the run ended."""
    run = gdsim.load("mountain-descent", {"stop.max_updates": 3})
    with pytest.raises(IndexError, match=r"over after update 3 \(max_updates\)"):
        run.update(4)
    with pytest.raises(IndexError, match="phases 1 to 3"):
        run.update(1).explain(4)
    assert [update.number for update in run] == [1, 2, 3]
    assert run.loss(3) == run.update(3).loss


@pytest.mark.peers
def test_to_pandas():
    """A DataFrame of the columns, the update its index; without pandas it says what to install."""
    run = gdsim.load("mountain-descent", {"stop.max_updates": 3})
    pandas = pytest.importorskip("pandas")
    frame = run.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.index.name == "update"
    assert frame.index.tolist() == [0, 1, 2, 3]
    assert frame["x"].tolist()[:2] == [4.0, 3.96]


def test_to_pandas_without_pandas(monkeypatch):
    """The message names the command and what does without."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install pandas; columns\(\) does without"):
        gdsim.load("mountain-descent").to_pandas()


def test_to_pandas_hands_over_the_columns(monkeypatch):
    """Where there is no pandas to test with, what it is given is looked at."""
    given = {}

    class DataFrame:
        def __init__(self, columns):
            given.update(columns)

        def astype(self, kinds):
            assert kinds == {"update": int, "epoch": int}
            return self

        def set_index(self, name):
            return name

    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(DataFrame=DataFrame))
    run = gdsim.load("mountain-descent", {"stop.max_updates": 3})
    assert run.to_pandas() == "update"
    assert given.keys() == run.columns().keys()


@pytest.mark.parametrize("name", names())
def test_every_scenario_shows_in_a_notebook(name):
    """Run and update give well-formed HTML with charts and a table, nothing loaded from elsewhere."""
    run = gdsim.load(name)
    run.update(1)
    assert "<svg" in run._repr_html_()
    for html in (run._repr_html_(), run.update(1)._repr_html_()):
        assert "<table>" in html
        assert not re.search(r"<script|src=|href=|url\(", html)
        ElementTree.fromstring(f"<body>{html}</body>")


@pytest.mark.parametrize("name", names())
def test_no_parameter_is_left_out_in_silence(name):
    """The tables show every parameter, or tell how many more there are."""
    run = gdsim.load(name)
    size = run.timeline.run.model.layout.size
    for html, shown in (
        (run._repr_html_(), lambda rows: len(rows[0]) - 2),  # a column each, after update and loss
        (run.update(1)._repr_html_(), lambda rows: len(rows) - 1),
    ):
        body = ElementTree.fromstring(f"<body>{html}</body>")
        left_out = re.search(r"(\d+) more parameters? (?:is|are) in", html)
        assert shown(list(body.iter("tr"))) + int(left_out[1] if left_out else 0) == size


def test_a_run_nobody_stepped_shows_its_beginning():
    """Before any update was asked for, the first twenty are made; afterwards what was made is shown."""
    html = gdsim.load("mountain-descent")._repr_html_()
    assert "update 20 · loss" in html
    run = gdsim.load("mountain-descent")
    list(run)
    assert "update 298 · loss" in run._repr_html_()
    assert "The last step was" in run._repr_html_()
