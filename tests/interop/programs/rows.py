"""Vectorised, samples as rows, weights inputs × units, gradients printed."""

import sys

import numpy as np

g = np.load(sys.argv[1])
X, Y = g["X"], g["Y"]
W1, b1, W2, b2 = g["W1"].T.copy(), g["b1"], g["W2"].T.copy(), g["b2"]
lr, n = 0.7, len(X)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def tanh_prime(z):
    return 1 - np.tanh(z) ** 2


rows = []
dW1 = db1 = dW2 = db2 = 0
for step in range(1, 13):
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2 + b2
    A2 = sigmoid(Z2)
    loss = np.mean((A2 - Y) ** 2)
    dZ2 = 2 * (A2 - Y) / n * sigmoid_prime(Z2)
    back = dZ2 @ W2.T
    dZ1 = back * tanh_prime(Z1)
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    W1 = W1 - lr * dW1
    b1 = b1 - lr * db1
    W2 = W2 - lr * dW2
    b2 = b2 - lr * db2
    rows.append({"step": step, "loss": loss, "y_hat": A2, "dZ2": dZ2, "dZ1": dZ1, "dW1": dW1, "dW2": dW2, "db1": db1})
    rows[-1] |= {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
