"""The loops a student would write with numpy, and with torch, for the runs gdsim is measured on.

Each comes twice: with a record of every update, which is what gdsim's trace holds, and bare, keeping losses only.
"""

from itertools import pairwise

import numpy as np


def hill(updates, rate=0.01, min_change=1e-300):
    """Walk down (x − 2)² from 4 with a record of every update: numpy arrays, a formula and its slope."""

    def height(x):
        return np.sum((x - 2) ** 2)

    def slope(x):
        return 2 * (x - 2)

    x, records = np.array([4.0]), []
    for number in range(1, updates + 1):
        before, gradient = height(x), slope(x)
        change = -rate * gradient
        x = x + change
        after = height(x)
        records.append(
            {"update": number, "loss_before": before, "loss": after, "gradient": gradient, "change": change, "x": x}
        )
        if np.linalg.norm(change) < min_change or not np.isfinite(x).all():
            break
    return records


def bare_hill(updates, rate=0.01):
    """Walk down (x − 2)² from 4 on single numbers, keeping every x and every loss."""
    x, walked, losses = np.array(4.0), [], []
    for _ in range(updates):
        gradient = 2 * (x - 2)
        x = x - rate * gradient
        walked.append(x)
        losses.append((x - 2) ** 2)
    return walked, losses


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def _forward(weights, biases, xs):
    activations, sums = [xs], []
    for w, b in zip(weights, biases, strict=True):
        sums.append(activations[-1] @ w.T + b)
        activations.append(sigmoid(sums[-1]))
    return activations, sums


def _gradients(weights, activations, sums, ys):
    slopes = []
    delta = (activations[-1] - ys) * sigmoid(sums[-1]) * (1 - sigmoid(sums[-1]))
    for layer in range(len(weights) - 1, -1, -1):
        slopes.insert(0, (delta.T @ activations[layer], delta.sum(axis=0)))
        if layer:
            s = sigmoid(sums[layer - 1])
            delta = (delta @ weights[layer]) * s * (1 - s)
    return slopes


def _start(sizes, seed):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal((b, a)) for a, b in pairwise(sizes)], [np.zeros(b) for b in sizes[1:]]


def network(sizes, x, y, batch, updates, rate, seed=0):
    """Train full sigmoid layers on half the squared error, batch after batch, with a record of every update."""
    weights, biases = _start(sizes, seed)
    records, start = [], 0
    for number in range(1, updates + 1):
        xs, ys = x[start : start + batch], y[start : start + batch]
        start = (start + batch) % len(x)
        activations, sums = _forward(weights, biases, xs)
        before = 0.5 * np.sum((activations[-1] - ys) ** 2)
        slopes = _gradients(weights, activations, sums, ys)
        changes = [(-rate * w, -rate * b) for w, b in slopes]
        weights = [w + change for w, (change, _) in zip(weights, changes, strict=True)]
        biases = [b + change for b, (_, change) in zip(biases, changes, strict=True)]
        after = 0.5 * np.sum((_forward(weights, biases, xs)[0][-1] - ys) ** 2)
        records.append(
            {
                "update": number,
                "prediction": activations[-1],
                "loss_before": before,
                "loss": after,
                "gradient": slopes,
                "change": changes,
                "parameters": (weights, biases),
            }
        )
    return records


def bare_network(sizes, x, y, batch, updates, rate, seed=0):
    """Train the same, keeping every loss."""
    weights, biases = _start(sizes, seed)
    losses, start = [], 0
    for _ in range(updates):
        xs, ys = x[start : start + batch], y[start : start + batch]
        start = (start + batch) % len(x)
        activations, sums = _forward(weights, biases, xs)
        losses.append(0.5 * np.sum((activations[-1] - ys) ** 2))
        for layer, (slope_w, slope_b) in enumerate(_gradients(weights, activations, sums, ys)):
            weights[layer] = weights[layer] - rate * slope_w
            biases[layer] = biases[layer] - rate * slope_b
    return losses


def torch_network(torch, sizes, x, y, batch, updates, rate):
    """Do the same with torch, eagerly, in float64 on the processor."""
    layers = []
    for a, b in pairwise(sizes):
        layers += [torch.nn.Linear(a, b, dtype=torch.float64), torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    losses, start = [], 0
    for _ in range(updates):
        xs, ys = x[start : start + batch], y[start : start + batch]
        start = (start + batch) % len(x)
        optimizer.zero_grad()
        loss = 0.5 * ((model(xs) - ys) ** 2).sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
