"""The example notebook, and what a cell of a notebook gets, as Jupyter's own kernel runs them."""

import sys

import pytest

from gdsim.cli import main

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]
nbformat = pytest.importorskip("nbformat")
preprocessors = pytest.importorskip("nbconvert.preprocessors")
pytest.importorskip("ipykernel")


def outputs(notebook):
    """Return the outputs of each cell of code, once a kernel has run the notebook. Raises CellExecutionError."""
    preprocessors.ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(notebook)
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def test_the_example_runs(tmp_path):
    """`gdsim new` writes it; every cell shows a picture, a page, the numbers, or the mistake it is about."""
    path = tmp_path / "first.ipynb"
    assert main(["new", str(path)]) == 0
    hill, update, compared, losses, boundary, page, watched = outputs(nbformat.read(path, as_version=4))
    for (output,) in (hill, update, compared, boundary, page):
        assert "text/html" in output["data"]
    assert "f′(x) = 2·(x − 2)" in update[0]["data"]["text/html"]
    before, after = map(float, losses[0]["data"]["text/plain"].strip("()").split(","))
    assert after < 0.1 * before
    assert "x: yours 3.980000, right 3.960000" in watched[0]["text"]


def test_a_screen_in_a_cell_ends_with_a_hint():
    """`!gdsim run` ends at once, and names what to type in a cell instead."""
    command = f"!{sys.executable} -m gdsim run mountain-descent"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(command)])
    said = "".join(output["text"] for output in outputs(notebook)[0])
    assert "gdsim.load('mountain-descent').show()" in said
