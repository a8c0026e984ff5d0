"""The table [data]: scaling, features, classes and what is held out, by hand-worked values."""

from __future__ import annotations

import numpy as np
import pytest
from scenario_texts import A_NETWORK, HEAD, UPDATE

from gdsim.errors import ScenarioError
from gdsim.scenario.data.dataset import Dataset
from gdsim.scenario.load import load_text

LAYER = '[network]\nloss = "{}"\n[[network.layers]]\nunits = {}\nactivation = "{}"\ninit = {{ method = "zeros" }}\n'


def dataset(data: str, units: int = 1, loss: str = "mse", activation: str = "identity", seed: int = 0) -> Dataset:
    text = f"seed = {seed}\n{HEAD}{UPDATE}{LAYER.format(loss, units, activation)}[data]\n{data}"
    made = load_text(text, "s.toml").dataset
    assert made is not None
    return made


def test_inline_samples_are_rows_with_targets_in_columns() -> None:
    """A plain list of targets is one column; names count up when none are given."""
    made = dataset("inputs = [[0.8, 0.4], [0.3, 0.1]]\ntargets = [0, 1]")
    assert made.inputs.tolist() == [[0.8, 0.4], [0.3, 0.1]]
    assert made.targets.tolist() == [[0.0], [1.0]]
    assert (made.input_names, made.target_names, made.class_names) == (("x1", "x2"), ("y",), ())
    assert not made.inputs.flags.writeable
    assert made.test_inputs.shape == (0, 2)


def test_min_max_scaling_goes_from_0_to_1() -> None:
    """(x − min)/(max − min), each column by its own; a column of equal numbers becomes 0."""
    made = dataset(
        'inputs = [[1100, 7], [2450, 7], [1775, 7]]\ntargets = [199000, 405000, 302000]\ninput_names = ["size", "c"]\n'
        'target_names = ["price"]\nscale = { inputs = "min-max", targets = "min-max" }'
    )
    assert made.inputs.tolist() == [[0.0, 0.0], [1.0, 0.0], [0.5, 0.0]]
    assert made.targets.tolist() == [[0.0], [1.0], [0.5]]
    assert made.raw_input_ranges.tolist() == [[1100.0, 2450.0], [7.0, 7.0]]
    assert made.raw_target_ranges.tolist() == [[199000.0, 405000.0]]
    assert made.in_units(np.array([[0.25]])).tolist() == [[250500.0]]
    assert made.prepared(np.array([[1437.5, 7.0]])).tolist() == [[0.25, 0.0]]


def test_standard_scaling_divides_by_the_population_deviation() -> None:
    """Of 2, 4, 4, 4, 5, 5, 7, 9 the mean is 5 and the population deviation 2; a column of equal numbers becomes 0."""
    column = "[2, 0.1], [4, 0.1], [4, 0.1], [4, 0.1], [5, 0.1], [5, 0.1], [7, 0.1], [9, 0.1]"
    made = dataset(f'inputs = [{column}]\ntargets = [0, 0, 0, 0, 0, 0, 0, 0]\nscale.inputs = "standard"')
    assert made.inputs[:, 0].tolist() == [-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0]
    assert not made.inputs[:, 1].any()


def test_numbers_too_far_apart_to_scale_are_a_mistake() -> None:
    """Where max − min is not finite there is no scaling."""
    with pytest.raises(ScenarioError, match="the numbers lie too far apart to be scaled; smaller numbers"):
        dataset('inputs = [[1.7e308], [-1.7e308]]\ntargets = [0, 1]\nscale.inputs = "min-max"')


def test_features_replace_the_inputs_and_are_scaled_last() -> None:
    """Features are computed from the inputs as given; their own columns are then scaled."""
    made = dataset(
        'inputs = [[1], [2], [3]]\ntargets = [0, 0, 0]\nfeatures = ["x**2", "x", "4"]\nscale.inputs = "min-max"'
    )
    assert made.inputs.tolist() == [[0.0, 0.0, 0.0], [3 / 8, 0.5, 0.0], [1.0, 1.0, 0.0]]
    assert made.raw_inputs.tolist() == [[1.0], [2.0], [3.0]]
    assert (made.input_names, made.raw_input_names) == (("x**2", "x", "4"), ("x",))
    assert np.array_equal(made.prepared(made.raw_inputs), made.inputs)


def test_generated_samples_follow_their_formula() -> None:
    """Without noise every target is the formula at its x; x lies where it is asked for; the seed decides."""
    generate = 'generate = {{ samples = 500, x = {}, target = "10*x**2 + 5*x + 12", noise = {} }}'
    made = dataset(generate.format("[2, 3]", 0))
    x = made.inputs[:, 0]
    assert np.allclose(made.targets[:, 0], 10 * x**2 + 5 * x + 12, rtol=1e-15)
    assert x.min() >= 2.0
    assert x.max() < 3.0
    normal = dataset(generate.format('"normal"', 0.5), seed=3)
    deviation = normal.targets[:, 0] - (10 * normal.inputs[:, 0] ** 2 + 5 * normal.inputs[:, 0] + 12)
    assert 0.4 < deviation.std() < 0.6
    assert 0.9 < normal.inputs.std() < 1.1
    assert np.array_equal(normal.inputs, dataset(generate.format('"normal"', 0.5), seed=3).inputs)
    assert not np.array_equal(normal.inputs, dataset(generate.format('"normal"', 0.5), seed=4).inputs)


def test_labels_become_one_hot_rows_for_as_many_units() -> None:
    """Two classes are 0 and 1 for one unit, one-hot for two; whole numbers are classes for as many units."""
    assert dataset('dataset = "xor"').targets.tolist() == [[0], [1], [1], [0]]
    assert dataset('dataset = "xor"', units=2).targets.tolist() == [[1, 0], [0, 1], [0, 1], [1, 0]]
    three = dataset("inputs = [[1], [2], [3], [4]]\ntargets = [7, 3, 5, 3]", units=3)
    assert three.targets.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]
    assert three.class_names == three.target_names == ("3", "5", "7")


def test_whole_numbers_stay_numbers_for_one_unit() -> None:
    """House prices are whole numbers too, and no classes."""
    made = dataset("inputs = [[1], [2], [3]]\ntargets = [199000, 245000, 319000]")
    assert made.targets[:, 0].tolist() == [199000.0, 245000.0, 319000.0]
    assert made.class_names == ()


def test_a_part_is_held_out_by_the_seed() -> None:
    """Held-out and learnt samples are all samples, in the order given, and another seed holds out others."""
    rows = ", ".join(f"[{i}]" for i in range(20))
    data = f"inputs = [{rows}]\ntargets = [{', '.join(map(str, range(20)))}]\ntest_fraction = 0.3"
    made = dataset(data)
    learnt, held_out = made.inputs[:, 0].tolist(), made.test_inputs[:, 0].tolist()
    assert (len(learnt), len(held_out)) == (14, 6)
    assert sorted(learnt + held_out) == list(range(20))
    assert (sorted(learnt), sorted(held_out)) == (learnt, held_out)
    assert np.array_equal(made.test_targets, made.test_inputs)
    assert dataset(data, seed=1).test_inputs.tolist() != made.test_inputs.tolist()


def test_scaling_is_found_from_the_samples_learnt_from() -> None:
    """What is held out does not decide the scaling, and is scaled the same."""
    rows = ", ".join(f"[{i}]" for i in range(10))
    made = dataset(f'inputs = [{rows}]\ntargets = [{rows}]\ntest_fraction = 0.4\nscale.inputs = "min-max"')
    assert (made.inputs.min(), made.inputs.max()) == (0.0, 1.0)
    assert np.allclose(made.input_scaling.undo(made.test_inputs), made.test_targets)


def test_targets_of_cross_entropy_add_up_to_1() -> None:
    """Categorical cross-entropy compares probabilities."""
    rows = "inputs = [[1], [2]]\ntargets = {}"
    made = dataset(rows.format("[[0.5, 0.5], [0, 1]]"), 2, "categorical-cross-entropy", "softmax")
    assert made.targets.tolist() == [[0.5, 0.5], [0.0, 1.0]]
    with pytest.raises(
        ScenarioError, match=r"the targets of sample 1 add up to 0\.75; 1, for categorical-cross-entropy"
    ):
        dataset(rows.format("[[0.5, 0.5], [0, 0.75]]"), 2, "categorical-cross-entropy", "softmax")


def test_a_network_may_not_keep_more_than_memory_holds() -> None:
    """Samples × units of all layers is what one pass over all samples keeps."""
    layers = '[[network.layers]]\nunits = 4000\nactivation = "relu"\ninit = { method = "he" }\n'
    last = layers.replace("4000", "1")
    text = f'{HEAD}{UPDATE}[network]\nloss = "mse"\n{layers}{last}[data]\ndataset = "moons"\noptions.samples = 13000\n'
    with pytest.raises(ScenarioError, match="found 13000 samples × 4001 units; their product is at most 50000000"):
        load_text(text, "s.toml")


def test_the_samples_of_a_network_are_kept_as_given() -> None:
    """Where nothing is scaled nothing is rounded."""
    scenario = load_text(A_NETWORK, "s.toml")
    assert scenario.dataset is not None
    assert scenario.dataset.input_scaling.is_none
    assert scenario.dataset.inputs.tolist() == [[0.0, 1.0], [1.0, 0.0]]
