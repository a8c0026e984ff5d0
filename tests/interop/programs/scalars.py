"""Mazur's example in scalars, as the text names them; no arrays at all."""

import math

w1, w2, w3, w4, w5, w6, w7, w8 = 0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55
b1, b2 = 0.35, 0.60
bias1, bias2 = [b1, b1], [b2, b2]
i1, i2, t1, t2 = 0.05, 0.10, 0.01, 0.99
eta = 0.5


def squash(net):
    return 1 / (1 + math.exp(-net))


rows = [{"w1": w1, "w2": w2, "w3": w3, "w4": w4, "w5": w5, "w6": w6, "w7": w7, "w8": w8}]
for _ in range(12):
    h1 = squash(w1 * i1 + w2 * i2 + bias1[0])
    h2 = squash(w3 * i1 + w4 * i2 + bias1[1])
    o1 = squash(w5 * h1 + w6 * h2 + bias2[0])
    o2 = squash(w7 * h1 + w8 * h2 + bias2[1])
    d_o1 = (o1 - t1) * o1 * (1 - o1)
    d_o2 = (o2 - t2) * o2 * (1 - o2)
    s1, s2 = d_o1 * w5 + d_o2 * w7, d_o1 * w6 + d_o2 * w8
    d_h1 = s1 * h1 * (1 - h1)
    d_h2 = s2 * h2 * (1 - h2)
    w5, w6, w7, w8 = w5 - eta * d_o1 * h1, w6 - eta * d_o1 * h2, w7 - eta * d_o2 * h1, w8 - eta * d_o2 * h2
    w1, w2, w3, w4 = w1 - eta * d_h1 * i1, w2 - eta * d_h1 * i2, w3 - eta * d_h2 * i1, w4 - eta * d_h2 * i2
    rows.append({"w1": w1, "w2": w2, "w3": w3, "w4": w4, "w5": w5, "w6": w6, "w7": w7, "w8": w8})
    rows[-1] |= {"delta2[0]": d_o1, "delta2[1]": d_o2, "delta1[0]": d_h1, "delta1[1]": d_h2}
