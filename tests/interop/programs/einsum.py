"""Three layers, every product an einsum, momentum in a dictionary of parameters, mean cross-entropy."""

import sys

import numpy as np

data = dict(np.load(sys.argv[1]))
x, t = data["X"], data["Y"]
theta = {name: data[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3")}
velocity = {name: np.zeros_like(value) for name, value in theta.items()}
lr, momentum = 0.15, 0.9
N = x.shape[0]


def forward(p):
    h1 = np.tanh(np.einsum("bi,oi->bo", x, p["W1"]) + p["b1"])
    h2 = np.tanh(np.einsum("bi,oi->bo", h1, p["W2"]) + p["b2"])
    logits = np.einsum("bi,oi->bo", h2, p["W3"]) + p["b3"]
    exp = np.exp(logits - logits.max(1, keepdims=True))
    return h1, h2, exp / np.einsum("bo->b", exp)[:, None]


def backward(p, h1, h2, probs):
    d3 = (probs - t) / N
    d2 = np.einsum("bo,oi->bi", d3, p["W3"]) * (1 - h2 * h2)
    d1 = np.einsum("bo,oi->bi", d2, p["W2"]) * (1 - h1 * h1)
    grads = {}
    for layer, (d, before) in enumerate(((d1, x), (d2, h1), (d3, h2)), start=1):
        grads[f"W{layer}"] = np.einsum("bo,bi->oi", d, before)
        grads[f"b{layer}"] = np.einsum("bo->o", d)
    return d1, d2, d3, grads


rows = []
grads = {name: np.zeros_like(value) for name, value in theta.items()}
for it in range(20):
    h1, h2, probs = forward(theta)
    loss = -np.einsum("bo,bo->", t, np.log(probs)) / N
    d1, d2, d3, grads = backward(theta, h1, h2, probs)
    for name in theta:
        velocity[name] = momentum * velocity[name] + grads[name]
        theta[name] = theta[name] - lr * velocity[name]
    record = {"iter": it + 1, "loss": loss, "probs": probs, "h1": h1, "h2": h2, "d1": d1, "d2": d2, "d3": d3}
    record.update({"d" + name: grads[name] for name in grads})
    record.update(theta)
    rows.append(record)
