"""Two layers by hand. Something is wrong: find it."""

import json
import sys

import numpy as np

X = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.2]])
y = np.array([[1.0], [1.0], [0.0], [1.0]])
W1, b1 = np.array([[0.5, -0.3], [0.2, 0.8]]), np.array([0.1, -0.1])
W2, b2 = np.array([[0.6, -0.4]]), np.array([0.05])
eta = 0.5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


with open(sys.argv[1] if len(sys.argv) > 1 else "numbers.jsonl", "w") as file:
    for update in range(1, 11):
        # forward
        z1 = X @ W1.T + b1
        a1 = sigmoid(z1)
        z2 = a1 @ W2.T + b2
        a2 = sigmoid(z2)
        loss_before = 0.5 * np.sum((a2 - y) ** 2)
        # backward
        delta2 = (a2 - y) * a2 * (1 - a2)
        delta1 = delta2 @ W2
        dW2, db2 = delta2.T @ a1, delta2.sum(axis=0)
        dW1, db1 = delta1.T @ X, delta1.sum(axis=0)
        # update
        W1, b1, W2, b2 = W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2
        numbers = {"a1": a1, "a2": a2, "loss_before": loss_before, "delta2": delta2, "delta1": delta1}
        numbers |= {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
        line = {"update": update} | {name: np.asarray(value).tolist() for name, value in numbers.items()}
        print(json.dumps(line), file=file)
