"""A run as a program: the training loop in plain numpy that gives the same numbers, for learners to take apart."""

from __future__ import annotations

from gdsim.engine.models.network import NetworkModel, Slips
from gdsim.engine.update import Run
from gdsim.errors import UsageError

_ACTIVATIONS = {
    "identity": ("z", "np.ones_like(z)"),
    "sigmoid": ("1 / (1 + np.exp(-z))", "a * (1 - a)"),
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "relu": ("np.maximum(z, 0)", "(z > 0) * 1.0"),
    "softplus": ("np.logaddexp(0, z)", "1 / (1 + np.exp(-z))"),
    "sine": ("np.sin(z)", "np.cos(z)"),
    "softmax": ("np.exp(z - z.max(axis=1, keepdims=True))", ""),
}
_LOSSES = {
    "sse": ("np.sum((a - y) ** 2)", "2 * (a - y)"),
    "half-sse": ("0.5 * np.sum((a - y) ** 2)", "a - y"),
    "mse": ("np.mean((a - y) ** 2)", "2 * (a - y) / y.size"),
    "half-mse": ("0.5 * np.sum((a - y) ** 2) / len(y)", "(a - y) / len(y)"),
    "sum-mse": ("np.sum((a - y) ** 2) / len(y)", "2 * (a - y) / len(y)"),
    "binary-cross-entropy": ("-np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / len(y)", "(a - y) / len(y)"),
    "categorical-cross-entropy": ("-np.sum(y * np.log(a)) / len(y)", "(a - y) / len(y)"),
}
_RULES = {
    "gradient-descent": ((), "p -= eta * g"),
    "momentum": (("v",), "v[i] = momentum * v[i] + g\np -= eta * v[i]"),
    "nesterov": (("v",), "v[i] = momentum * v[i] + g\np -= eta * (g + momentum * v[i])"),
    "adagrad": (("s",), "s[i] = s[i] + g**2\np -= eta * g / (np.sqrt(s[i]) + epsilon)"),
    "rmsprop": (("s",), "s[i] = rho * s[i] + (1 - rho) * g**2\np -= eta * g / (np.sqrt(s[i]) + epsilon)"),
    "adam": (
        ("m", "v"),
        "m[i] = beta1 * m[i] + (1 - beta1) * g\nv[i] = beta2 * v[i] + (1 - beta2) * g**2\n"
        "p -= eta * m[i] / (1 - beta1**t) / (np.sqrt(v[i] / (1 - beta2**t)) + epsilon)",
    ),
}


def numpy_code(run: Run, updates: int) -> str:
    """Return a program that makes so many updates and leaves ``W1``, ``b1``, … as the run does.

    Raises UsageError, by name, for what it has no code for.
    """
    model = run.model
    if not isinstance(model, NetworkModel):
        raise UsageError("numpy_code", "this run is no network", "a network")
    named = [*(layer.activation for layer in model.layers), model.loss_name, run.rule.kind.name]
    for name in named:
        if name not in (*_ACTIVATIONS, *_LOSSES, *_RULES):
            raise UsageError("numpy_code", f"has no code for {name}", ", ".join((*_ACTIVATIONS, *_RULES)))
    if run.batches.size is not None or model.slips != Slips():
        raise UsageError("numpy_code", "the run has batches or an error of its source", "all samples, corrected")
    if model.penalty is not None or any(
        layer.bias != "own" or layer.slope is not None or layer.dropout for layer in model.layers
    ):
        what = "the network has a penalty, dropout, a shared or missing bias or a slope of its own"
        raise UsageError("numpy_code", what, "layers as they usually are")
    velocities = any(slot.any() for slot in run.start.rule_state.slots)
    if run.rule.kind.form or velocities or run.schedule is not None or run.clip is not None:
        what = "the run has a form, a starting velocity, a schedule or a clipped gradient"
        raise UsageError("numpy_code", what, "a rule as it stands")
    if not (model.trains_biases):
        raise UsageError("numpy_code", "the biases stay as they are", "a network whose biases are trained")
    return "\n".join((*_head(run, model), *_loop(run, model, updates))) + "\n"


def _head(run: Run, model: NetworkModel) -> list[str]:
    slots, _code = _RULES[run.rule.kind.name]
    parts = model.layout.views(run.start.theta)
    lines = [
        "import numpy as np",
        "",
        f"x = np.array({model.inputs.tolist()})",
        f"y = np.array({model.targets.tolist()})",
    ]
    lines += [f"{name} = np.array({part.tolist()})" for name, part in parts.items()]
    lines.append("; ".join([f"eta = {run.learning_rate!r}", *(f"{k} = {v!r}" for k, v in run.rule.options.items())]))
    lines += [f"{slot} = [0.0] * {len(parts)}" for slot in slots]
    return lines


def _loop(run: Run, model: NetworkModel, updates: int) -> list[str]:
    last, loop = len(model.layers), [f"for t in range(1, {updates + 1}):"]
    add, before = loop.append, "x"
    for n, layer in enumerate(model.layers, 1):
        add(f"    z = z{n} = {before} @ W{n}.T + b{n}")
        add(f"    a = a{n} = {_ACTIVATIONS[layer.activation][0]}")
        if layer.activation == "softmax":
            add(f"    a = a{n} = a / a.sum(axis=1, keepdims=True)")
        before = f"a{n}"
    value, slope = _LOSSES[model.loss_name]
    add(f"    loss = {value}")
    sigma = "" if model.is_fused else f" * ({_named(_ACTIVATIONS[model.layers[-1].activation][1], last)})"
    add(f"    d{last} = ({slope}){sigma}")
    for n in range(last - 1, 0, -1):
        add(f"    d{n} = d{n + 1} @ W{n + 1} * ({_named(_ACTIVATIONS[model.layers[n - 1].activation][1], n)})")
    gradients = [
        f"{each}"
        for n in range(1, last + 1)
        for each in (f"d{n}.T @ {'x' if n == 1 else f'a{n - 1}'}", f"d{n}.sum(axis=0)")
    ]
    names = list(model.layout.names)
    add(f"    gradients = [{', '.join(gradients)}]")
    add(f"    for i, (p, g) in enumerate(zip([{', '.join(names)}], gradients)):")
    loop += [f"        {line}" for line in _RULES[run.rule.kind.name][1].split("\n")]
    return loop


def _named(code: str, layer: int) -> str:
    """Return code about z and a of one layer; functions of numpy keep their letters."""
    words = code.replace("(z)", f"(z{layer})").replace("(-z)", f"(-z{layer})").replace("(z >", f"(z{layer} >")
    return " ".join(
        f"a{layer}" if word == "a" else word for word in words.replace("a**2", f"a{layer}**2").split(" ")
    ).replace("(1 - a)", f"(1 - a{layer})")
