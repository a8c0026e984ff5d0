"""The error is y − a and is added, sample by sample into sums of gradients, in the style of Nielsen's book."""

import sys

import numpy as np

g = np.load(sys.argv[1])
training = list(zip(g["X"], g["Y"], strict=True))
weights, biases = [g["W1"], g["W2"]], [g["b1"], g["b2"]]
eta = 0.6


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def backprop(x, y):
    z = weights[0] @ x + biases[0]
    a = sigmoid(z)
    out = np.exp(weights[1] @ a + biases[1])
    out = out / out.sum()
    delta = y - out
    nabla = [None, None, None, delta]
    nabla[1] = np.outer(delta, a)
    delta1 = (weights[1].T @ delta) * a * (1 - a)
    nabla[0], nabla[2] = np.outer(delta1, x), delta1
    return delta, delta1, nabla


rows = []
for _ in range(12):
    found = [backprop(x, y) for x, y in training]
    sums = [sum(each[2][i] for each in found) for i in range(4)]
    n = len(training)
    weights = [w + eta * s / n for w, s in zip(weights, sums[:2], strict=True)]
    biases = [c + eta * s / n for c, s in zip(biases, sums[2:], strict=True)]
    rows.append({"delta2": np.array([f[0] for f in found]), "delta1": np.array([f[1] for f in found])})
    rows[-1] |= {"W1": weights[0], "W2": weights[1], "b1": biases[0], "b2": biases[1]}
