"""Models of torch give the same numbers here, and what there is not is refused by name."""

import warnings

import numpy as np
import pytest

import gdsim
from gdsim.errors import GdsimError

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers
nn = torch.nn

ACTIVATIONS = [
    *(nn.Sigmoid, nn.Tanh, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU, nn.Softplus, nn.Identity),
    *(lambda: nn.LeakyReLU(0.3), lambda: nn.ELU(0.6)),
]


def decayed(kind, **options):
    """Return what makes an optimizer that shrinks weights and leaves biases alone."""

    def make(parameters):
        parts = list(parameters)
        weights, biases = ([part for part in parts if part.ndim == n] for n in (2, 1))
        return kind([{"params": weights, "weight_decay": 0.05}, {"params": biases, "weight_decay": 0.0}], **options)

    return make


OPTIMIZERS = [
    lambda p: torch.optim.SGD(p, lr=0.03),
    lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8),
    lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6),
    lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.1),
    lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9),
    lambda p: torch.optim.Adagrad(p, lr=0.05),
    lambda p: torch.optim.Adadelta(p, lr=0.5),
    decayed(torch.optim.SGD, lr=0.03),
    decayed(torch.optim.SGD, lr=0.05, momentum=0.8, nesterov=True),
    decayed(torch.optim.Adam, lr=0.02, eps=1e-6),
    decayed(torch.optim.RMSprop, lr=0.01, alpha=0.9),
]
SCHEDULERS = [
    lambda o: torch.optim.lr_scheduler.StepLR(o, 2, gamma=0.3),
    lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.7),
    lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 6, eta_min=0.01),
    lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.2, total_iters=4),
    lambda o: torch.optim.lr_scheduler.LinearLR(o, 0.25, 1.0, total_iters=3),
    lambda o: torch.optim.lr_scheduler.PolynomialLR(o, total_iters=9),
]
LOSSES = ["mse", "sse", "bce", "logits", "cross-entropy", "nll"]


def names_of(module):
    """Return what the parameters of a module are called here."""
    linear = [part for part in module.modules() if isinstance(part, nn.Linear)]
    return [name for i, part in enumerate(linear, 1) for name in (f"W{i}", f"b{i}")[: 1 + (part.bias is not None)]]


def random_model(seed, loss, dtype):
    """Return a module of random depth and activations, samples, targets and a loss."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    units = [int(n) for n in rng.integers(1, 6, rng.integers(2, 5))]
    outputs = {"bce": 1, "logits": 1}.get(loss, int(rng.integers(2, 4)))
    parts = []
    for before, after in zip(units, [*units[1:], outputs], strict=True):
        parts += [nn.Linear(before, after, bias=bool(rng.integers(4))), ACTIVATIONS[rng.integers(len(ACTIVATIONS))]()]
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
            ours = run.update(number).record.forward.quantities.get("unpenalised", run.update(number).loss_before)
            assert float(ours) == pytest.approx(float(value.detach()), rel=100 * close, abs=close)
        ours = np.concatenate([np.ravel(run.parameters(5)[name]) for name in names_of(module)])
        theirs = np.concatenate([part.detach().double().numpy().ravel() for part in module.parameters()])
        assert np.abs(ours - theirs).max() <= close * max(1.0, np.abs(theirs).max())


@pytest.mark.parametrize("scheduler", range(len(SCHEDULERS)))
@pytest.mark.parametrize("optimizer", [0, 2, 3])
def test_schedules_equal_those_of_torch(optimizer, scheduler):
    """Parameters after six updates, with a scheduler that steps after each."""
    module, X, y, kind = random_model(scheduler, "mse", torch.float64)
    steps = OPTIMIZERS[optimizer](module.parameters())
    rates = SCHEDULERS[scheduler](steps)
    run = gdsim.from_torch(module, X, y, loss=kind, optimizer=steps, scheduler=rates, updates=6)
    for _ in range(6):
        steps.zero_grad()
        kind(module(X), y).backward()
        steps.step()
        rates.step()
    for name, part in zip(names_of(module), module.parameters(), strict=True):
        assert run.parameters(6)[name] == pytest.approx(part.detach().numpy(), rel=1e-10, abs=1e-11)


def test_dropout_is_carried_over_with_a_warning_and_none_where_the_module_is_evaluated():
    """Other units are left out than torch leaves out, so it is said."""
    module = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Dropout(0.25), nn.Linear(4, 1))
    given = {"loss": nn.MSELoss(), "optimizer": torch.optim.SGD(module.parameters(), lr=0.1)}
    with pytest.warns(UserWarning, match=r"drops 0.25 of the units.* module.eval\(\) leaves none out") as warned:
        run = gdsim.from_torch(module, torch.ones(3, 2), torch.ones(3, 1), **given)
    assert run.scenario.network.layers[0].dropout == 0.25
    assert warned[0].filename == __file__
    run = gdsim.from_torch(module.eval(), torch.ones(3, 2), torch.ones(3, 1), **given)
    assert run.scenario.network.layers[0].dropout == 0.0


def test_slopes_dropout_and_missing_biases_go_back_to_torch():
    """to_torch makes the options that from_torch reads."""
    module = nn.Sequential(nn.Linear(2, 3, bias=False), nn.LeakyReLU(0.3), nn.Linear(3, 1)).double()
    steps = torch.optim.SGD(module.parameters(), lr=0.1)
    run = gdsim.from_torch(module, X := torch.rand(4, 2).double(), torch.ones(4, 1), loss=nn.MSELoss(), optimizer=steps)
    again = gdsim.to_torch(run)
    assert (again[0].bias, again[1].negative_slope) == (None, 0.3)
    assert torch.equal(again(X), module(X))


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
        (nn.Sequential(nn.Conv1d(1, 1, 1)), nn.MSELoss(), None, "Conv1d: is not supported"),
        (linear(nn.BatchNorm1d(1)), nn.MSELoss(), None, "BatchNorm1d: is not supported"),
        (linear(nn.Dropout(0.5)), nn.MSELoss(), None, "Dropout: follows the last layer"),
        (nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 1)), nn.MSELoss(), None, "Dropout: precedes the first layer"),
        (linear(nn.Softplus(beta=2.0)), nn.MSELoss(), None, "Softplus: beta = 2.0 is not supported"),
        (linear(nn.GELU(approximate="tanh")), nn.MSELoss(), None, "GELU: approximate = 'tanh'"),
        (linear(nn.Tanh(), nn.ReLU()), nn.MSELoss(), None, "ReLU: does not follow a Linear layer"),
        (nn.Sequential(), nn.MSELoss(), None, "Sequential: has no Linear layer"),
        (linear(), nn.L1Loss(), None, "L1Loss: is not supported after identity"),
        (linear(), nn.MSELoss(reduction="none"), None, "MSELoss: reduction = 'none'"),
        (linear(), nn.CrossEntropyLoss(label_smoothing=0.1), None, "label_smoothing"),
        (linear(), nn.BCEWithLogitsLoss(pos_weight=torch.ones(1)), None, "class weights"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.LBFGS(p), "LBFGS: is not supported"),
        (
            linear(),
            nn.MSELoss(),
            lambda p: torch.optim.SGD(p, lr=1.0, weight_decay=0.1),
            "SGD: weight_decay = 0.1 on biases",
        ),
        (linear(), nn.MSELoss(), decayed(torch.optim.AdamW), "AdamW: weight_decay of the weights alone"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.SGD(p[1:], lr=1.0), "SGD: does not train every weight"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.RMSprop(p, centered=True), "RMSprop: centered = True"),
        (linear(), nn.MSELoss(), lambda p: torch.optim.Adam(p, amsgrad=True), "Adam: amsgrad = True"),
    ],
)
def test_what_there_is_not_is_refused_by_name(module, loss, optimizer, says):
    """Layer, loss, optimizer or option, with what is carried over."""
    made = (optimizer or (lambda p: torch.optim.SGD(p, lr=0.1)))([*module.parameters(), nn.Parameter(torch.ones(1))])
    with pytest.raises(GdsimError, match=says), warnings.catch_warnings(action="ignore"):
        gdsim.from_torch(module, torch.ones(3, 2), torch.ones(3, 1), loss=loss, optimizer=made)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [3]), "MultiStepLR: is not supported"),
        (lambda o: torch.optim.lr_scheduler.LinearLR(o, 0.5, 0.9), "LinearLR: is not supported"),
        (lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 5), "CosineAnnealingLR: rises again after T_max"),
        (None, "SGD: has a scheduler"),
    ],
)
def test_schedulers_there_are_not_are_refused_by_name(make, says):
    """And one that is not handed in, but changes the optimizer."""
    module = linear()
    steps = torch.optim.SGD(module.parameters(), lr=0.1)
    rates = (make or (lambda o: torch.optim.lr_scheduler.StepLR(o, 2)))(steps)
    given = {"loss": nn.MSELoss(), "optimizer": steps, "scheduler": rates if make else None}
    with pytest.raises(GdsimError, match=says):
        gdsim.from_torch(module, torch.ones(3, 2), torch.ones(3, 1), **given)


def test_an_optimizer_that_remembers_steps_is_refused():
    """Its means cannot be carried over."""
    module = linear()
    with pytest.raises(GdsimError, match="Adam: has already made steps"):
        gdsim.from_torch(module, torch.ones(3, 2), torch.ones(3, 1), loss=nn.MSELoss(), optimizer=trained(module))
