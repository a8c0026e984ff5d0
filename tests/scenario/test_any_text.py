"""Whatever stands in a scenario file, reading it gives a scenario or a report, and nothing else."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_texts import A_FUNCTION, A_NETWORK, A_PERCEPTRON, HEAD

from gdsim.errors import ScenarioError, UsageError
from gdsim.scenario.data.tables import SEPARATORS, TableFormat, read_csv
from gdsim.scenario.load import load_file, load_text
from gdsim.scenario.mistakes import RefusedError
from gdsim.scenario.scenario import Scenario
from gdsim.scenario.settings import Overrides, parse_setting

TEXTS = (
    A_FUNCTION + '[[expect]]\nafter = "stop"\nquantity = "change.x"\nvalue = 1\n[show]\nsurface = ["x", "x"]\n',
    A_PERCEPTRON + '[[ask]]\nbefore = 1\nquantity = "w[0]"\nform = "sign"\nquestion = "?"\n',
    A_NETWORK + '[as_published]\nslope_at = "output"\nnote = "n"\n[[compare]]\nlabel = "a"\nset = { seed = 3 }\n',
    HEAD + '[update]\nlearning_rate = 1\nbatch = 2\norder = "shuffled"\n[network]\nloss = "categorical-cross-entropy"\n'
    '[[network.layers]]\nunits = 2\nactivation = "softmax"\ninit = { method = "he", scale = 2 }\n'
    '[data]\ndataset = "moons"\noptions = { samples = 9, noise = 0.1 }\nfeatures = ["x1*x2"]\ntest_fraction = 0.3\n',
    HEAD + "[update]\nlearning_rate = 1\n[network]\nloss = 'mse'\n[[network.layers]]\nunits = 1\nactivation = 'tanh'\n"
    "weights = [[1]]\nbiases = [2]\n[data]\n"
    "generate = { samples = 4, x = [0, 1], target = 'x' }\nscale.inputs = 'standard'\n",
)
scalars = (
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.dates()
    | st.times()
    | st.sampled_from(["all", "stop", "sigmoid", "x", "__import__('os')", "9**9**9**9", "../../etc/passwd", 10**400])
)
values = st.recursive(scalars, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=5), v, max_size=3))


def read(text: str, overrides: Overrides = ()) -> Scenario | ScenarioError:
    """Return the scenario, or the report after a look at it."""
    result: Scenario | ScenarioError
    try:
        result = load_text(text, "s.toml", overrides=overrides)
    except ScenarioError as error:
        result = error
    if isinstance(result, ScenarioError):
        assert result.mistakes
        assert str(result).startswith("s.toml:")
        assert all(c.isprintable() or c == "\n" for c in str(result))
    return result


@settings(deadline=None)
@given(st.text() | st.text(alphabet="[]{}=.\"'\n#ab1, "))
def test_any_text_gives_a_scenario_or_a_report(text: str) -> None:
    """No text raises anything but ScenarioError, and its report can be printed anywhere."""
    read(text)


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_a_text_with_a_piece_replaced_gives_a_scenario_or_a_report(text: str, data: st.DataObject) -> None:
    """A slip of the keyboard in a good file is reported, not raised."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    read(text[:start] + data.draw(st.text(max_size=6)) + text[end:])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_a_scenario_with_any_value_anywhere_gives_a_scenario_or_a_report(text: str, data: st.DataObject) -> None:
    """Any TOML value in the place of any other is judged, whatever its type."""
    places = list(_places(tomllib.loads(text)))
    place = data.draw(st.sampled_from(places))
    value = data.draw(values)
    if data.draw(st.booleans()):
        place = f"{place}.{data.draw(st.sampled_from(['0', 'x', 'units', 'rule']))}"
    read(text, [(place, value)])


@settings(deadline=None)
@given(st.text())
def test_any_setting_is_read_or_refused(text: str) -> None:
    """Whatever follows --set gives a path and a value or a UsageError."""
    try:
        path, value = parse_setting(text)
    except UsageError:
        return
    read(A_FUNCTION, [(path, value)])


@given(content=st.binary())
@settings(max_examples=50, deadline=None)
def test_any_bytes_give_a_scenario_or_a_report(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """A file of any bytes is read or reported."""
    path = tmp_path_factory.mktemp("any") / "s.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError):
        load_file(path)


@given(
    content=st.binary() | st.text(alphabet='ay1.,;|\t "\n\r#?-', max_size=60).map(str.encode),
    form=st.builds(
        TableFormat,
        st.sampled_from([None, *SEPARATORS]),
        st.sampled_from(".,"),
        st.booleans(),
        st.integers(0, 3),
        st.sampled_from(["utf-8", "utf-16", "cp1252", "latin-1", "gb18030", "shift_jis"]),
        st.booleans(),
    ),
    may_be_labels=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_as_a_data_file_give_samples_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, form: TableFormat, may_be_labels: bool
) -> None:
    """However a data file is said to be written, its samples are finite or it is refused."""
    path = tmp_path_factory.mktemp("any") / "points.csv"
    path.write_bytes((b"a,y\n1,2\n" if form.has_header else b"") + content)
    columns = (["a"], ["y"]) if form.has_header else ([1], [2])
    try:
        raw = read_csv(path, *columns, form, may_be_labels=may_be_labels)
    except RefusedError:
        return
    assert len(raw.inputs) > 0
    assert np.isfinite(raw.inputs).all()


@pytest.mark.parametrize("text", TEXTS)
def test_the_texts_the_others_start_from_are_right(text: str) -> None:
    """The mutations above start from scenarios that load."""
    assert isinstance(read(text), Scenario)


def _places(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        for key, part in value.items():
            yield f"{path}{key}"
            yield from _places(part, f"{path}{key}.")
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield f"{path}{position}"
            yield from _places(part, f"{path}{position}.")
