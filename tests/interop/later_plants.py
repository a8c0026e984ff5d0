"""Three programs written after the table of mistakes was settled, and what is planted in them.

Each was handed in with every mistake it has room for before anything was changed. Then names such as ``W1[0][1]``,
square arrays either way round, W transposed in the forward pass alone and a halved step of the biases were added.
"""

LATER = ("neurons", "einsum", "augmented")
"""Lists and loops in classes; einsum and two hidden layers; biases as the last row and samples as columns."""

LATER_PLANTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("neurons", "wrong-sign", (("(outputs[k] - y[k]) * outer", "(y[k] - outputs[k]) * outer"),)),
    ("neurons", "learning-rate-missing", (("-= rate * ", "-= "),)),
    ("neurons", "learning-rate-twice", (("neuron.learn(rate)", "neuron.learn(rate * rate)"),)),
    ("neurons", "slope-left-out-output", ((" * outer[k].slope()", ""),)),
    ("neurons", "slope-left-out-hidden", (("back * hidden[j].slope()", "back"),)),
    ("neurons", "slope-left-out-everywhere", ((" * outer[k].slope()", ""), ("back * hidden[j].slope()", "back"))),
    (
        "neurons",
        "slope-at-output",
        (
            (
                "        return self.output * (1.0 - self.output)",
                "        s = 1.0 / (1.0 + math.exp(-self.output))\n        return s * (1.0 - s)",
            ),
        ),
    ),
    ("neurons", "passed-back-without-slope", (("weights[j] * outer[k].delta", "weights[j] * (outputs[k] - y[k])"),)),
    (
        "neurons",
        "updated-weights-passed-back",
        (
            (
                "        for j in range(len(hidden)):\n            back = 0.0\n",
                "        for j in range(0):\n            back = 0.0\n",
            ),
            (
                "        for neuron in hidden + outer:\n            neuron.collect()\n    for neuron in hidden + outer:\n        neuron.learn(rate)\n",
                "        for neuron in outer:\n            neuron.collect()\n        for neuron, other in zip(outer, range(9)):\n            kept.append((neuron, neuron.delta))\n"
                "    for neuron in outer:\n        neuron.learn(rate)\n"
                "    for n, (x, y) in enumerate(samples):\n        for j in range(len(hidden)):\n            hidden[j].activate(x)\n"
                "            hidden[j].delta = sum(o.weights[j] * d for o, d in kept[2 * n : 2 * n + 2]) * hidden[j].slope()\n            hidden[j].collect()\n"
                "    for neuron in hidden:\n        neuron.learn(rate)\n",
            ),
            ("    cost = 0.0\n", "    cost, kept = 0.0, []\n"),
        ),
    ),
    ("neurons", "mean-for-sum", (("-= rate * ", "-= rate / len(samples) * "),)),
    ("neurons", "factor-2", (("= (outputs[k] - y[k]) * outer", "= 2 * (outputs[k] - y[k]) * outer"),)),
    (
        "neurons",
        "outputs-mean-for-sum",
        (("= (outputs[k] - y[k]) * outer", "= (outputs[k] - y[k]) / len(outer) * outer"),),
    ),
    ("neurons", "bias-never", (("        self.bias -= rate * self.dbias\n", ""),)),
    ("neurons", "bias-half", (("rate * self.dbias", "rate * 0.5 * self.dbias"),)),
    ("neurons", "bias-mean", (("self.dbias += self.delta", "self.dbias += self.delta / len(samples)"),)),
    (
        "neurons",
        "previous-gradient",
        (
            ("        self.reset()\n", "        self.reset()\n        self.reset()\n"),
            (
                "        self.dweights, self.dbias = [0.0]",
                "        self.old = getattr(self, 'dweights', None), getattr(self, 'dbias', 0.0)\n        self.dweights, self.dbias = [0.0]",
            ),
            ("rate * self.dweights[i]", "rate * self.old[0][i]"),
            ("rate * self.dbias", "rate * self.old[1]"),
        ),
    ),
    ("neurons", "accumulated", (("    for neuron in hidden + outer:\n        neuron.reset()\n", ""),)),
    ("neurons", "unscaled", (('standardise(task["raw"])', 'task["raw"]'),)),
    ("einsum", "wrong-sign", (("theta[name] - lr", "theta[name] + lr"),)),
    ("einsum", "learning-rate-missing", (("lr * velocity", "velocity"),)),
    ("einsum", "learning-rate-twice", (("lr * velocity", "lr * lr * velocity"),)),
    ("einsum", "slope-left-out-hidden", ((" * (1 - h2 * h2)", ""), (" * (1 - h1 * h1)", ""))),
    (
        "einsum",
        "slope-at-output",
        (("(1 - h2 * h2)", "(1 - np.tanh(h2) ** 2)"), ("(1 - h1 * h1)", "(1 - np.tanh(h1) ** 2)")),
    ),
    (
        "einsum",
        "updated-weights-passed-back",
        (
            (
                '    d2 = np.einsum("bo,oi->bi", d3, p["W3"])',
                '    W3 = p["W3"] - lr * (momentum * velocity["W3"] + np.einsum("bo,bi->oi", d3, h2))\n    d2 = np.einsum("bo,oi->bi", d3, W3)',
            ),
            (
                '    d1 = np.einsum("bo,oi->bi", d2, p["W2"])',
                '    W2 = p["W2"] - lr * (momentum * velocity["W2"] + np.einsum("bo,bi->oi", d2, h1))\n    d1 = np.einsum("bo,oi->bi", d2, W2)',
            ),
        ),
    ),
    ("einsum", "softmax-slope-twice", (("(probs - t) / N", "(probs - t) * probs * (1 - probs) / N"),)),
    ("einsum", "sum-for-mean", (("(probs - t) / N", "probs - t"),)),
    ("einsum", "bias-never", (("    for name in theta:\n", '    for name in ("W1", "W2", "W3"):\n'),)),
    ("einsum", "bias-half", (('np.einsum("bo->o", d)', '0.5 * np.einsum("bo->o", d)'),)),
    ("einsum", "bias-mean", (('np.einsum("bo->o", d)', "d.mean(0)"),)),
    ("einsum", "transposed", (('"bo,oi->bi", d3', '"bo,io->bi", d3'), ('"bo,oi->bi", d2', '"bo,io->bi", d2'))),
    (
        "einsum",
        "in-place",
        (
            (
                "        velocity[name] = momentum * velocity[name] + grads[name]\n",
                "        grads[name] = backward(theta, *forward(theta))[3][name]\n        velocity[name] = momentum * velocity[name] + grads[name]\n",
            ),
        ),
    ),
    (
        "einsum",
        "previous-gradient",
        (
            ("    d1, d2, d3, grads = backward", "    last = grads\n    d1, d2, d3, grads = backward"),
            ("velocity[name] + grads[name]", "velocity[name] + last[name]"),
        ),
    ),
    (
        "einsum",
        "accumulated",
        (
            (
                "    d1, d2, d3, grads = backward(theta, h1, h2, probs)\n",
                "    d1, d2, d3, new = backward(theta, h1, h2, probs)\n    grads = {name: grads[name] + new[name] for name in new}\n",
            ),
        ),
    ),
    ("einsum", "momentum-eta-inside", (("velocity[name] + grads[name]", "velocity[name] + lr * grads[name]"),)),
    (
        "einsum",
        "float32",
        (("data = dict(np.load(sys.argv[1]))", 'data = {k: a.astype("f4") for k, a in np.load(sys.argv[1]).items()}'),),
    ),
    ("augmented", "wrong-sign", (("return w - alpha", "return w + alpha"),)),
    ("augmented", "learning-rate-missing", (("alpha * mhat", "mhat"),)),
    ("augmented", "learning-rate-twice", (("alpha * mhat", "alpha**2 * mhat"),)),
    ("augmented", "slope-left-out-output", ((" * dlogistic(s2)", ""),)),
    ("augmented", "slope-left-out-hidden", ((" * dlogistic(s1)", ""),)),
    ("augmented", "slope-left-out-everywhere", ((" * dlogistic(s2)", ""), (" * dlogistic(s1)", ""))),
    ("augmented", "slope-at-output", (("dlogistic(s2)", "dlogistic(out)"), ("dlogistic(s1)", "dlogistic(h)"))),
    ("augmented", "passed-back-without-slope", (("(U[:-1] @ D2)", "(U[:-1] @ (2 * (out - y) / out.shape[1]))"),)),
    (
        "augmented",
        "updated-weights-passed-back",
        (
            (
                '        D1 = (U[:-1] @ D2) * dlogistic(s1)\n        gU, gV = one(h) @ D2.T, x @ D1.T\n        U = adam("U", U, gU, t)\n',
                '        gU = one(h) @ D2.T\n        U = adam("U", U, gU, t)\n        D1 = (U[:-1] @ D2) * dlogistic(s1)\n        gV = x @ D1.T\n',
            ),
        ),
    ),
    ("augmented", "sum-for-mean", (("D2 = 2 * (out - y) / out.shape[1]", "D2 = 2 * (out - y)"),)),
    ("augmented", "factor-half", (("D2 = 2 * (out - y)", "D2 = (out - y)"),)),
    ("augmented", "outputs-mean-for-sum", (("D2 = 2 * (out - y) / out.shape[1]", "D2 = 2 * (out - y) / out.size"),)),
    (
        "augmented",
        "bias-never",
        (
            (
                "    return w - alpha * mhat / (np.sqrt(shat) + tiny)",
                "    new = w - alpha * mhat / (np.sqrt(shat) + tiny)\n    new[-1] = w[-1]\n    return new",
            ),
        ),
    ),
    (
        "augmented",
        "bias-half",
        (
            (
                "        gU, gV = one(h) @ D2.T, x @ D1.T\n",
                "        gU, gV = one(h) @ D2.T, x @ D1.T\n        gU[-1], gV[-1] = gU[-1] / 2, gV[-1] / 2\n",
            ),
        ),
    ),
    (
        "augmented",
        "bias-mean",
        (
            (
                "        gU, gV = one(h) @ D2.T, x @ D1.T\n",
                "        gU, gV = one(h) @ D2.T, x @ D1.T\n        gU[-1], gV[-1] = D2.mean(1), D1.mean(1)\n",
            ),
        ),
    ),
    ("augmented", "transposed", (("V.T @ x", "np.vstack([V[:-1].T, V[-1]]).T @ x"),)),
    (
        "augmented",
        "previous-gradient",
        (
            (
                "    m, s = state[name]\n",
                "    m, s = state[name]\n    now, g = g, before.get(name, 0 * g)\n    before[name] = now\n",
            ),
            ("rows, t = [], 0", "rows, t, before = [], 0, {}"),
        ),
    ),
    (
        "augmented",
        "accumulated",
        (
            ("        gU, gV = one(h) @ D2.T, x @ D1.T\n", "        gU, gV = gU + one(h) @ D2.T, gV + x @ D1.T\n"),
            ("rows, t = [], 0", "rows, t, gU, gV = [], 0, 0, 0"),
        ),
    ),
    ("augmented", "adam-uncorrected", (("m / (1 - b1**t), s / (1 - b2**t)", "m, s"),)),
    ("augmented", "adam-epsilon-inside", (("(np.sqrt(shat) + tiny)", "np.sqrt(shat + tiny)"),)),
    ("augmented", "other-order", (("[0, 1, 2, 3, 4, 5]", "[5, 4, 3, 2, 1, 0]"),)),
    (
        "augmented",
        "float32",
        (("f = np.load(sys.argv[1])", "f = {k: a.astype(np.float32) for k, a in np.load(sys.argv[1]).items()}"),),
    ),
)
