"""A run as a program: a training loop in plain numpy that gives the same numbers, for learners to take apart."""

from __future__ import annotations

from collections.abc import Iterator

from gdsim.engine.activations import LEAK
from gdsim.engine.batches import SHUFFLE_STREAM
from gdsim.engine.models.network import DROPOUT_STREAM, Layer, NetworkModel, Slips
from gdsim.engine.update import Run
from gdsim.errors import UsageError

_ACTIVATIONS = {
    "identity": ("{z}", "np.ones_like({z})"),
    "sigmoid": ("1 / (1 + np.exp(-{z}))", "{a} * (1 - {a})"),
    "tanh": ("np.tanh({z})", "1 - {a}**2"),
    "relu": ("np.maximum({z}, 0)", "({z} > 0) * 1.0"),
    "leaky-relu": ("np.where({z} > 0, {z}, {slope} * {z})", "np.where({z} > 0, 1.0, {slope})"),
    "elu": ("np.where({z} > 0, {z}, {slope} * np.expm1(np.minimum({z}, 0)))", "np.where({z} > 0, 1.0, {a} + {slope})"),
    "softplus": ("np.logaddexp(0, {z})", "1 / (1 + np.exp(-{z}))"),
    "silu": ("{z} / (1 + np.exp(-{z}))", "{a} + (1 - {a}) / (1 + np.exp(-{z}))"),
    "gelu": ("{z} * normal({z})", "normal({z}) + {z} * np.exp(-({z}**2) / 2) / np.sqrt(2 * np.pi)"),
    "sine": ("np.sin({z})", "np.cos({z})"),
    "step": ("({z} > 0) * 1.0", "np.zeros_like({z})"),
    "softmax": ("np.exp({z} - {z}.max(axis=1, keepdims=True))", ""),
}
_LOSSES = {
    "sse": ("np.sum(({a} - {y}) ** 2)", "2 * ({a} - {y})"),
    "half-sse": ("0.5 * np.sum(({a} - {y}) ** 2)", "{a} - {y}"),
    "mse": ("np.mean(({a} - {y}) ** 2)", "2 * ({a} - {y}) / {y}.size"),
    "half-mse": ("0.5 * np.sum(({a} - {y}) ** 2) / len({y})", "({a} - {y}) / len({y})"),
    "sum-mse": ("np.sum(({a} - {y}) ** 2) / len({y})", "2 * ({a} - {y}) / len({y})"),
    "binary-cross-entropy": (
        "-np.sum({y} * np.log({a}) + (1 - {y}) * np.log(1 - {a})) / len({y})",
        "({a} - {y}) / ({a} * (1 - {a})) / len({y})",
    ),
    "categorical-cross-entropy": ("-np.sum({y} * np.log({a})) / len({y})", ""),
}
_FUSED = {
    "binary-cross-entropy": "({a} - {y}) / len({y})",
    "categorical-cross-entropy": "({a} * {y}.sum(axis=1, keepdims=True) - {y}) / len({y})",
}
_MEANS = "m[i] = beta1 * m[i] + (1 - beta1) * g\nv[i] = beta2 * v[i] + (1 - beta2) * g**2\n"
_ADAM = "m[i] / (1 - beta1**t) / (np.sqrt(v[i] / (1 - beta2**t)) + epsilon)"
_RULES = {
    "gradient-descent": ((), "p -= {eta} * g"),
    "momentum": (("v",), "v[i] = momentum * v[i] + g\np -= {eta} * v[i]"),
    "momentum textbook": (("v",), "v[i] = momentum * v[i] - {eta} * g\np += v[i]"),
    "nesterov": (("v",), "v[i] = momentum * v[i] + g\np -= {eta} * (g + momentum * v[i])"),
    "nesterov lookahead": (("v",), "p -= momentum * v[i]\nv[i] = momentum * v[i] - {eta} * g\np += v[i]"),
    "adagrad": (("s",), "s[i] = s[i] + g**2\np -= {eta} * g / (np.sqrt(s[i]) + epsilon)"),
    "rmsprop": (("s",), "s[i] = rho * s[i] + (1 - rho) * g**2\np -= {eta} * g / (np.sqrt(s[i]) + epsilon)"),
    "adadelta": (
        ("s", "d"),
        "s[i] = rho * s[i] + (1 - rho) * g**2\nmove = np.sqrt(d[i] + epsilon) / np.sqrt(s[i] + epsilon) * g\n"
        "d[i] = rho * d[i] + (1 - rho) * move**2\np -= {eta} * move",
    ),
    "adam": (("m", "v"), f"{_MEANS}p -= {{eta}} * {_ADAM}"),
    "adamw": (("m", "v"), f"{_MEANS}p -= {{eta}} * ({_ADAM} + weight_decay * p)"),
    "nadam": (
        ("m", "v"),
        f"{_MEANS}ahead = beta1 * m[i] / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)\n"
        "p -= {eta} * ahead / (np.sqrt(v[i] / (1 - beta2**t)) + epsilon)",
    ),
}
_SCHEDULES = {
    "constant": "eta",
    "step": "eta * factor ** ((t - 1) // every)",
    "exponential": "eta * factor ** (t - 1)",
    "inverse-time": "eta / (1 + decay * (t - 1))",
    "cosine": "low + (eta - low) * (1 + np.cos(np.pi * min((t - 1) / updates, 1))) / 2",
    "linear": "eta + (low - eta) * min((t - 1) / updates, 1)",
    "warmup": "eta * min(t / updates, 1)",
}


def numpy_code(run: Run, updates: int) -> str:
    """Return a program that makes `updates` updates and ends with the same ``W1``, ``b1``, … as the run.

    Raises UsageError naming anything it has no code for.
    """
    model = run.model
    if not isinstance(model, NetworkModel):
        raise UsageError("numpy_code", "this run is not of a network", "a network")
    if model.slips != Slips() or run.right is not None:
        raise UsageError("numpy_code", "the run reproduces an error of its source", "corrected=True")
    for name, table in ((_rule(run), _RULES), (model.loss_name, _LOSSES)):
        if name not in table:
            raise UsageError("numpy_code", f"has no code for {name}", ", ".join(table))
    for layer in model.layers:
        if layer.activation not in _ACTIVATIONS:
            raise UsageError("numpy_code", f"has no code for {layer.activation}", ", ".join(_ACTIVATIONS))
    loop = (f"    {line}" for line in (*_forward(run, model), *_backward(run, model), *_step(run)))
    return "\n".join((*_head(run, model), f"for t in range(1, {updates + 1}):", *loop)) + "\n"


def _rule(run: Run) -> str:
    return f"{run.rule.kind.name} {run.rule.kind.form}".strip()


def _trained(model: NetworkModel) -> list[str]:
    """Return the names of the parameters that updates change."""
    layout = model.layout
    return [name for name, part in layout.slices.items() if part.start < part.stop and name not in layout.frozen]


def _head(run: Run, model: NetworkModel) -> Iterator[str]:
    """Yield the code before the loop: samples, parameters, settings, and the rule's state."""
    yield "import numpy as np\n"
    if any(layer.activation == "gelu" for layer in model.layers):
        yield "from math import erfc\n\nnormal = np.vectorize(lambda z: erfc(-z / 2**0.5) / 2)"
    yield f"x = np.array({model.inputs.tolist()})"
    yield f"y = np.array({model.targets.tolist()})"
    for name, part in model.layout.views(run.start.theta).items():
        if part.size:
            yield f"{name} = np.array({part.tolist()})"
    settings = {"eta": run.learning_rate, **run.rule.options}
    settings |= {} if run.schedule is None else run.schedule.options
    settings |= {} if model.penalty is None else {"l2": model.penalty.l2, "l1": model.penalty.l1}
    yield "; ".join(f"{key} = {value!r}" for key, value in settings.items())
    names = _trained(model)
    yield f"parameters = [{', '.join(names)}]"
    for slot, vector in zip(_RULES[_rule(run)][0], run.start.rule_state.slots, strict=True):
        views = model.layout.views(vector)
        started = f"[{', '.join(f'np.array({views[name].tolist()})' for name in names)}]"
        yield f"{slot} = {started if vector.any() else '[0.0] * len(parameters)'}"


def _forward(run: Run, model: NetworkModel) -> Iterator[str]:
    """Yield the lines of the forward pass, from the samples to the loss: ``z1``, ``a1``, …"""
    batches, x, y = run.batches, "x", "y"
    if batches.size is not None:
        order = "np.arange(len(x))"
        if batches.shuffled:
            key = f"[{batches.seed}, {SHUFFLE_STREAM}, (t - 1) // {batches.per_epoch} + 1]"
            order = f"np.random.default_rng({key}).permutation(len(x))"
        x, y = "a0", "target"
        yield f"rows = {order}[(t - 1) % {batches.per_epoch} * {batches.size} :][: {batches.size}]"
        yield f"{x}, {y} = x[rows], y[rows]"
    if run.rule.kind.looks_ahead:
        yield "for p, u in zip(parameters, v):"
        yield "    p += momentum * u"
    if any(layer.dropout for layer in model.layers):
        yield f"rng = np.random.default_rng([{model.seed}, {DROPOUT_STREAM}, t])"
    for n, layer in enumerate(model.layers, 1):
        yield f"z{n} = {x} @ W{n}.T" + f" + b{n}" * (layer.bias != "none")
        yield f"a{n} = {_filled(layer, n, 0)}"
        if layer.activation == "softmax":
            yield f"a{n} = a{n} / a{n}.sum(axis=1, keepdims=True)"
        x = f"a{n}"
        if layer.dropout:
            share = layer.dropout
            yield f"mask{n} = (rng.random({layer.units}) >= {share!r}) / (1 - {share!r})"
            x = f"(a{n} * mask{n})"
    loss = _LOSSES[model.loss_name][0].format(a=x, y=y)
    weights = [f"W{n}" for n in range(1, len(model.layers) + 1)]
    if model.penalty is not None and model.penalty.l2:
        loss += f" + l2 / 2 * ({' + '.join(f'np.sum({W}**2)' for W in weights)})"
    if model.penalty is not None and model.penalty.l1:
        loss += f" + l1 * ({' + '.join(f'np.sum(np.abs({W}))' for W in weights)})"
    yield f"loss = {loss}"


def _filled(layer: Layer, n: int, which: int) -> str:
    """Return a layer's activation (which = 0) or its derivative (1) as code in terms of its z and a."""
    slope = layer.slope if layer.slope is not None else LEAK if layer.activation == "leaky-relu" else 1.0
    return _ACTIVATIONS[layer.activation][which].format(z=f"z{n}", a=f"a{n}", slope=slope)


def _backward(run: Run, model: NetworkModel) -> Iterator[str]:
    """Yield the lines of backpropagation: ``d2``, ``d1``, and the gradients in the order of the parameters."""
    last, layers = len(model.layers), model.layers
    x, y = ("x", "y") if run.batches.size is None else ("a0", "target")
    if model.is_fused:
        yield f"d{last} = {_FUSED[model.loss_name].format(a=f'a{last}', y=y)}"
    else:
        slope = _filled(layers[-1], last, 1)
        yield f"d{last} = ({_LOSSES[model.loss_name][1].format(a=f'a{last}', y=y)}) * ({slope})"
    for n in range(last - 1, 0, -1):
        mask = f" * mask{n}" if layers[n - 1].dropout else ""
        yield f"d{n} = d{n + 1} @ W{n + 1} * ({_filled(layers[n - 1], n, 1)}){mask}"
    gradients = []
    for name in _trained(model):
        n = int(name[1:])
        before = x if n == 1 else f"(a{n - 1} * mask{n - 1})" if layers[n - 2].dropout else f"a{n - 1}"
        if name[0] == "b":
            gradients.append(f"d{n}.sum(keepdims=True)[0]" if layers[n - 1].bias == "shared" else f"d{n}.sum(axis=0)")
            continue
        parts = [f"d{n}.T @ {before}"]
        if model.penalty is not None:
            parts += [f"l2 * {name}"] * bool(model.penalty.l2) + [f"l1 * np.sign({name})"] * bool(model.penalty.l1)
        gradients.append(" + ".join(parts))
    yield f"gradients = [{', '.join(gradients)}]"
    if run.clip is not None and run.clip.value is not None:
        yield f"gradients = [np.clip(g, -{run.clip.value!r}, {run.clip.value!r}) for g in gradients]"
    elif run.clip is not None:
        yield "length = np.sqrt(sum(np.sum(g**2) for g in gradients))"
        yield f"gradients = [g / max(1, length / {run.clip.norm!r}) for g in gradients]"


def _step(run: Run) -> Iterator[str]:
    """Yield the lines that change the parameters."""
    eta = "eta"
    if run.schedule is not None:
        eta = "rate"
        yield f"rate = {_SCHEDULES[run.schedule.kind.name]}"
    yield "for i, (p, g) in enumerate(zip(parameters, gradients)):"
    yield from (f"    {line}" for line in _RULES[_rule(run)][1].format(eta=eta).split("\n"))
