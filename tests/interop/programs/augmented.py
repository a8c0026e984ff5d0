"""Samples as columns, biases as the last row of the weights (inputs + 1) x units, batches of columns, Adam."""

import sys

import numpy as np

f = np.load(sys.argv[1])
X, T = f["X"].T, f["Y"].T
V = np.vstack([f["W1"].T, f["b1"]])
U = np.vstack([f["W2"].T, f["b2"]])
alpha, b1, b2, tiny = 0.03, 0.8, 0.9, 1e-3
state = {"V": [0, 0], "U": [0, 0]}


def one(a):
    return np.concatenate([a, np.ones((1, a.shape[1]))])


def logistic(s):
    return 1 / (1 + np.exp(-s))


def dlogistic(s):
    return np.exp(-s) / (1 + np.exp(-s)) ** 2


def adam(name, w, g, t):
    m, s = state[name]
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
    state[name] = [m, s]
    mhat, shat = m / (1 - b1**t), s / (1 - b2**t)
    return w - alpha * mhat / (np.sqrt(shat) + tiny)


rows, t = [], 0
order = [0, 1, 2, 3, 4, 5]
while t < 16:
    for start in range(0, 6, 3):
        t += 1
        pick = order[start : start + 3]
        x, y = one(X[:, pick]), T[:, pick]
        s1 = V.T @ x
        h = logistic(s1)
        s2 = U.T @ one(h)
        out = logistic(s2)
        E = np.sum((out - y) ** 2) / out.shape[1]
        D2 = 2 * (out - y) / out.shape[1] * dlogistic(s2)
        D1 = (U[:-1] @ D2) * dlogistic(s1)
        gU, gV = one(h) @ D2.T, x @ D1.T
        U = adam("U", U, gU, t)
        V = adam("V", V, gV, t)
        rows.append({"step": t, "E": E, "z1": s1, "z2": s2, "out": out, "delta2": D2, "delta1": D1})
        rows[-1] |= {"grad_W2": gU, "grad_W1": gV, "W1": V, "W2": U}
