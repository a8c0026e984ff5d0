"""A class with layers in lists, softmax and momentum; the numbers saved as arrays before each update."""

import sys

import numpy as np


class Net:
    def __init__(self, file):
        g = np.load(file)
        self.X, self.T = g["X"], g["Y"]
        self.W, self.b = [g["W1"], g["W2"]], [g["b1"], g["b2"]]
        self.v = [0 * p for p in (*self.W, *self.b)]
        self.eta, self.mu = 0.3, 0.8
        self.grads = [0 * p for p in (*self.W, *self.b)]

    def forward(self):
        self.a1 = np.tanh(self.X @ self.W[0].T + self.b[0])
        z = self.a1 @ self.W[1].T + self.b[1]
        e = np.exp(z - z.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        return -np.sum(self.T * np.log(self.p)) / len(self.X)

    def backward(self):
        n = len(self.X)
        self.d2 = (self.p - self.T) / n
        self.d1 = (self.d2 @ self.W[1]) * (1 - self.a1**2)
        self.grads = [self.d1.T @ self.X, self.d2.T @ self.a1, self.d1.sum(0), self.d2.sum(0)]

    def step(self):
        for i, (p, g) in enumerate(zip((*self.W, *self.b), self.grads)):
            self.v[i] = self.mu * self.v[i] + g
            p -= self.eta * self.v[i]


net = Net(sys.argv[1])
rows = []
for _ in range(12):
    loss = net.forward()
    rows.append({"W1": net.W[0].copy(), "b1": net.b[0].copy(), "W2": net.W[1].copy(), "b2": net.b[1].copy()})
    net.backward()
    rows[-1] |= {"loss": loss, "a1": net.a1, "prediction": net.p, "delta2": net.d2, "delta1": net.d1}
    net.step()
