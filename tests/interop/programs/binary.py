"""Parameters in a dictionary, binary cross-entropy, Adam; only parameters and losses are handed in."""

import sys

import numpy as np

g = np.load(sys.argv[1])
X, y = g["X"], g["Y"]
params = {name: g[name] for name in ("W1", "b1", "W2", "b2")}
m = {name: np.zeros_like(p) for name, p in params.items()}
v = {name: np.zeros_like(p) for name, p in params.items()}
lr, B1, B2, eps = 0.05, 0.9, 0.999, 0.01
old = {name: np.zeros_like(p) for name, p in params.items()}


def loss_and_grads(P):
    a1 = np.tanh(X @ P["W1"].T + P["b1"])
    a2 = 1 / (1 + np.exp(-(a1 @ P["W2"].T + P["b2"])))
    loss = -np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2))
    d2 = (a2 - y) / len(X)
    d1 = d2 @ P["W2"] * (1 - a1**2)
    return loss, {"W1": d1.T @ X, "b1": d1.sum(axis=0), "W2": d2.T @ a1, "b2": d2.sum(axis=0)}


rows = [{"update": 0, **params}]
for t in range(1, 13):
    loss, grads = loss_and_grads(params)
    new = dict(params)
    for name in params:
        grad = grads[name]
        m[name] = B1 * m[name] + (1 - B1) * grad
        v[name] = B2 * v[name] + (1 - B2) * grad * grad
        mh, vh = m[name] / (1 - B1**t), v[name] / (1 - B2**t)
        new[name] = new[name] - lr * mh / (np.sqrt(vh) + eps)
    params = new
    rows.append({"update": t, "cost_before": loss, **params})
