"""The mistakes planted in the programs: which program, which mistake, and the lines that make it."""

SCENARIO_OF = {"scalars": "mazur"}
"""Programs whose scenario is a bundled one; the others have a file beside them."""

FORMATS = {
    "rows": "jsonl",
    "columns": "npz",
    "scalars": "csv",
    "folded": "jsonl",
    "online": "csv",
    "softmax": "npz",
    "binary": "jsonl",
    "line": "csv",
    "batches": "npz",
    "square": "jsonl",
    "neurons": "csv",
    "einsum": "npz",
    "augmented": "jsonl",
}
"""The programs, and what each writes."""

PLANTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "rows",
        "wrong-sign",
        (("W1 - lr", "W1 + lr"), ("b1 - lr", "b1 + lr"), ("W2 - lr", "W2 + lr"), ("b2 - lr", "b2 + lr")),
    ),
    ("columns", "wrong-sign", (("delta2 = (a2 - y)", "delta2 = (y - a2)"),)),
    ("scalars", "wrong-sign", (("(o1 - t1)", "(t1 - o1)"), ("(o2 - t2)", "(t2 - o2)"))),
    ("softmax", "wrong-sign", (("p -= self.eta", "p += self.eta"),)),
    ("binary", "wrong-sign", (("new[name] - lr", "new[name] + lr"),)),
    ("square", "wrong-sign", (("+ eta * s", "- eta * s"),)),
    ("rows", "learning-rate-missing", (("lr * ", ""),)),
    ("softmax", "learning-rate-missing", (("self.eta * ", ""),)),
    ("batches", "learning-rate-missing", (("lr * ", ""),)),
    ("columns", "learning-rate-twice", (("alpha = 0.4", "alpha = 0.4 * 0.4"),)),
    ("square", "learning-rate-twice", (("delta = y - out", "delta = eta * (y - out)"),)),
    ("online", "learning-rate-twice", (("eta * np", "eta * eta * np"),)),
    ("rows", "slope-left-out-output", ((" / n * sigmoid_prime(Z2)", " / n"),)),
    ("columns", "slope-left-out-output", (("(a2 - y) * dsig(z2)", "a2 - y"),)),
    ("scalars", "slope-left-out-output", ((" * o1 * (1 - o1)", ""), (" * o2 * (1 - o2)", ""))),
    ("batches", "slope-left-out-output", ((" * a[2] * (1 - a[2])", ""),)),
    ("rows", "slope-left-out-hidden", (("back * tanh_prime(Z1)", "back"),)),
    ("scalars", "slope-left-out-hidden", ((" * h1 * (1 - h1)", ""), (" * h2 * (1 - h2)", ""))),
    ("softmax", "slope-left-out-hidden", ((" * (1 - self.a1**2)", ""),)),
    ("binary", "slope-left-out-hidden", ((" * (1 - a1**2)", ""),)),
    ("folded", "slope-left-out-hidden", ((" * (1 - h**2)", ""),)),
    ("square", "slope-left-out-hidden", ((" * a * (1 - a)", ""),)),
    ("columns", "slope-left-out-everywhere", ((" * dsig(z2)", ""), (" * dsig(z1)", ""))),
    ("online", "slope-left-out-everywhere", ((" * ds(z2)", ""), (" * ds(z1)", ""))),
    ("rows", "slope-at-output", (("sigmoid_prime(Z2)", "sigmoid_prime(A2)"), ("tanh_prime(Z1)", "tanh_prime(A1)"))),
    ("columns", "slope-at-output", (("dsig(z2)", "dsig(a2)"),)),
    ("online", "slope-at-output", (("* ds(z1)", "* ds(s(z1))"),)),
    ("columns", "passed-back-without-slope", (("np.dot(w2.T, delta2)", "np.dot(w2.T, a2 - y)"),)),
    (
        "scalars",
        "passed-back-without-slope",
        (
            (
                "s1, s2 = d_o1 * w5 + d_o2 * w7, d_o1 * w6 + d_o2 * w8",
                "s1, s2 = (o1 - t1) * w5 + (o2 - t2) * w7, (o1 - t1) * w6 + (o2 - t2) * w8",
            ),
        ),
    ),
    ("online", "passed-back-without-slope", (("W2.T @ d2", "W2.T @ err"),)),
    ("rows", "updated-weights-passed-back", (("back = dZ2 @ W2.T", "back = dZ2 @ (W2 - lr * A1.T @ dZ2).T"),)),
    (
        "online",
        "updated-weights-passed-back",
        (
            (
                "        d1 = (W2.T @ d2) * ds(z1)\n        W2 = W2 - eta * np.outer(d2, s(z1))\n",
                "        W2 = W2 - eta * np.outer(d2, s(z1))\n        d1 = (W2.T @ d2) * ds(z1)\n",
            ),
        ),
    ),
    (
        "scalars",
        "updated-weights-passed-back",
        (
            (
                "    s1, s2 =",
                "    w5, w6, w7, w8 = w5 - eta * d_o1 * h1, w6 - eta * d_o1 * h2, w7 - eta * d_o2 * h1, w8 - eta * d_o2 * h2\n    s1, s2 =",
            ),
            (
                "* (1 - h2)\n    w5, w6, w7, w8 = w5 - eta * d_o1 * h1, w6 - eta * d_o1 * h2, w7 - eta * d_o2 * h1, w8 - eta * d_o2 * h2\n",
                "* (1 - h2)\n",
            ),
        ),
    ),
    ("softmax", "softmax-slope-twice", (("(self.p - self.T) / n", "(self.p - self.T) / n * self.p * (1 - self.p)"),)),
    ("square", "softmax-slope-twice", (("delta = y - out", "delta = out * (y - out - (out * (y - out)).sum())"),)),
    ("binary", "softmax-slope-twice", (("d2 = (a2 - y) / len(X)", "d2 = (a2 - y) * a2 * (1 - a2) / len(X)"),)),
    ("rows", "sum-for-mean", ((" / n *", " *"),)),
    ("softmax", "sum-for-mean", (("(self.p - self.T) / n", "self.p - self.T"),)),
    ("square", "sum-for-mean", (("s / n", "s"),)),
    ("line", "sum-for-mean", ((" / 15 for j", " / 3 for j"),)),
    ("columns", "mean-for-sum", (("delta2 = (a2 - y)", "delta2 = (a2 - y) / 4"),)),
    ("batches", "mean-for-sum", (("delta = 2 * error", "delta = 2 / 4 * error"),)),
    ("columns", "factor-2", (("delta2 = (a2 - y)", "delta2 = 2 * (a2 - y)"),)),
    ("scalars", "factor-2", (("(o1 - t1)", "2 * (o1 - t1)"), ("(o2 - t2)", "2 * (o2 - t2)"))),
    ("online", "factor-2", (("0.5 * float((err**2).sum())", "float((err**2).sum())"),)),
    ("rows", "factor-half", (("2 * (A2 - Y)", "(A2 - Y)"),)),
    ("folded", "factor-half", (("2 * (out - Y)", "(out - Y)"),)),
    ("batches", "factor-half", (("2 * error", "error"), ("(error**2)", "0.5 * (error**2)"))),
    ("line", "factor-half", (("sum(2 * (w", "sum((w"),)),
    ("folded", "outputs-sum-for-mean", (("/ Y.size", "/ len(Y)"),)),
    ("line", "outputs-sum-for-mean", ((" / 15 for j", " / 5 for j"),)),
    ("columns", "outputs-mean-for-sum", (("delta2 = (a2 - y)", "delta2 = (a2 - y) / 3"),)),
    (
        "batches",
        "outputs-mean-for-sum",
        (("delta = 2 * error", "delta = 2 / 3 * error"), ("(error**2).sum()", "(error**2).sum() / 3")),
    ),
    ("rows", "bias-never", (("    b1 = b1 - lr * db1\n", ""), ("    b2 = b2 - lr * db2\n", ""))),
    ("line", "bias-never", (("        b[j] = b[j] - rate * vb[j]\n", ""),)),
    ("square", "bias-never", (("c + eta * s / n", "c"),)),
    (
        "columns",
        "bias-half",
        (
            ("np.sum(delta2, axis=1, keepdims=True)", "0.5 * np.sum(delta2, axis=1, keepdims=True)"),
            ("np.sum(delta1, axis=1, keepdims=True)", "0.5 * np.sum(delta1, axis=1, keepdims=True)"),
        ),
    ),
    ("softmax", "bias-half", (("self.d1.sum(0), self.d2.sum(0)", "self.d1.sum(0) / 2, self.d2.sum(0) / 2"),)),
    ("line", "bias-half", (("gb = [sum(2 * (w", "gb = [sum((w"),)),
    (
        "columns",
        "bias-mean",
        (("np.sum(delta2, axis", "np.mean(delta2, axis"), ("np.sum(delta1, axis", "np.mean(delta1, axis")),
    ),
    (
        "batches",
        "bias-mean",
        (
            (
                'db1 = np.einsum("nj,ni->ji", delta, a[1]), delta.sum(axis=0)',
                'db1 = np.einsum("nj,ni->ji", delta, a[1]), delta.mean(axis=0)',
            ),
            (
                'db0 = np.einsum("nj,ni->ji", delta, a[0]), delta.sum(axis=0)',
                'db0 = np.einsum("nj,ni->ji", delta, a[0]), delta.mean(axis=0)',
            ),
        ),
    ),
    (
        "rows",
        "bias-mean",
        (("dZ2.sum(axis=0)", "len(X) * dZ2.sum(axis=0)"), ("dZ1.sum(axis=0)", "len(X) * dZ1.sum(axis=0)")),
    ),
    ("columns", "transposed", (("np.dot(w2.T, delta2)", "np.dot(w2, delta2)"),)),
    ("square", "transposed", (("weights[1].T @ delta", "weights[1] @ delta"),)),
    ("folded", "transposed", (("delta @ second[:, :-1] *", "delta @ second[:, :-1].T *"),)),
    ("binary", "in-place", (("        grad = grads[name]\n", "        grad = loss_and_grads(new)[1][name]\n"),)),
    ("folded", "in-place", (("        g = grads[i]\n", "        g = grads[i] = gradients(*theta)[1][i]\n"),)),
    (
        "rows",
        "previous-gradient",
        (
            ("    dW2 = A1.T", "    pW1, pb1, pW2, pb2 = dW1, db1, dW2, db2\n    dW2 = A1.T"),
            ("lr * dW1", "lr * pW1"),
            ("lr * db1", "lr * pb1"),
            ("lr * dW2", "lr * pW2"),
            ("lr * db2", "lr * pb2"),
        ),
    ),
    (
        "binary",
        "previous-gradient",
        (("        grad = grads[name]\n", "        grad, old[name] = old[name], grads[name]\n"),),
    ),
    (
        "rows",
        "accumulated",
        (
            ("dW2 = A1.T", "dW2 = dW2 + A1.T"),
            ("db2 = dZ2", "db2 = db2 + dZ2"),
            ("dW1 = X.T", "dW1 = dW1 + X.T"),
            ("db1 = dZ1", "db1 = db1 + dZ1"),
        ),
    ),
    (
        "softmax",
        "accumulated",
        (
            (
                "self.grads = [self.d1.T @ self.X, self.d2.T @ self.a1, self.d1.sum(0), self.d2.sum(0)]",
                "self.grads = [o + g for o, g in zip(self.grads, [self.d1.T @ self.X, self.d2.T @ self.a1, self.d1.sum(0), self.d2.sum(0)])]",
            ),
        ),
    ),
    ("softmax", "momentum-eta-inside", (("self.mu * self.v[i] + g", "self.mu * self.v[i] + (1 - self.mu) * g"),)),
    (
        "line",
        "momentum-eta-inside",
        (
            ("mu * vw[j] + gw[j]", "mu * vw[j] + (1 - mu) * gw[j]"),
            ("mu * vb[j] + gb[j]", "mu * vb[j] + (1 - mu) * gb[j]"),
        ),
    ),
    ("folded", "adam-uncorrected", (("m[i] / (1 - beta1**t), v[i] / (1 - beta2**t)", "m[i], v[i]"),)),
    ("binary", "adam-uncorrected", (("m[name] / (1 - B1**t), v[name] / (1 - B2**t)", "m[name], v[name]"),)),
    ("folded", "adam-epsilon-inside", (("(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat + eps)"),)),
    ("binary", "adam-epsilon-inside", (("(np.sqrt(vh) + eps)", "np.sqrt(vh + eps)"),)),
    ("online", "other-order", (("[0, 1, 2, 3]", "[3, 2, 1, 0]"),)),
    ("batches", "other-order", (("list(range(8))", "list(range(8))[::-1]"),)),
    ("line", "unscaled", (("x = [(each - mean) / spread for each in x]\n", ""),)),
    ("batches", "unscaled", (("X = (raw - low) / (high - low)", "X = raw"),)),
    (
        "line",
        "scaled-twice",
        (("for each in x]\nrate", "for each in x]\nx = [(each - mean) / spread for each in x]\nrate"),),
    ),
    (
        "batches",
        "scaled-twice",
        (("X = (raw - low) / (high - low)", "X = ((raw - low) / (high - low) - low) / (high - low)"),),
    ),
    (
        "rows",
        "float32",
        (("g = np.load(sys.argv[1])", "g = {k: a.astype(np.float32) for k, a in np.load(sys.argv[1]).items()}"),),
    ),
    (
        "columns",
        "float32",
        (
            (
                "given = np.load(sys.argv[1])",
                "given = {k: a.astype(np.float32) for k, a in np.load(sys.argv[1]).items()}",
            ),
        ),
    ),
)

PAIRS: tuple[tuple[str, tuple[str, str], tuple[tuple[str, str], ...]], ...] = (
    (
        "columns",
        ("slope-left-out-hidden", "bias-half"),
        (
            (" * dsig(z1)", ""),
            ("np.sum(delta2, axis=1, keepdims=True)", "0.5 * np.sum(delta2, axis=1, keepdims=True)"),
            ("np.sum(delta1, axis=1, keepdims=True)", "0.5 * np.sum(delta1, axis=1, keepdims=True)"),
        ),
    ),
    ("rows", ("slope-left-out-output", "learning-rate-missing"), ((" / n * sigmoid_prime(Z2)", " / n"), ("lr * ", ""))),
)
"""Two mistakes at once."""

PHASE_OF = {
    "slope-left-out-output": "output-delta",
    "slope-left-out-everywhere": "output-delta",
    "slope-left-out-hidden": "backprop",
    "passed-back-without-slope": "backprop",
    "updated-weights-passed-back": "backprop",
    "softmax-slope-twice": "output-delta",
    "other-order": "forward",
    "unscaled": "forward",
    "scaled-twice": "forward",
}
"""The phase in which a mistake shows first, where it is always the same one."""
