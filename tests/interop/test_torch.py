"""Models of torch give the same numbers here, and what there is not is refused by name."""

import numpy as np
import pytest

import gdsim
from gdsim.errors import GdsimError

torch = pytest.importorskip("torch")
nn = torch.nn

ACTIVATIONS = [nn.Sigmoid, nn.Tanh, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU, nn.Softplus, nn.Identity]
OPTIMIZERS = [
    lambda p: torch.optim.SGD(p, lr=0.1),
    lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8),
    lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6),
    lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.1),
    lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9),
    lambda p: torch.optim.Adagrad(p, lr=0.05),
    lambda p: torch.optim.Adadelta(p, lr=0.5),
]
LOSSES = ["mse", "sse", "bce", "logits", "cross-entropy", "nll"]


def random_model(seed, loss, dtype):
    """Return a module of random depth and activations, samples, targets and a loss."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    units = [int(n) for n in rng.integers(1, 6, rng.integers(2, 5))]
    outputs = {"bce": 1, "logits": 1}.get(loss, int(rng.integers(2, 4)))
    parts = []
    for before, after in zip(units, [*units[1:], outputs], strict=True):
        parts += [nn.Linear(before, after), ACTIVATIONS[rng.integers(len(ACTIVATIONS))]()]
    parts.pop()
    if loss in ("bce", "nll"):
        parts.append(nn.Sigmoid() if loss == "bce" else nn.LogSoftmax(dim=1))
    module = nn.Sequential(nn.Sequential(*parts[:2]), *parts[2:]).to(dtype)
    n = int(rng.integers(2, 8))
    X = torch.tensor(rng.normal(size=(n, units[0])), dtype=dtype)
    if loss in ("cross-entropy", "nll"):
        y = torch.tensor([*range(outputs), *rng.integers(0, outputs, n)][: max(n, outputs)])
        X = torch.tensor(rng.normal(size=(len(y), units[0])), dtype=dtype)
    elif loss in ("bce", "logits"):
        y = torch.tensor(rng.integers(0, 2, (n, 1)), dtype=dtype)
    else:
        y = torch.tensor(rng.normal(size=(n, outputs)), dtype=dtype)
    kinds = {"mse": nn.MSELoss(), "sse": nn.MSELoss(reduction="sum"), "bce": nn.BCELoss(), "nll": nn.NLLLoss()}
    kinds |= {"logits": nn.BCEWithLogitsLoss(), "cross-entropy": nn.CrossEntropyLoss()}
    return module, X, y, kinds[loss]


@pytest.mark.parametrize(("dtype", "close"), [(torch.float64, 1e-12), (torch.float32, 1e-6)])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", range(len(OPTIMIZERS)))
def test_updates_equal_those_of_torch(optimizer, loss, dtype, close):
    """Parameters after five updates of random models, and the loss before each."""
    for seed in range(4):
        module, X, y, kind = random_model(100 * optimizer + seed, loss, dtype)
        steps = OPTIMIZERS[optimizer](module.parameters())
        run = gdsim.from_torch(module, X, y, loss=kind, optimizer=steps, updates=5)
        for number in range(1, 6):
            steps.zero_grad()
            value = kind(module(X), y)
            value.backward()
            steps.step()
            assert run.update(number).loss_before == pytest.approx(float(value.detach()), rel=100 * close, abs=close)
        ours = np.concatenate([np.ravel(part) for part in run.parameters(5).values()])
        theirs = np.concatenate([part.detach().double().numpy().ravel() for part in module.parameters()])
        # Where a gradient is rounding itself, rules that divide by its size make steps of any size of it.
        assert np.abs(ours - theirs).max() <= close * max(1.0, np.abs(theirs).max()) * (30 if optimizer > 2 else 3)


def test_there_and_back():
    """to_torch has the weights of the state asked for, and gives the same answers."""
    run = gdsim.network([[0.1, 0.4], [0.8, 0.2], [0.5, 0.5]], ["a", "b", "c"], layers=[4, 3], activation="tanh")
    module = gdsim.to_torch(run, at=3)
    answers = module(torch.tensor(run.scenario.dataset.inputs)).detach().numpy()
    assert answers == pytest.approx(run.update(4).record.prediction, abs=1e-12)


def linear(*parts):
    return nn.Sequential(nn.Linear(2, 1), *parts)


def trained(module):
    adam = torch.optim.Adam(module.parameters())
    module(torch.ones(1, 2)).sum().backward()
    adam.step()
    return adam


@pytest.mark.parametrize(
    ("module", "loss", "optimizer", "says"),
    [
        (nn.Sequential(nn.Conv1d(1, 1, 1)), nn.MSELoss(), None, "Conv1d: is not carried over"),
        (linear(nn.BatchNorm1d(1)), nn.MSELoss(), None, "BatchNorm1d: is not carried over"),
        (linear(nn.Dropout(0.5)), nn.MSELoss(), None, "Dropout: is not carried over: its random numbers differ"),
        (linear(nn.LeakyReLU(0.3)), nn.MSELoss(), None, "LeakyReLU: negative_slope = 0.3 is not carried over"),
        (linear(nn.GELU(approximate="tanh")), nn.MSELoss(), None, "GELU: approximate = 'tanh'"),
        (linear(nn.Tanh(), nn.ReLU()), nn.MSELoss(), None, "ReLU: stands behind no Linear layer"),
        (nn.Sequential(), nn.MSELoss(), None, "Sequential: has no Linear layer"),
        (linear(), nn.L1Loss(), None, "L1Loss: is not carried over after identity"),
        (linear(), nn.MSELoss(reduction="none"), None, "MSELoss: reduction = 'none'"),
        (linear(), nn.CrossEntropyLoss(label_smoothing=0.1), None, "label_smoothing"),
        (linear(), nn.BCEWithLogitsLoss(pos_weight=torch.ones(1)), None, "weights of classes"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.LBFGS(p), "LBFGS: is not carried over"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.SGD(p, lr=1.0, weight_decay=0.1), "SGD: weight_decay = 0.1"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.RMSprop(p, centered=True), "RMSprop: centered = True"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.Adam(p, amsgrad=True), "Adam: amsgrad = True"),
    ],
)
def test_what_there_is_not_is_refused_by_name(module, loss, optimizer, says):
    """Layer, loss, optimizer or option, with what is carried over."""
    made = (optimizer or (lambda p: torch.optim.SGD(p, lr=0.1)))([*module.parameters(), nn.Parameter(torch.ones(1))])
    with pytest.raises(GdsimError, match=says):
        gdsim.from_torch(module, torch.ones(3, 2), torch.ones(3, 1), loss=loss, optimizer=made)


def test_an_optimizer_that_remembers_steps_is_refused():
    """Its means cannot be carried over."""
    module = linear()
    with pytest.raises(GdsimError, match="Adam: has made steps already"):
        gdsim.from_torch(module, torch.ones(3, 2), torch.ones(3, 1), loss=nn.MSELoss(), optimizer=trained(module))
