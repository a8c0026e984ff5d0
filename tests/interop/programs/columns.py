"""Samples as columns, weights units × inputs, biases as columns, functions of their own."""

import sys

import numpy as np

given = np.load(sys.argv[1])
x, y = given["X"].T, given["Y"].T
w1, w2 = given["W1"], given["W2"]
b1, b2 = given["b1"].reshape(-1, 1), given["b2"].reshape(-1, 1)
alpha = 0.4


def sig(z):
    return 1.0 / (1.0 + np.exp(-z))


def dsig(z):
    return sig(z) * (1.0 - sig(z))


def forward():
    z1 = np.dot(w1, x) + b1
    z2 = np.dot(w2, sig(z1)) + b2
    return z1, z2


rows = []
for _ in range(12):
    z1, z2 = forward()
    a1, a2 = sig(z1), sig(z2)
    cost = 0.5 * np.sum((a2 - y) ** 2)
    delta2 = (a2 - y) * dsig(z2)
    sent = np.dot(w2.T, delta2)
    delta1 = sent * dsig(z1)
    grad_w2, grad_b2 = np.dot(delta2, a1.T), np.sum(delta2, axis=1, keepdims=True)
    grad_w1, grad_b1 = np.dot(delta1, x.T), np.sum(delta1, axis=1, keepdims=True)
    w2 = w2 - alpha * grad_w2
    w1 = w1 - alpha * grad_w1
    b2 = b2 - alpha * grad_b2
    b1 = b1 - alpha * grad_b1
    rows.append({"cost": cost, "z1": z1, "z2": z2, "a1": a1, "a2": a2, "delta2": delta2, "delta1": delta1})
    rows[-1] |= {"grad_W2": grad_w2, "grad_W1": grad_w1, "W1": w1, "W2": w2, "b1": b1, "b2": b2}
