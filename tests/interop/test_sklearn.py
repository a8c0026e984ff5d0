"""Estimators of scikit-learn give the same numbers here, and what there is not is refused by name."""

import numpy as np
import pytest

import gdsim
from gdsim.errors import GdsimError

pytest.importorskip("sklearn")
linear_model = pytest.importorskip("sklearn.linear_model")
neural_network = pytest.importorskip("sklearn.neural_network")
pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]

RNG = np.random.default_rng(2)
X, AMOUNTS = RNG.normal(size=(12, 2)), RNG.normal(size=12)
WORDS = np.array(["no", "yes"])[(X[:, 0] + 0.3 * RNG.normal(size=12) > 0).astype(int)]
THREE = np.array(["a", "b", "c"] * 4)


@pytest.mark.parametrize("rate", [{"learning_rate": "constant", "eta0": 0.3}, {"learning_rate": "optimal"}])
@pytest.mark.parametrize("penalty", [{"penalty": None}, {"penalty": "l2", "alpha": 0.02}])
def test_sgd_classifier_makes_the_same_steps(penalty, rate):
    """One epoch of logistic regression, one sample at a time, at a constant rate or one that falls."""
    options = {"loss": "log_loss", "shuffle": False, "max_iter": 1, "tol": None, "alpha": 0.03}
    fitted = linear_model.SGDClassifier(**(options | penalty | rate)).fit(X, WORDS)
    run = gdsim.from_sklearn(linear_model.SGDClassifier(**fitted.get_params()), X, WORDS)
    assert run.parameters(12)["W1"] == pytest.approx(fitted.coef_, rel=1e-9)
    assert run.parameters(12)["b1"] == pytest.approx(fitted.intercept_, rel=1e-9)


def test_sgd_regressor_makes_the_same_steps():
    """One epoch of linear regression."""
    options = {"alpha": 0.1, "learning_rate": "constant", "eta0": 0.05, "shuffle": False, "max_iter": 1, "tol": None}
    fitted = linear_model.SGDRegressor(**options).fit(X, AMOUNTS)
    run = gdsim.from_sklearn(linear_model.SGDRegressor(**options), X, AMOUNTS)
    assert run.parameters(12)["W1"][0] == pytest.approx(fitted.coef_, rel=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"momentum": 0.0, "alpha": 0.3},
        {"nesterovs_momentum": False},
        {"alpha": 0.3},
        {"solver": "adam", "epsilon": 1e-13},
    ],
)
@pytest.mark.parametrize("activation", ["tanh", "logistic", "relu", "identity"])
@pytest.mark.parametrize(("kind", "y"), [("MLPClassifier", THREE), ("MLPClassifier", WORDS), ("MLPRegressor", AMOUNTS)])
def test_a_fitted_mlp_goes_on_in_the_same_way(kind, y, activation, options):
    """The next epoch that partial_fit makes is the next update here; ε is next to 0, as it stands elsewhere."""
    settings = {"solver": "sgd", "alpha": 0, "hidden_layer_sizes": (4,), "random_state": 1, "activation": activation}
    estimator = getattr(neural_network, kind)(**(settings | options))
    classes = {"classes": np.unique(y)} if kind == "MLPClassifier" else {}
    estimator.set_params(learning_rate_init=1e-12).partial_fit(X, y, **classes)
    estimator.set_params(learning_rate_init=0.05)
    run = gdsim.from_sklearn(estimator, X, y)
    before = estimator.coefs_[0].copy()
    del estimator._optimizer  # noqa: SLF001 so that it starts anew, with nothing remembered
    estimator.partial_fit(X, y)
    assert not np.array_equal(before, estimator.coefs_[0])
    assert pytest.approx(estimator.coefs_[0], abs=1e-9) == run.parameters(1)["W1"].T
    assert run.parameters(1)["b2"] == pytest.approx(estimator.intercepts_[1], abs=1e-9)


@pytest.mark.parametrize("C", [np.inf, 1.0, 0.2])
@pytest.mark.parametrize("classes", [["no", "yes"], ["a", "b", "c"]])
def test_logistic_regression_starts_at_its_coefficients(classes, C):
    """Fitted they are a minimum, where the gradient is next to 0, with the penalty and without."""
    y = np.random.default_rng(1).choice(classes, 12)
    fitted = linear_model.LogisticRegression(C=C, tol=1e-10).fit(X, y)
    run = gdsim.from_sklearn(fitted, X, y)
    assert run.parameters(0)["W1"] == pytest.approx(fitted.coef_)
    assert np.abs(run.update(1).gradient["W1"]).max() < 1e-6


def test_a_perceptron_makes_the_same_corrections():
    """Two epochs, from weights of 0, where every sample is a tie."""
    y = np.where(X[:, 0] > 0.2, "yes", "no")
    fitted = linear_model.Perceptron(shuffle=False, tol=None, max_iter=2, eta0=0.5).fit(X, y)
    run = gdsim.from_sklearn(linear_model.Perceptron(shuffle=False, eta0=0.5), X, y)
    assert run.parameters(24)["w"] == pytest.approx(fitted.coef_[0], rel=1e-12)
    assert run.parameters(24)["b"] == pytest.approx(fitted.intercept_[0], rel=1e-12)


@pytest.mark.parametrize(
    ("estimator", "y", "says"),
    [
        (linear_model.Ridge(), AMOUNTS, "Ridge: is not supported; Perceptron"),
        (linear_model.SGDClassifier(), WORDS, "SGDClassifier: loss = 'hinge' is not supported"),
        (linear_model.SGDRegressor(), AMOUNTS, "SGDRegressor: learning_rate = 'invscaling'"),
        (linear_model.SGDClassifier(loss="log_loss", penalty="l1"), WORDS, "SGDClassifier: penalty = 'l1'"),
        (linear_model.Perceptron(penalty="l1"), WORDS, "Perceptron: penalty = 'l1'"),
        (
            linear_model.LogisticRegression(class_weight="balanced"),
            WORDS,
            "LogisticRegression: class_weight = 'balanced'",
        ),
        (neural_network.MLPRegressor(batch_size=5), AMOUNTS, "MLPRegressor: alpha weighs more in the last batch"),
        (neural_network.MLPRegressor(solver="sgd", learning_rate="adaptive"), AMOUNTS, "learning_rate = 'adaptive'"),
        (neural_network.MLPRegressor(alpha=0, solver="lbfgs"), AMOUNTS, "MLPRegressor: solver = 'lbfgs'"),
    ],
)
def test_what_there_is_not_is_refused_by_name(estimator, y, says):
    """Estimator or option."""
    with pytest.raises(GdsimError, match=says):
        gdsim.from_sklearn(estimator, X, y)
