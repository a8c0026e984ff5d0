"""The loops a student would write with numpy, and with torch, for the runs gdsim is measured on."""

from itertools import pairwise

import numpy as np


def hill(updates, rate=0.01):
    """Walk down (x − 2)² from 4, keeping every x and every loss."""
    x, walked, losses = np.array(4.0), [], []
    for _ in range(updates):
        gradient = 2 * (x - 2)
        x = x - rate * gradient
        walked.append(x)
        losses.append((x - 2) ** 2)
    return walked, losses


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def network(sizes, x, y, batch, updates, rate, seed=0):
    """Train full sigmoid layers on half the squared error, batch after batch, keeping every loss."""
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal((b, a)) for a, b in pairwise(sizes)]
    biases = [np.zeros(b) for b in sizes[1:]]
    losses, start = [], 0
    for _ in range(updates):
        xs, ys = x[start : start + batch], y[start : start + batch]
        start = (start + batch) % len(x)
        activations, sums = [xs], []
        for w, b in zip(weights, biases, strict=True):
            sums.append(activations[-1] @ w.T + b)
            activations.append(sigmoid(sums[-1]))
        losses.append(0.5 * np.sum((activations[-1] - ys) ** 2))
        delta = (activations[-1] - ys) * sigmoid(sums[-1]) * (1 - sigmoid(sums[-1]))
        for layer in range(len(weights) - 1, -1, -1):
            slope_w, slope_b = delta.T @ activations[layer], delta.sum(axis=0)
            if layer:
                s = sigmoid(sums[layer - 1])
                delta = (delta @ weights[layer]) * s * (1 - s)
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
