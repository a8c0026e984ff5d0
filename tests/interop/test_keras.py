"""Models of keras give the same numbers here, and what there is not is refused by name."""

import os

import numpy as np
import pytest

import gdsim
from gdsim.errors import GdsimError

pytest.importorskip("torch")
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
layers, optimizers = keras.layers, keras.optimizers
pytestmark = pytest.mark.filterwarnings("ignore")

X = np.random.default_rng(3).normal(size=(6, 2)).astype("float32")
ONE, THREE = np.array([[0.0], [1.0], [1.0], [0.0], [1.0], [0.0]]), np.array([0, 1, 2, 1, 0, 2])


def model(units, last, loss, optimizer, activation="tanh"):
    keras.utils.set_random_seed(5)
    made = keras.Sequential([keras.Input((2,)), layers.Dense(3, activation), layers.Dense(units, last)])
    made.compile(loss=loss, optimizer=optimizer)
    return made


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: optimizers.SGD(0.1),
        lambda: optimizers.SGD(0.1, momentum=0.8),
        lambda: optimizers.SGD(0.1, momentum=0.8, nesterov=True),
        lambda: optimizers.Adam(0.02, epsilon=1e-12),
        lambda: optimizers.Adadelta(0.5),
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
    ("make", "says"),
    [
        (lambda: model(1, "linear", "mse", optimizers.RMSprop(0.1)), "RMSprop: has ε inside the root"),
        (lambda: model(1, "linear", "mse", optimizers.SGD(0.1, clipnorm=1.0)), "SGD: clipnorm = 1.0"),
        (lambda: model(1, "linear", "mae", "sgd"), "mae: is no loss|mean_absolute_error: is no loss"),
        (lambda: model(1, "selu", "mse", "sgd"), "selu: is no activation"),
        (lambda: keras.Sequential([keras.Input((2,)), layers.Dense(1)]), "the model is not compiled"),
    ],
)
def test_what_there_is_not_is_refused_by_name(make, says):
    """Loss, activation, optimizer or option."""
    with pytest.raises(GdsimError, match=says):
        gdsim.from_keras(make(), X, ONE)
