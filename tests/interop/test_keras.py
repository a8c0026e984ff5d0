"""Models of keras give the same numbers here, and what there is not is refused by name."""

import os

import numpy as np
import pytest

import gdsim
from gdsim.errors import GdsimError

pytest.importorskip("torch")
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
layers, optimizers, schedules = keras.layers, keras.optimizers, keras.optimizers.schedules
pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]

X = np.random.default_rng(3).normal(size=(6, 2)).astype("float32")
ONE, THREE = np.array([[0.0], [1.0], [1.0], [0.0], [1.0], [0.0]]), np.array([0, 1, 2, 1, 0, 2])


def model(units, last, loss, optimizer, activation="tanh", **options):
    keras.utils.set_random_seed(5)
    hidden = layers.Dense(3, activation, **options)
    options.pop("use_bias", None)
    made = keras.Sequential([keras.Input((2,)), hidden, layers.Dense(units, last, **options)])
    made.compile(loss=loss, optimizer=optimizer)
    return made


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: optimizers.SGD(0.1),
        lambda: optimizers.SGD(0.1, momentum=0.8),
        lambda: optimizers.SGD(0.1, momentum=0.8, nesterov=True),
        lambda: optimizers.Adam(0.02, epsilon=1e-12),
        lambda: optimizers.AdamW(0.02, weight_decay=0.1, epsilon=1e-12),
        lambda: optimizers.Adadelta(0.5),
        lambda: optimizers.SGD(0.5, global_clipnorm=0.2),
        lambda: optimizers.SGD(0.5, clipvalue=0.05),
        lambda: optimizers.SGD(schedules.ExponentialDecay(0.3, 2, 0.5)),
        lambda: optimizers.SGD(schedules.ExponentialDecay(0.3, 2, 0.5, staircase=True)),
        lambda: optimizers.SGD(schedules.InverseTimeDecay(0.3, 2, 0.5), momentum=0.5),
        lambda: optimizers.SGD(schedules.CosineDecay(0.3, 4, alpha=0.1)),
        lambda: optimizers.SGD(schedules.PolynomialDecay(0.3, 4, 0.05)),
    ],
)
@pytest.mark.parametrize(
    ("units", "last", "loss", "y"),
    [
        (1, "linear", "mse", ONE),
        (1, "sigmoid", "binary_crossentropy", ONE),
        (3, "softmax", "sparse_categorical_crossentropy", THREE),
        (3, "softmax", "categorical_crossentropy", np.eye(3)[THREE]),
        (3, "linear", keras.losses.SparseCategoricalCrossentropy(from_logits=True), THREE),
    ],
)
def test_updates_equal_those_of_keras(units, last, loss, y, optimizer):
    """To what single precision leaves; Adam's ε, which keras has elsewhere, is next to 0."""
    made = model(units, last, loss, optimizer())
    run = gdsim.from_keras(made, X, y, updates=5)
    for _ in range(5):
        made.train_on_batch(X, y)
    theirs = [part.T for part in made.get_weights()]
    for (name, ours), right in zip(run.parameters(5).items(), theirs, strict=True):
        assert ours == pytest.approx(right, abs=3e-5), name


@pytest.mark.parametrize(
    ("activation", "options"),
    [
        ("relu", {"kernel_regularizer": "l2"}),
        (layers.LeakyReLU(negative_slope=0.3), {"kernel_regularizer": keras.regularizers.L1L2(0.02, 0.1)}),
        (layers.ELU(alpha=0.5), {"use_bias": False}),
        ("leaky_relu", {}),
    ],
)
def test_penalties_and_slopes_equal_those_of_keras(activation, options):
    """Regularizers without a ½, slopes left of 0, layers without a bias."""
    made = model(1, "linear", "mse", optimizers.SGD(0.1), activation, **options)
    run = gdsim.from_keras(made, X, ONE, updates=5)
    for _ in range(5):
        made.train_on_batch(X, ONE)
    names = [name for name in run.names if name != "b1" or options.get("use_bias", True)]
    for name, right in zip(names, made.get_weights(), strict=True):
        assert run.parameters(5)[name] == pytest.approx(right.T, abs=3e-5), name


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: model(1, "linear", "mse", optimizers.RMSprop(0.1)), "RMSprop: has ε inside the root"),
        (lambda: model(1, "linear", "mse", optimizers.SGD(0.1, weight_decay=0.1)), "SGD: weight_decay = 0.1"),
        (
            lambda: model(1, "linear", "mse", optimizers.SGD(schedules.PiecewiseConstantDecay([2], [0.1, 0.2]))),
            "Piecewise",
        ),
        (lambda: model(1, "linear", "mse", "sgd", layers.ReLU(max_value=6.0)), "max_value = 6.0 is not supported"),
        (
            lambda: model(1, "linear", "mse", "sgd", bias_regularizer="l2"),
            "Dense: bias_regularizer is not supported",
        ),
        (lambda: model(1, "linear", "mse", optimizers.SGD(0.1, clipnorm=1.0)), "SGD: clipnorm = 1.0"),
        (
            lambda: model(1, "linear", "mae", "sgd"),
            "mae: is not a supported loss|mean_absolute_error: is not a supported loss",
        ),
        (lambda: model(1, "selu", "mse", "sgd"), "selu: is not a supported activation"),
        (lambda: keras.Sequential([keras.Input((2,)), layers.Dense(1)]), "the model is not compiled"),
    ],
)
def test_what_there_is_not_is_refused_by_name(make, says):
    """Loss, activation, optimizer or option."""
    with pytest.raises(GdsimError, match=says):
        gdsim.from_keras(make(), X, ONE)
