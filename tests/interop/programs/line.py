"""Three lines, scaled by hand, one number after another in loops; only weights, biases and losses are printed."""

import sys

import numpy as np

g = np.load(sys.argv[1])
x, t = g["raw"][:, 0].tolist(), g["Y"]
w, b = g["W1"][:, 0].tolist(), g["b1"].tolist()
mean = sum(x) / 5
spread = (sum((each - mean) ** 2 for each in x) / 5) ** 0.5
x = [(each - mean) / spread for each in x]
rate, mu = 0.1, 0.6
vw, vb = [0.0] * 3, [0.0] * 3

rows = []
for _ in range(12):
    loss = sum((w[j] * x[k] + b[j] - t[k][j]) ** 2 for k in range(5) for j in range(3)) / 15
    gw = [sum(2 * (w[j] * x[k] + b[j] - t[k][j]) * x[k] for k in range(5)) / 15 for j in range(3)]
    gb = [sum(2 * (w[j] * x[k] + b[j] - t[k][j]) for k in range(5)) / 15 for j in range(3)]
    for j in range(3):
        vw[j] = mu * vw[j] + gw[j]
        w[j] = w[j] - rate * vw[j]
        vb[j] = mu * vb[j] + gb[j]
        b[j] = b[j] - rate * vb[j]
    rows.append({f"W[{j},0]": w[j] for j in range(3)} | {f"b[{j}]": b[j] for j in range(3)} | {"loss": loss})
