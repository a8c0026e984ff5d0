"""Biases folded into the weights as a last column, Adam in a function, samples as rows."""

import sys

import numpy as np

task = np.load(sys.argv[1])
X, Y = task["X"], task["Y"]
theta = [np.column_stack([task["W1"], task["b1"]]), np.column_stack([task["W2"], task["b2"]])]
ones = np.ones((len(X), 1))
beta1, beta2, eps, lr = 0.9, 0.999, 0.01, 0.05
m, v = [0.0, 0.0], [0.0, 0.0]


def gradients(first, second):
    x1 = np.hstack([X, ones])
    h = np.tanh(x1 @ first.T)
    h1 = np.hstack([h, ones])
    out = h1 @ second.T
    delta = 2 * (out - Y) / Y.size
    hidden = delta @ second[:, :-1] * (1 - h**2)
    return out, [hidden.T @ x1, delta.T @ h1]


rows = []
for t in range(1, 13):
    out, grads = gradients(*theta)
    error = np.square(out - Y).mean()
    for i in range(2):
        g = grads[i]
        m[i] = beta1 * m[i] + (1 - beta1) * g
        v[i] = beta2 * v[i] + (1 - beta2) * g**2
        m_hat, v_hat = m[i] / (1 - beta1**t), v[i] / (1 - beta2**t)
        theta[i] = theta[i] - lr * m_hat / (np.sqrt(v_hat) + eps)
    rows.append({"iter": t, "loss": error, "pred": out, "W1": theta[0], "W2": theta[1]})
    rows[-1] |= {"dW1": grads[0], "dW2": grads[1]}
