"""The confusion matrix: what is counted, what arrow keys choose, and how it is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from gdsim.charts.chart import Confusion
from gdsim.charts.shapes import outputs_of
from gdsim.charts.table import CHARTS
from gdsim.plain.charts import chart_lines
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.drawing import draw
from gdsim.tui.palettes import PALETTES
from tests.charts.views import WIDE, XOR, view_of

KIND = CHARTS["confusion"]


def built(view) -> Confusion:
    found = KIND.build(view)
    assert isinstance(found, Confusion)
    return found


def test_every_held_out_sample_is_counted_once() -> None:
    """Rows add up to the samples of each class, and the diagonal to the answers that are right."""
    session = Session.open(load_file(resolve("digits"))).after(40)
    found, data = built(session.view), session.scenario.dataset
    assert found.counts.sum(axis=1).tolist() == data.test_targets.sum(axis=0).astype(int).tolist()
    answers = outputs_of(session.timeline.run, session.timeline.state(40).theta, data.test_inputs).argmax(axis=1)
    right = int((answers == data.test_targets.argmax(axis=1)).sum())
    assert np.trace(found.counts) == right
    assert f"{100 * right / len(answers):.1f} %" in found.title


def test_two_classes_are_left_to_the_boundary() -> None:
    """There is a matrix for more than two classes only."""
    assert KIND.applies(view_of(WIDE))
    assert not KIND.applies(view_of(XOR))
    assert KIND.build(view_of(XOR)) is None


def test_a_cell_opens_one_of_its_samples() -> None:
    """Arrow keys walk from cell to cell within the matrix; the sample on view is the first counted in the cell."""
    view = Session.open(load_file(resolve("digits"))).after(40).view
    counts = built(view).counts
    assert KIND.choose(view, 1, 0).cell == (0, 0)
    row, column = (int(each[0]) for each in np.nonzero(counts))
    view = replace(view, focus=replace(view.focus, cell=(row, column - 1) if column else (row, column + 1)))
    view = replace(view, focus=KIND.choose(view, 1 if column else -1, 0))
    assert view.focus.cell == (row, column)
    assert view.scenario.dataset.test_targets[view.focus.picked].argmax() == row
    assert str(counts[row, column]) in KIND.describe(view)
    assert KIND.choose(view, 99, 99).cell == (9, 9)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("width", "height"), [(64, 19), (42, 11), (20, 5), (3, 2), (1, 1)])
def test_the_chosen_cell_is_always_on_view(width: int, height: int, ascii_only: bool) -> None:
    """Whatever there is room for, the table fills its place, and from 20 × 5 on the chosen cell stands in brackets."""
    counts = np.arange(100).reshape(10, 10)
    names = tuple("0123456789")
    for chosen in ((0, 0), (9, 9), (4, 7)):
        drawing = Confusion("t", names, counts, chosen)
        strips = draw(drawing, width, height, PALETTES["none"], ascii_only=ascii_only)
        assert [strip.cell_length for strip in strips] == [width] * height
        text = "\n".join(strip.text for strip in strips)
        assert f"[{counts[chosen]}]" in text or height < 5


def test_plain_mode_says_what_is_taken_for_what() -> None:
    """In words: how many are right, and for each class what it is taken for."""
    lines = chart_lines(Session.open(load_file(resolve("digits"))).after(40).view, "confusion")
    assert "% of 359 unseen right" in lines[0]
    assert len(lines) == 11
    assert any("taken for" in line for line in lines)


def test_a_table_too_low_says_how_many_rows_it_leaves_out() -> None:
    """Ten classes in ten rows: the row of names leaves room for nine, and the corner says +1; eleven are enough."""
    ten = Confusion("", tuple("0123456789"), np.eye(10, dtype=np.intp))
    for height, corner in ((10, "+1"), (11, "  ")):
        assert draw(ten, 48, height, PALETTES["none"])[0].text.startswith(corner)


def test_a_table_too_narrow_says_how_many_columns_it_leaves_out() -> None:
    """Ten classes of two cells each in 15 cells: five fit, and behind their names stands +5; 32 are enough."""
    ten = Confusion("", tuple("0123456789"), np.eye(10, dtype=np.intp))
    shown = draw(ten, 15, 12, PALETTES["none"])[1].text
    assert shown.split() == ["0", "1", "2", "3", "4", "+5"]
    assert "+" not in draw(ten, 32, 12, PALETTES["none"])[1].text


def test_names_of_columns_are_shortened_before_columns_are_left_out() -> None:
    """Three classes with long names fit in 42 cells, each with its count."""
    irises = Confusion("", ("setosa", "versicolor", "virginica"), np.array([[50, 0, 0], [0, 41, 9], [0, 4, 46]]))
    shown = [strip.text for strip in draw(irises, 42, 10, PALETTES["none"])]
    assert shown[1].split() == ["setosa", "versicol…", "virginica"]
    assert [row.split()[1:] for row in shown[2:] if row.strip()] == [
        ["50", "·", "·"],
        ["·", "41", "9"],
        ["·", "4", "46"],
    ]


def test_a_table_says_what_its_rows_are_even_if_it_has_all_the_height() -> None:
    """Ten classes in eleven rows: the words stand beside the counts."""
    ten = Confusion("", tuple("0123456789"), np.full((10, 10), 20))
    words = " ".join(strip.text[33:].strip() for strip in draw(ten, 42, 11, PALETTES["none"]))
    assert words.split() == ["rows:", "true,", "columns:", "predicted"]


@pytest.mark.parametrize(("classes", "width", "height"), [(3, 62, 19), (3, 86, 27), (10, 86, 27)])
def test_a_table_grows_with_its_room(classes: int, width: int, height: int) -> None:
    """Cells get higher and wider: the table takes more than half of the columns and of the rows."""
    counts = np.full((classes, classes), 20)
    shown = draw(Confusion("", tuple("0123456789")[:classes], counts), width, height, PALETTES["dark"])
    filled = [[segment for segment in strip if segment.style and segment.style.bgcolor] for strip in shown]
    assert sum(map(bool, filled)) > height / 2
    assert max(sum(len(segment.text) for segment in row) for row in filled) > (width / 2 if classes > 3 else 45)
