"""One sample after another, vectors and outer products, no biases trained; every number in a column of its own."""

import sys

import numpy as np

data = np.load(sys.argv[1])
W1, b1, W2, b2 = data["W1"], data["b1"], data["W2"], data["b2"]
X, Y, eta = data["X"], data["Y"], 0.8
order = [0, 1, 2, 3]


def s(z):
    return 1 / (1 + np.exp(-z))


def ds(z):
    return s(z) * (1 - s(z))


rows = []
for epoch in range(3):
    for k in order:
        z1 = W1 @ X[k] + b1
        z2 = W2 @ s(z1) + b2
        err = s(z2) - Y[k]
        d2 = err * ds(z2)
        d1 = (W2.T @ d2) * ds(z1)
        W2 = W2 - eta * np.outer(d2, s(z1))
        W1 = W1 - eta * np.outer(d1, X[k])
        row = {"update": len(rows) + 1, "loss_before": 0.5 * float((err**2).sum()), "delta2": float(d2[0])}
        row |= {f"delta1[{j}]": float(d1[j]) for j in range(3)}
        row |= {f"W1[{j},{i}]": float(W1[j, i]) for j in range(3) for i in range(2)}
        rows.append(row | {f"W2[0,{j}]": float(W2[0, j]) for j in range(3)})
