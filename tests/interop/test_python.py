"""Runs made in Python: from samples, of functions, watched, compared, saved and shown."""

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdsim
from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.losses import LOSSES
from gdsim.engine.rules import FORMS, RULES
from gdsim.errors import GdsimError
from gdsim.interop.building import scenario_of, toml_lines
from gdsim.scenario.library import names
from gdsim.scenario.load import load_file
from gdsim.session import Session

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.4, 0.3]]


def test_dir_lists_what_is_offered():
    """Before anything of it is loaded as well."""
    assert set(dir(gdsim)) == set(gdsim.__all__)
    assert {"network", "perceptron", "minimise", "watch", "from_torch", "from_keras", "from_sklearn"} <= set(dir(gdsim))


@pytest.mark.parametrize("samples", [X, np.array(X), tuple(map(tuple, X))])
def test_samples_of_any_kind_give_the_same_run(samples):
    """Lists, arrays and tuples hold the same numbers."""
    run = gdsim.network(samples, [0, 1, 1, 0, 1], layers=[3, 1], seed=4)
    right = gdsim.network(np.array(X), np.array([0, 1, 1, 0, 1]), layers=[3, 1], seed=4)
    assert np.array_equal(run.parameters(3)["W1"], right.parameters(3)["W1"])


@pytest.mark.peers
def test_a_data_frame_brings_the_names_of_its_columns():
    """They are the inputs' names on the screen."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["size", "age"])
    run = gdsim.network(frame, pandas.Series([0.1, 0.2, 0.3, 0.4, 0.5]), layers=[1])
    assert run.scenario.dataset.input_names == ("size", "age")


def test_words_are_classes():
    """One unit for two, as many units as classes for more; the loss follows."""
    two = gdsim.network(X, ["no", "yes", "yes", "no", "yes"], layers=[3, 1])
    assert two.scenario.network.loss == "binary-cross-entropy"
    assert two.scenario.dataset.targets.ravel().tolist() == [0, 1, 1, 0, 1]
    three = gdsim.network(X, ["a", "b", "c", "b", "a"], layers=[4, 3])
    assert three.scenario.network.loss == "categorical-cross-entropy"
    assert three.scenario.dataset.target_names == ("a", "b", "c")
    assert gdsim.perceptron(X, ["u", "v", "v", "u", "v"]).scenario.dataset.targets.sum() == 3


def test_every_key_of_a_file_can_be_set():
    """Options go to [update], settings anywhere by dotted path; what there is not is told as in a file."""
    options = {"schedule": {"kind": "step", "every": 2}, "clip": {"norm": 0.1}}
    settings = {"network.layers.0.dropout": 0.5, "data.test_fraction": 0.4, "stop.patience": 5}
    run = gdsim.network(X, [0, 1, 1, 0, 1], layers=[3, 1], settings=settings, **options).timeline.run
    assert (run.schedule.options["every"], run.clip.norm, run.stop.patience) == (2, 0.1, 5)
    assert (run.model.layers[0].dropout, len(run.model.test_inputs)) == (0.5, 2)
    walk = gdsim.minimise("x**2", {"x": 3.0}, rule="momentum", form="textbook", settings={"stop.min_loss": 1.0})
    assert walk.timeline.run.stop.min_loss == 1.0
    assert walk.what_if(1, form="pytorch", schedule="step 1", clip="norm 2").parameters(2)["x"] == pytest.approx(2.3)
    with pytest.raises(GdsimError, match="dropot: unknown key; did you mean dropout"):
        gdsim.network(X, [0, 1, 1, 0, 1], layers=[3, 1], settings={"network.layers.0.dropot": 0.5})


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: gdsim.network({"a": 1}, [1], layers=[1]), "X: found dict; samples × inputs"),
        (lambda: gdsim.network(X, None, layers=[1]), "y: found NoneType"),
        (lambda: gdsim.network([[1, "tall"]], [1], layers=[1]), "X: found 'tall', which is not a number"),
        (lambda: gdsim.network([[1, 2], [3]], [1, 2], layers=[1]), "X: its rows have different lengths"),
        (lambda: gdsim.network([[1, np.nan]], [1], layers=[1]), "row 0, column 1 is nan; finite numbers"),
        (lambda: gdsim.network(X, [1, 2], layers=[1]), "y: found 2 targets; 5, one per sample of X"),
        (lambda: gdsim.network(X, [1, 2, 3, 4, 5], layers=3), r"layers: found 3; units of each layer"),
        (lambda: gdsim.network(X, [1, 2, 3, 4, 5], layers=[1], loss={"mse": 1}), "loss: found dict; a name"),
        (lambda: gdsim.network(X, [1, 2, 3, 4, 5], layers=[1], rule="adan"), "adam"),
        (lambda: gdsim.network(X, [1, 2, 3, 4, 5], layers=[1], learning_rate=-1), "update.learning_rate: found -1"),
        (lambda: gdsim.network(X, list("abcab"), layers=[2]), "y: found 3 classes: a, b, c; 2 classes, one per unit"),
        (lambda: gdsim.minimise(3, {"x": 1}), "expression: found int"),
        (lambda: gdsim.minimise("x**2", 3), "start: found int; one value per variable"),
        (lambda: gdsim.minimise("x**2 + z", {"x": 1.0}), "z"),
        (lambda: gdsim.watch("mazur", on_difference="shout"), "on_difference: found 'shout'"),
        (lambda: gdsim.watch("mazur")(W1="no"), "watch: found a value that is not a number"),
        (lambda: gdsim.watch("mazur")(Weights9=np.eye(2)), "Weights9"),
        (lambda: gdsim.load("mazur").what_if(1), "what_if: changes nothing"),
        (lambda: gdsim.load("mazur").what_if(1, speed=3), "speed: no such parameter or setting"),
        (lambda: gdsim.load("mazur").compare("perceptron"), "compare: found str; runs"),
        (lambda: gdsim.load("mazur").plot("pie"), '"pie": no chart of this scenario'),
        (lambda: gdsim.load("perceptron").numpy_code(), "this run is not of a network"),
        (lambda: gdsim.network(X, [1, 2, 3, 4, 5], layers=[1], activation="tahn"), "activation: found 'tahn'; one of"),
        (lambda: gdsim.perceptron(X, list("abcab")), "y: found 3 classes: a, b, c; 2 classes"),
        (lambda: gdsim.load("mazur", "fast"), "settings: found str; such as"),
        (lambda: gdsim.load("mazur").plot("loss", at="end"), "at: found 'end'; a whole number of updates"),
        (lambda: gdsim.load("mazur").what_if("now", learning_rate=1.0), "after: found 'now'"),
        (lambda: gdsim.load("mazur").save(3), 'save: found int; a file, such as "mine.toml"'),
        (lambda: gdsim.load("mazur", corrected=True).numpy_code(2.5), "updates: found 2.5"),
        (lambda: gdsim.to_torch("mazur"), "to_torch: found str; a run of a network"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(make, says):
    """It says what was found and what is wanted."""
    with pytest.raises(GdsimError, match=says.replace("(", r"\(")):
        make()


def test_a_function_is_minimised_by_any_rule():
    """Momentum by hand: v = 8, then 0.9·8 + g."""
    run = gdsim.minimise("x**2 + 10*y**2", start={"x": 4, "y": 1}, rule="momentum", learning_rate=0.01, momentum=0.9)
    assert run.parameters(2)["x"] == pytest.approx(4 - 0.08 - 0.01 * (0.9 * 8 + 2 * 3.92))


def mazur_loop(watch, slope=True):
    """Train Mazur's network by hand, without biases."""
    W1, W2 = np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([[0.4, 0.45], [0.5, 0.55]])
    x, y = np.array([0.05, 0.1]), np.array([0.01, 0.99])
    for _ in range(12):
        h = 1 / (1 + np.exp(-(W1 @ x + 0.35)))
        o = 1 / (1 + np.exp(-(W2 @ h + 0.6)))
        d2 = (o - y) * o * (1 - o)
        d1 = W2.T @ d2 * (h * (1 - h) if slope else 1)
        W2, W1 = W2 - 0.5 * np.outer(d2, h), W1 - 0.5 * np.outer(d1, x)
        watch(W1=W1, W2=W2)


def test_a_right_loop_is_watched_in_silence(capsys):
    """Nothing is raised, nothing printed."""
    mazur_loop(gdsim.watch("mazur"))
    mazur_loop(gdsim.watch("mazur", on_difference="print"))
    assert capsys.readouterr().out == ""


def test_a_wrong_loop_is_told_once(capsys):
    """At the first wrong number, with the mistake's name."""
    with pytest.raises(GdsimError, match=r"update 1, phase 7 of 7, update: W1\[0,0\](.|\n)*slope-left-out-hidden"):
        mazur_loop(gdsim.watch("mazur"), slope=False)
    mazur_loop(gdsim.watch("mazur", on_difference="print"), slope=False)
    assert capsys.readouterr().out.count("Your numbers are those of") == 1


def test_a_saved_scenario_gives_the_same_run(tmp_path):
    """Numbers, names and settings are kept."""
    run = gdsim.network(X, ["a", "b", "c", "b", "a"], layers=[4, 3], activation="tanh", rule="adam", seed=7)
    run.save(tmp_path / "mine.toml")
    again = gdsim.load(tmp_path / "mine.toml")
    assert np.array_equal(again.parameters(5)["W1"], run.parameters(5)["W1"])
    assert again.scenario.dataset.target_names == ("a", "b", "c")


@pytest.mark.parametrize("name", names())
def test_bundled_scenarios_are_written_as_they_are_read(name, tmp_path):
    """A table written as TOML reads as the same table."""
    table = gdsim.load(name).scenario.source_table
    if "data" in table and {"file", "images"} & set(table["data"]):
        return
    file = tmp_path / "again.toml"
    file.write_text("\n".join(toml_lines(table)), "utf-8")
    assert load_file(file).source_table == table


def test_a_plot_is_a_picture_in_notebooks_and_words_elsewhere():
    """Both tell of the loss."""
    plot = gdsim.load("mountain-descent").plot("loss", at=5)
    assert plot._repr_html_().startswith("<svg")
    assert str(plot).startswith("loss by update: 4 at the start")


def test_a_run_is_compared_with_another():
    """The other one is a ghost, labelled by what was changed."""
    run = gdsim.load("mountain-descent")
    both = run.what_if(12, learning_rate=0.5).compare(run)
    assert "η = 0.01" in both.plot("loss", at=20)._repr_html_()
    assert both.parameters(12) == run.parameters(12)
    assert both.parameters(13) != run.parameters(13)


def test_a_widget_is_a_page_in_a_frame():
    """It steps through the updates and loads nothing."""
    html = gdsim.load("mountain-descent").widget(2)._repr_html_()
    assert html.startswith("<iframe srcdoc=")
    assert html.count("&lt;section") == 3


def made_by(code):
    """Return what a program leaves behind; far out, its exponentials may outgrow what a number can hold."""
    made = {}
    with np.errstate(over="ignore"):
        exec(code, made)  # noqa: S102
    return made


layer = st.fixed_dictionaries(
    {
        "units": st.integers(1, 4),
        "activation": st.sampled_from([name for name in ACTIVATIONS if name != "softmax"]),
        "bias": st.sampled_from(["own", "own", "shared", "none"]),
        "dropout": st.sampled_from([0.0, 0.0, 0.4]),
        "slope": st.sampled_from([0.3, 1.2]),
    }
)
schedules = [
    None,
    {"kind": "step", "every": 2},
    {"kind": "exponential", "factor": 0.8},
    {"kind": "inverse-time", "decay": 0.3},
    {"kind": "cosine", "updates": 5, "low": 0.01},
    {"kind": "linear", "updates": 4},
    {"kind": "warmup", "updates": 3},
]


@given(
    st.lists(layer, min_size=1, max_size=3),
    st.sampled_from([*LOSSES]),
    st.sampled_from([*((name, None) for name in RULES), *FORMS]),
    st.sampled_from(schedules),
    st.sampled_from([None, {"norm": 0.2}, {"value": 0.05}]),
    st.sampled_from([None, {"l2": 0.1}, {"l1": 0.05}, {"l2": 0.1, "l1": 0.05}]),
    st.sampled_from([("all", "given"), (2, "given"), (3, "shuffled")]),
    st.booleans(),
    st.integers(0, 99),
)
@hypothesis.settings(deadline=None)
def test_numpy_code_makes_the_same_numbers(layers, loss, rule, schedule, clip, penalty, batch, trains, seed):
    """Whatever a network is and however it is trained, the program ends with the run's parameters and its loss."""
    rng = np.random.default_rng(seed)
    layers[-1] |= {"dropout": 0.0, "activation": LOSSES[loss].fused_with or layers[-1]["activation"]}
    if layers[-1]["activation"] == "softmax":  # one bias for all its units has a gradient of nothing but rounding
        layers[-1]["bias"] = "own"
    inputs = 2
    for each in layers:
        if each["activation"] not in ("leaky-relu", "elu"):
            each.pop("slope", None)
        biases = np.full(each["units"], 0.1) if each["bias"] == "shared" else rng.normal(size=each["units"])
        each["weights"] = rng.normal(size=(each["units"], inputs)).tolist()
        each |= {} if each["bias"] == "none" else {"biases": biases.tolist()}
        inputs = each["units"]
    targets = rng.random((5, inputs)).tolist()
    if loss == "categorical-cross-entropy":
        targets = np.eye(inputs)[rng.integers(0, inputs, 5)].tolist()
    update = {"rule": rule[0], "form": rule[1], "learning_rate": 0.05, "batch": batch[0], "order": batch[1]}
    network = {"loss": loss, "layers": layers, "train_biases": trains} | ({"penalty": penalty} if penalty else {})
    table = {"network": network, "data": {"inputs": X, "targets": targets}}
    update |= {"schedule": schedule, "clip": clip}
    run = gdsim.Run(Session.open(scenario_of(table, "random", update, updates=7, seed=seed)))
    hypothesis.assume(run.timeline.reach(7) == 7 and np.abs(run.update(7).record.after.theta).max() < 100)
    code = run.numpy_code(7)
    made = made_by(code)
    assert len(code.splitlines()) <= 45
    assert float(made["loss"]) == pytest.approx(run.update(7).record.forward.loss, rel=1e-9, abs=1e-12)
    for name, value in run.parameters(7).items():
        if value.size:
            assert made[name] == pytest.approx(value, rel=1e-9, abs=1e-11)


def test_numpy_code_begins_with_a_velocity_and_ends_with_the_run():
    """Weights alone have one where biases are not trained; a run that is over makes no more updates."""
    settings = {"update.rule": "momentum", "update.start_velocity": [0.5] * 12, "stop.max_updates": 4}
    run = gdsim.load("mazur", settings, corrected=True)
    made = made_by(run.numpy_code(50))
    assert made["W2"] == pytest.approx(run.parameters(4)["W2"], rel=1e-12)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: gdsim.load("mazur").numpy_code(), "reproduces an error of its source; corrected=True"),
        (
            lambda: gdsim.load("backprop", {"as_published.mistake": "accumulated"}).numpy_code(),
            "reproduces an error of its source; corrected=True",
        ),
        (lambda: gdsim.load("mazur", corrected=True).what_if(2, learning_rate=1.0).numpy_code(), "changed by edits"),
    ],
)
def test_numpy_code_says_what_it_has_no_code_for(make, says):
    """By name."""
    with pytest.raises(GdsimError, match=says):
        make()
