"""Batches of four, a list of layers, layers counted from 0, einsum, gradients and weights saved."""

import sys

import numpy as np

g = np.load(sys.argv[1])
raw, Y = g["raw"], g["Y"]
low, high = raw.min(axis=0), raw.max(axis=0)
X = (raw - low) / (high - low)
W, b = [g["W1"], g["W2"]], [g["b1"], g["b2"]]
lr = 0.2
places = list(range(8))


def act(z):
    return 1 / (1 + np.exp(-z))


rows = []
for _epoch in range(6):
    for begin in (0, 4):
        batch = places[begin : begin + 4]
        a = [X[batch]]
        for layer in range(2):
            a.append(act(np.einsum("ni,ji->nj", a[-1], W[layer]) + b[layer]))
        error = a[2] - Y[batch]
        delta = 2 * error * a[2] * (1 - a[2])
        dW1, db1 = np.einsum("nj,ni->ji", delta, a[1]), delta.sum(axis=0)
        delta = np.einsum("nj,ji->ni", delta, W[1]) * a[1] * (1 - a[1])
        dW0, db0 = np.einsum("nj,ni->ji", delta, a[0]), delta.sum(axis=0)
        W = [W[0] - lr * dW0, W[1] - lr * dW1]
        b = [b[0] - lr * db0, b[1] - lr * db1]
        rows.append({"W0": W[0], "W1": W[1], "b0": b[0], "b1": b[1], "dW0": dW0, "dW1": dW1, "db0": db0, "db1": db1})
        rows[-1] |= {"loss_before": (error**2).sum()}
