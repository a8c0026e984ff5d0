"""The same losses, activations and rules as torch computes them, for tests to compare with."""

import pytest

torch = pytest.importorskip("torch")
torch.set_default_dtype(torch.float64)


LOSSES = {
    "sse": lambda a, y, z: ((a - y) ** 2).sum(),
    "half-sse": lambda a, y, z: ((a - y) ** 2).sum() / 2,
    "mse": lambda a, y, z: torch.nn.functional.mse_loss(a, y),
    "half-mse": lambda a, y, z: ((a - y) ** 2).sum() / (2 * len(y)),
    "sum-mse": lambda a, y, z: ((a - y) ** 2).sum() / len(y),
    "binary-cross-entropy": lambda a, y, z: (
        torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(y)
    ),
    "categorical-cross-entropy": lambda a, y, z: torch.nn.functional.cross_entropy(z, y),
}
ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky-relu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "softplus": torch.nn.functional.softplus,
    "silu": torch.nn.functional.silu,
    "gelu": torch.nn.functional.gelu,
    "sine": torch.sin,
    "step": lambda z: (z > 0).double() + 0.0 * z,
    "softmax": lambda z: torch.softmax(z, 1),
}
RULES = {
    "gradient-descent": lambda p, rate: torch.optim.SGD(p, lr=rate),
    "momentum": lambda p, rate: torch.optim.SGD(p, lr=rate, momentum=0.9),
    "nesterov": lambda p, rate: torch.optim.SGD(p, lr=rate, momentum=0.9, nesterov=True),
    "adagrad": lambda p, rate: torch.optim.Adagrad(p, lr=rate, eps=1e-10),
    "rmsprop": lambda p, rate: torch.optim.RMSprop(p, lr=rate, alpha=0.9, eps=1e-8),
    "adam": lambda p, rate: torch.optim.Adam(p, lr=rate, eps=1e-8),
    "adadelta": lambda p, rate: torch.optim.Adadelta(p, lr=rate, rho=0.9, eps=1e-6),
    "adamw": lambda p, rate: torch.optim.AdamW(p, lr=rate, eps=1e-8, weight_decay=0.01),
    # β₁ of torch's NAdam grows to 0.9; with so large a decay it is 0.9 at once.
    "nadam": lambda p, rate: torch.optim.NAdam(p, lr=rate, eps=1e-8, momentum_decay=1e9),
}


def after_rule(name, rate, gradients):
    """θ after one step a gradient from (1, 1)."""
    theta = torch.tensor([1.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimiser = RULES[name]([theta], rate)
    for gradient in gradients:
        theta.grad = torch.tensor(gradient)
        optimiser.step()
    return theta.detach().numpy()


def after_updates(blocks, hidden, output, loss, rule, rate, x, y, count):
    """All blocks W1, b1, W2, b2 of a two-layer network, flat, after `count` updates over the whole batch."""
    blocks = {name: torch.tensor(block.copy(), requires_grad=True) for name, block in blocks.items()}
    optimiser = RULES[rule](list(blocks.values()), rate)
    x, y = torch.tensor(x), torch.tensor(y)
    for _ in range(count):
        hidden_output = ACTIVATIONS[hidden](x @ blocks["W1"].T + blocks["b1"])
        z = hidden_output @ blocks["W2"].T + blocks["b2"]
        optimiser.zero_grad()
        LOSSES[loss](ACTIVATIONS[output](z), y, z).backward()
        optimiser.step()
    return torch.cat([block.detach().ravel() for block in blocks.values()]).numpy()
