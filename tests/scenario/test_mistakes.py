"""Every kind of mistake in a scenario is reported in full: line, path, what was found, what is allowed."""

from __future__ import annotations

import pytest
from scenario_texts import A_FUNCTION, A_NETWORK, A_PERCEPTRON, DATA, FUNCTION, HEAD, LAYER, NETWORK, UPDATE

from gdsim.errors import ScenarioError
from gdsim.scenario.load import load_text
from gdsim.scenario.schema import KNOWN_PANELS


def report(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "s.toml")
    return str(caught.value)


SOFTMAX = NETWORK.replace('"sigmoid"', '"softmax"')
GENERATED = HEAD + UPDATE + NETWORK.replace("[[0.1, 0.2]]", "[[0.1]]")
QUANTITIES = "a parameter (x), gradient. or change. before one, loss, updates, stopped, an array (value)"


def expecting(quantity: str, value: str = "1") -> str:
    return f'{A_FUNCTION}[[expect]]\nafter = 1\nquantity = "{quantity}"\nvalue = {value}\n'


MISTAKES = {
    "no key at all": ("", "s.toml: is empty; a scenario; gdsim new writes one to start from"),
    "not TOML": (HEAD + "a b", "s.toml:4: not valid TOML: expected '=' after a key in a key/value pair (column 3)"),
    "a key twice": (HEAD + 'title = "u"\n', "s.toml:4: not valid TOML: cannot overwrite a value (column 12)"),
    "nested too deeply": ("a = " + "[" * 9999, "s.toml: lists or tables are nested too deeply to be read"),
    "too many parts": ("a." * 9999 + "b = 1", "s.toml:1: a dotted key has too many parts; at most 32"),
    "too many digits": ("a = " + "9" * 9999, "s.toml: a number has too many digits to be read"),
    "no format": (A_FUNCTION.replace("format = 1\n", ""), "s.toml: format: missing; required"),
    "format unknown": (
        A_FUNCTION.replace("= 1\n", "= 2\n", 1),
        "s.toml:1: format: found 2; 1, the format this gdsim reads",
    ),
    "title empty": (A_FUNCTION.replace('"t"', '""'), 's.toml:2: title: found ""; one line of text'),
    "title with escape codes": (
        A_FUNCTION.replace('"t"', '"\\u001b[2J"'),
        's.toml:2: title: found "\\x1b[2J"; one line of text without control characters',
    ),
    "title a number": (A_FUNCTION.replace('"t"', "3"), "s.toml:2: title: found 3; one line of text"),
    "title too long": (
        A_FUNCTION.replace('"t"', f'"{"t" * 201}"'),
        "s.toml:2: title: found 201 characters; at most 200",
    ),
    "unknown key": (
        A_FUNCTION.replace("summary", 'sumary = "s"\nsummary'),
        "s.toml:3: sumary: unknown key; did you mean summary?",
    ),
    "unknown key in a table": (
        A_FUNCTION + "viw = 3\n",
        "s.toml:9: function.viw: unknown key; one of expression, gradient, start, starts, view; did you mean view?",
    ),
    "seed below 0": ("seed = -1\n" + A_FUNCTION, "s.toml:1: seed: found -1; at least 0"),
    "no model": (HEAD + UPDATE, "s.toml: no model; exactly one of function, perceptron, network"),
    "two models": (
        A_FUNCTION + NETWORK,
        "s.toml:9: network: found function and network; exactly one of function, perceptron, network",
    ),
    "no update": (HEAD + FUNCTION, "s.toml: update: missing; required"),
    "no learning rate": (HEAD + "[update]\n" + FUNCTION, "s.toml:4: update.learning_rate: missing; required"),
    "text for a number": (
        A_FUNCTION.replace("0.1", '"0.1"'),
        's.toml:5: update.learning_rate: found "0.1"; a number',
    ),
    "true for a number": (A_FUNCTION.replace("0.1", "true"), "s.toml:5: update.learning_rate: found true; a number"),
    "learning rate 0": (A_FUNCTION.replace("0.1", "0"), "s.toml:5: update.learning_rate: found 0; a number above 0"),
    "learning rate infinite": (
        A_FUNCTION.replace("0.1", "inf"),
        "s.toml:5: update.learning_rate: found inf; a finite number",
    ),
    "learning rate huge": (
        A_FUNCTION.replace("0.1", "1" + "0" * 400),
        "s.toml:5: update.learning_rate: found a whole number of about 398 digits; a number below 1e308",
    ),
    "learning rate a date": (
        A_FUNCTION.replace("0.1", "2024-01-01"),
        "s.toml:5: update.learning_rate: found a date or time; a number",
    ),
    "rule misspelt": (
        A_FUNCTION.replace("0.1\n", '0.1\nrule = "adma"\n'),
        's.toml:6: update.rule: found "adma"; one of gradient-descent, momentum, nesterov, adagrad, rmsprop, adam; '
        "did you mean adam?",
    ),
    "option misspelt": (
        A_FUNCTION.replace("0.1\n", '0.1\nrule = "adam"\nbeta3 = 0.9\n'),
        "s.toml:7: update.beta3: unknown key; one of rule, learning_rate, batch, order, momentum, epsilon, rho, beta1, "
        "beta2; did you mean beta2?",
    ),
    "option of another rule": (
        A_FUNCTION.replace("0.1\n", '0.1\nrule = "adam"\nmomentum = 0.9\n'),
        "s.toml:7: update.momentum: an option of another rule; adam takes beta1, beta2, epsilon; "
        "it belongs to momentum, nesterov",
    ),
    "option out of range": (
        A_FUNCTION.replace("0.1\n", '0.1\nrule = "momentum"\nmomentum = 1\n'),
        "s.toml:7: update.momentum: found 1.0; at least 0, below 1",
    ),
    "batch of a function": (
        A_FUNCTION.replace("0.1\n", "0.1\nbatch = 2\n"),
        "s.toml:6: update.batch: found beside function; batches are for a network",
    ),
    "batch in words": (
        A_NETWORK.replace("0.1\n", '0.1\nbatch = "some"\n', 1),
        's.toml:6: update.batch: found "some"; "all", or a whole number of samples above 0',
    ),
    "batch larger than the data": (
        A_NETWORK.replace("0.1\n", "0.1\nbatch = 3\n", 1),
        's.toml:6: update.batch: found 3; at most 2 samples, or "all"',
    ),
    "order of a function": (
        A_FUNCTION.replace("0.1\n", '0.1\norder = "shuffled"\n'),
        's.toml:6: update.order: found "shuffled"; no order: a function has no samples',
    ),
    "too many updates": (
        A_FUNCTION + "[stop]\nmax_updates = 10000001\n",
        "s.toml:10: stop.max_updates: found 10000001; at most 10000000",
    ),
    "updates not whole": (
        A_FUNCTION + "[stop]\nmax_updates = 2.0\n",
        "s.toml:10: stop.max_updates: found 2.0; a whole number",
    ),
    "no updates": (
        A_FUNCTION + "[stop]\nmax_updates = 0\n",
        "s.toml:10: stop.max_updates: found 0; a whole number above 0",
    ),
    "expression": (
        A_FUNCTION.replace("x**2", "x^2"),
        "s.toml:7: function.expression: ^ is not known here; write **\nx^2\n ^",
    ),
    "expression that would run code": (
        A_FUNCTION.replace("x**2", "__import__('os')"),
        "s.toml:7: function.expression: ' has no place in an expression\n__import__('os')\n           ^",
    ),
    "expression too long": (
        A_FUNCTION.replace("x**2", "+".join("x" * 251)),
        "s.toml:7: function.expression: an expression has at most 500 characters, this one has 501\n…"
        + "+".join("x" * 31)
        + "\n"
        + " " * 61
        + "^",
    ),
    "no variables": (
        A_FUNCTION.replace("{ x = 1.0 }", "{}").replace("x**2", "1"),
        "s.toml:8: function.start: found 0 variables; 1 to 8",
    ),
    "variable that is a function": (
        A_FUNCTION.replace("{ x =", "{ sin ="),
        's.toml:8: function.start.sin: "sin" already means something in expressions; another name',
    ),
    "variable that is a constant": (
        A_FUNCTION.replace("{ x =", "{ pi ="),
        's.toml:8: function.start.pi: "pi" already means something in expressions; another name',
    ),
    "variable that is a quantity": (
        A_FUNCTION.replace("{ x =", "{ loss ="),
        's.toml:8: function.start.loss: "loss" is a word with a meaning of its own; another name',
    ),
    "variable that is no name": (
        A_FUNCTION.replace("{ x =", '{ "x y" ='),
        's.toml:8: function.start."x y": "x y" cannot be a variable; a letter, then letters, digits or _',
    ),
    "gradient of other variables": (
        A_FUNCTION + 'gradient = { y = "1" }\n',
        "s.toml:9: function.gradient.y: no such variable; one of x\n"
        "s.toml:9: function.gradient: missing x; one entry a variable",
    ),
    "further start of other variables": (
        A_FUNCTION + "starts = [{ x = 1, y = 2 }]\n",
        "s.toml:9: function.starts.0.y: no such variable; one of x",
    ),
    "view upside down": (
        A_FUNCTION + "view = { x = [2, 1] }\n",
        "s.toml:9: function.view.x: found a list of 2; [low, high], two numbers with low below high",
    ),
    "view of another variable": (
        A_FUNCTION + "view = { z = [1, 2] }\n",
        "s.toml:9: function.view.z: no such variable; one of x",
    ),
    "data beside a function": (
        A_FUNCTION + DATA,
        "s.toml:9: data: found beside function; no data: a function has none",
    ),
    "slips beside a function": (
        A_FUNCTION + '[as_published]\nnote = "n"\n',
        "s.toml:9: as_published: found beside function; a network or perceptron, whose update it changes",
    ),
    "slope of softmax": (
        HEAD
        + UPDATE
        + SOFTMAX.replace("half-sse", "categorical-cross-entropy")
        + DATA.replace("[0, 1]\n", "[1, 1]\n")
        + '[as_published]\nslope_at = "output"\n',
        "s.toml:17: as_published.slope_at: softmax has no slope; another activation in the last layer",
    ),
    "sizes compared with no update before": (
        A_FUNCTION
        + '[[ask]]\nbefore = 1\nquantity = "change.x"\nform = "larger-or-smaller"\nquestion = "q"\n'
        + '[[ask]]\nbefore = 1\nquantity = "loss"\nform = "larger-or-smaller"\nquestion = "q"\n',
        "s.toml:10: ask.0.before: found 1; 2 or more: there is no update before to compare with",
    ),
    "no slope to leave out": (
        A_NETWORK.replace("half-sse", "binary-cross-entropy") + '[as_published]\nslope_left_out = "output"\n',
        "s.toml:17: as_published.slope_left_out: with binary-cross-entropy there is no slope to leave out; "
        "hidden, or another loss",
    ),
    "no layer to send errors back to": (
        A_NETWORK + '[as_published]\nbackprop_with = "updated-weights"\n',
        "s.toml:17: as_published.backprop_with: found with one layer; a network of two layers or more",
    ),
    "slope both left out and at the output": (
        A_NETWORK + '[as_published]\nslope_left_out = "output"\nslope_at = "output"\n',
        "s.toml:18: as_published.slope_at: found beside slope_left_out; one of the two for the last layer",
    ),
    "a perceptron's slip in a network": (
        A_NETWORK + "[as_published]\ntie_tolerance = 0.1\n",
        "s.toml:17: as_published.tie_tolerance: found beside network; a slip that such a model can have",
    ),
    "a network's slip in a perceptron": (
        A_PERCEPTRON + "[as_published]\ntie_tolerance = 0.1\nbias_gradient_factor = 0.5\n",
        "s.toml:13: as_published.bias_gradient_factor: found beside perceptron; a slip that such a model can have",
    ),
    "a perceptron's slip that changes nothing": (
        A_PERCEPTRON + "[as_published]\ntie_tolerance = 0.0\n",
        "s.toml:12: as_published.tie_tolerance: found 0.0; another than perceptron has",
    ),
    "perceptron with a rule": (
        A_PERCEPTRON.replace("0.1\n", '0.1\nrule = "adam"\n'),
        's.toml:6: update.rule: found "adam"; no rule: a perceptron has its own',
    ),
    "perceptron with too few weights": (
        A_PERCEPTRON.replace("[0.0, 0.0]", "[0.0]"),
        "s.toml:7: perceptron.weights: found 1 weight; 2, one an input",
    ),
    "perceptron with a target of 2": (
        A_PERCEPTRON.replace("targets = [0, 1]", "targets = [0, 2]"),
        "s.toml:10: data.targets: found 2 as a target; 0 or 1, for a perceptron",
    ),
    "perceptron with two targets a sample": (
        A_PERCEPTRON.replace("targets = [0, 1]", "targets = [[0, 1], [1, 0]]"),
        "s.toml:10: data.targets: found 2 columns; one, for a perceptron",
    ),
    "tie": (
        A_PERCEPTRON.replace("[data]", "tie = 2\n[data]"),
        "s.toml:8: perceptron.tie: found 2; at most 1",
    ),
    "activation misspelt": (
        A_NETWORK.replace("sigmoid", "sigmod"),
        's.toml:10: network.layers.0.activation: found "sigmod"; one of identity, sigmoid, tanh, relu, softmax; '
        "did you mean sigmoid?",
    ),
    "loss unknown": (
        A_NETWORK.replace('"half-sse"', '"huber"'),
        's.toml:7: network.loss: found "huber"; one of sse, half-sse, mse, half-mse, sum-mse, binary-cross-entropy, '
        "categorical-cross-entropy",
    ),
    "a billion units": (
        A_NETWORK.replace("units = 1", "units = 1000000000"),
        "s.toml:9: network.layers.0.units: found 1000000000; at most 4096",
    ),
    "no layers": (
        HEAD + UPDATE + '[network]\nloss = "mse"\nlayers = []\n' + DATA,
        "s.toml:8: network.layers: found an empty list; at least 1",
    ),
    "17 layers": (
        HEAD + UPDATE + NETWORK + LAYER * 16 + DATA,
        "s.toml:8: network.layers: found a list of 17; at most 16",
    ),
    "weights of another shape": (
        A_NETWORK.replace("[[0.1, 0.2]]", "[[0.1], [0.2]]"),
        "s.toml:11: network.layers.0.weights: found 2 × 1 weights; 1 × 2, units × inputs",
    ),
    "weights ragged": (
        A_NETWORK.replace("[[0.1, 0.2]]", "[[0.1], [0.2, 0.3]]"),
        "s.toml:11: network.layers.0.weights: row 1 has 2 numbers; row 0 has 1; at least 1",
    ),
    "weights not numbers": (
        A_NETWORK.replace("[[0.1, 0.2]]", "[[0.1, true]]"),
        "s.toml:11: network.layers.0.weights: row 0: found true at position 1; finite numbers",
    ),
    "biases of another shape": (
        A_NETWORK.replace("[0.3]", "[0.3, 0.4]"),
        "s.toml:12: network.layers.0.biases: found 2 biases; 1, one a unit",
    ),
    "second layer does not fit the first": (
        HEAD + UPDATE + NETWORK + LAYER + DATA,
        "s.toml:16: network.layers.1.weights: found 1 × 2 weights; 1 × 1, units × inputs",
    ),
    "neither weights nor init": (
        A_NETWORK.replace("biases = [0.3]\n", ""),
        "s.toml:8: network.layers.0: missing biases; weights and biases, or init",
    ),
    "weights and init": (
        A_NETWORK.replace("biases = [0.3]\n", 'init = { method = "he" }\n'),
        "s.toml:11: network.layers.0.weights: found beside init; either weights and biases, or init",
    ),
    "init method": (
        A_NETWORK.replace("biases = [0.3]\n", 'init = { method = "ze" }\n'),
        's.toml:12: network.layers.0.init.method: found "ze"; one of normal, uniform, xavier, he, zeros',
    ),
    "names of another shape": (
        A_NETWORK.replace("biases = [0.3]\n", 'biases = [0.3]\nweight_names = [["a"]]\n'),
        "s.toml:13: network.layers.0.weight_names: found 1 × 1 names; 1 × 2, units × inputs",
    ),
    "name with a meaning": (
        A_NETWORK.replace("biases = [0.3]\n", 'biases = [0.3]\nbias_names = ["loss"]\n'),
        's.toml:13: network.layers.0.bias_names: "loss" is a word with a meaning of its own; another name',
    ),
    "softmax before the last layer": (
        (HEAD + UPDATE + SOFTMAX + LAYER + DATA)
        .replace('half-sse"', 'mse"')
        .replace("weights = [[0.1, 0.2]]\n", "", 1),
        "s.toml:8: network.layers.0: missing weights; weights and biases, or init\n"
        "s.toml:10: network.layers.0.activation: softmax before the last layer; softmax in the last layer only\n"
        "s.toml:15: network.layers.1.weights: found 1 × 2 weights; 1 × 1, units × inputs",
    ),
    "softmax with another loss": (
        HEAD + UPDATE + SOFTMAX + DATA,
        's.toml:10: network.layers.0.activation: found "softmax"; softmax needs the loss categorical-cross-entropy, '
        "not half-sse",
    ),
    "cross-entropy without sigmoid": (
        A_NETWORK.replace("half-sse", "binary-cross-entropy").replace("sigmoid", "tanh"),
        's.toml:10: network.layers.0.activation: found "tanh"; binary-cross-entropy needs sigmoid in the last layer',
    ),
    "cross-entropy with a target of 3": (
        A_NETWORK.replace("half-sse", "binary-cross-entropy").replace("targets = [0, 1]", "targets = [0, 3]"),
        "s.toml:15: data.targets: found 3 as a target; 0 to 1, for binary-cross-entropy",
    ),
    "no data": (HEAD + UPDATE + NETWORK, "s.toml: data: missing; a network learns from data"),
    "two sources": (
        A_NETWORK + 'dataset = "xor"\n',
        "s.toml:13: data: found dataset, inputs together; "
        "exactly one source: inputs and targets, file, dataset, images and labels, or generate",
    ),
    "no source": (
        HEAD + UPDATE + NETWORK + "[data]\ntest_fraction = 0.5\n",
        "s.toml:13: data: no samples; "
        "exactly one source: inputs and targets, file, dataset, images and labels, or generate",
    ),
    "inputs without targets": (
        HEAD + UPDATE + NETWORK + "[data]\ninputs = [[1, 2]]\n",
        "s.toml:13: data.targets: missing; inputs needs it",
    ),
    "fewer targets than inputs": (
        A_NETWORK.replace("targets = [0, 1]", "targets = [0]"),
        "s.toml:15: data.targets: found 1 target; 2 samples of inputs",
    ),
    "options beside inputs": (
        A_NETWORK + "options = { samples = 3 }\n",
        "s.toml:16: data.options: has no place beside inputs; it takes inputs, targets",
    ),
    "column names without a file": (
        A_NETWORK.replace("[[0, 1], [1, 0]]", '["a", "b"]'),
        "s.toml:14: data.inputs: found names of columns without a file; numbers, or file beside them",
    ),
    "data set misspelt": (
        HEAD + UPDATE + NETWORK + '[data]\ndataset = "moon"\n',
        's.toml:14: data.dataset: found "moon"; one of digits, xor, and, or, moons, circles, spiral; '
        "did you mean moons?",
    ),
    "noise where none is taken": (
        HEAD + UPDATE + NETWORK + '[data]\ndataset = "digits"\noptions = { noise = 0.5 }\n',
        "s.toml:15: data.options: found noise 0.5; digits takes none",
    ),
    "more digits than there are": (
        HEAD + UPDATE + NETWORK + '[data]\ndataset = "digits"\noptions = { samples = 1798 }\n',
        "s.toml:15: data.options: found 1798 samples; digits has 1797",
    ),
    "classes that do not fit": (
        HEAD + UPDATE + NETWORK + '[data]\ndataset = "digits"\n',
        "s.toml:13: data: 10 classes of samples, but 1 output; an output layer of 10 units",
    ),
    "a trillion samples": (
        GENERATED + '[data]\ngenerate = { samples = 1000000000000, x = "normal", target = "x" }\n',
        "s.toml:14: data.generate.samples: found 1000000000000; at most 1000000",
    ),
    "generated from nowhere": (
        GENERATED + '[data]\ngenerate = { samples = 5, x = "uniform", target = "x" }\n',
        's.toml:14: data.generate.x: found "uniform"; "normal", or [low, high] with low below high',
    ),
    "generated target of y": (
        GENERATED + '[data]\ngenerate = { samples = 5, x = "normal", target = "y" }\n',
        "s.toml:14: data.generate.target: unknown name y; the variables are x\ny\n^",
    ),
    "generated target not finite": (
        GENERATED + '[data]\ngenerate = { samples = 5, x = [0, 1], target = "1/(x - x)" }\n',
        's.toml:14: data.generate.target: "1/(x - x)" is inf for sample 0; finite numbers',
    ),
    "too much to compute": (
        GENERATED + f'[data]\ngenerate = {{ samples = 1000000, x = [0, 1], target = "{"+".join("x" * 30)}" }}\n',
        "s.toml:14: data.generate.target: 1000000 samples × 59 characters of expressions; "
        "their product is at most 50000000",
    ),
    "feature of unknown inputs": (
        A_NETWORK + 'features = ["x1", "x3"]\n',
        "s.toml:16: data.features.1: unknown name x3; the variables are x1, x2\nx3\n^",
    ),
    "feature of a name with spaces": (
        A_NETWORK + 'input_names = ["a b", "c"]\nfeatures = ["c"]\n',
        's.toml:17: data.features: input "a b" cannot stand in an expression; give inputs plain names with input_names',
    ),
    "too few names": (
        A_NETWORK + 'input_names = ["a"]\n',
        "s.toml:16: data.input_names: found 1 name; 2, one a column",
    ),
    "scaled classes": (
        A_NETWORK.replace("[[0, 1], [1, 0]]\ntargets = [0, 1]", '"x"').replace('inputs = "x"', 'dataset = "xor"')
        + 'scale = { targets = "min-max" }\n',
        's.toml:15: data.scale.targets: found "min-max"; none, for targets that are classes',
    ),
    "scaling misspelt": (
        A_NETWORK + 'scale = { inputs = "minmax" }\n',
        's.toml:16: data.scale.inputs: found "minmax"; one of none, min-max, standard; did you mean min-max?',
    ),
    "everything held out": (
        A_NETWORK + "test_fraction = 0.9\n",
        "s.toml:16: data.test_fraction: all 2 samples are held out; a smaller part",
    ),
    "more than held out": (A_NETWORK + "test_fraction = 1\n", "s.toml:16: data.test_fraction: found 1; below 1"),
    "target columns": (
        A_NETWORK.replace("targets = [0, 1]", "targets = [[0, 1], [1, 0]]"),
        "s.toml:13: data: found 2 targets a sample; 1, one a unit of the last layer",
    ),
    "quantity unknown": (
        expecting("lossy"),
        f's.toml:11: expect.0.quantity: found "lossy"; {QUANTITIES}; did you mean loss?',
    ),
    "quantity of an unknown parameter": (
        expecting("gradient.y"),
        f's.toml:11: expect.0.quantity: found "gradient.y"; {QUANTITIES}',
    ),
    "quantity another model has": (
        expecting("corrections"),
        's.toml:11: expect.0.quantity: found "corrections"; this scenario has loss, updates, stopped',
    ),
    "reason unknown": (
        expecting("stopped", '"done"'),
        's.toml:12: expect.0.value: found "done"; a finite number; for stopped one of max_updates, min_change, '
        "min_gradient, min_loss, converged, cycle, diverged",
    ),
    "reason for a number": (
        expecting("x", '"cycle"'),
        's.toml:12: expect.0.value: found "cycle"; a number',
    ),
    "number for a reason": (
        expecting("stopped"),
        "s.toml:12: expect.0.value: found 1; the reason in words, for stopped",
    ),
    "corrected without a slip": (
        expecting("x") + "corrected = true\n",
        "s.toml:13: expect.0.corrected: found without as_published; only where a source's error is corrected",
    ),
    "after a word": (
        expecting("x").replace("after = 1", 'after = "end"'),
        's.toml:10: expect.0.after: found "end"; a whole number of updates from 0 to 10000000, or "stop"',
    ),
    "position out of range": (
        A_NETWORK + '[[expect]]\nafter = 1\nquantity = "a1[2,0]"\nvalue = 1\n',
        's.toml:18: expect.0.quantity: found "a1[2,0]"; a1 is 2 × 1, positions from 0',
    ),
    "position missing": (
        A_NETWORK + '[[expect]]\nafter = 1\nquantity = "prediction"\nvalue = 1\n',
        's.toml:18: expect.0.quantity: found no position in "prediction"; '
        "prediction is 2 × 1: one number of it, such as prediction[0,0]",
    ),
    "a name of several parameters": (
        A_NETWORK.replace("biases = [0.3]", 'biases = [0.3]\nweight_names = [["w", "w"]]')
        + '[[expect]]\nafter = 1\nquantity = "w"\nvalue = 1\n',
        's.toml:19: expect.0.quantity: found "w", which names 2 parameters; one of them, such as W1[0,0]',
    ),
    "compared setting unknown": (
        A_FUNCTION + '[[compare]]\nlabel = "a"\nset = { "update.learning_rat" = 1 }\n',
        's.toml:11: compare.0.set."update.learning_rat": unknown key; one of rule, learning_rate, batch, order, '
        "momentum, epsilon, rho, beta1, beta2; did you mean learning_rate?",
    ),
    "compared setting refused": (
        A_FUNCTION + '[[compare]]\nlabel = "a"\nset = { "update.learning_rate" = -1 }\n',
        's.toml:11: compare.0.set."update.learning_rate": found -1; a number above 0',
    ),
    "compared setting that breaks another": (
        A_NETWORK + '[[compare]]\nlabel = "a"\nset = { "network.layers.0.units" = 2 }\n',
        "s.toml:18: compare.0.set: network.layers.0.weights: found 1 × 2 weights; 2 × 2, units × inputs\n"
        "s.toml:18: compare.0.set: network.layers.0.biases: found 1 biases; 2, one a unit",
    ),
    "compared setting of figures": (
        A_FUNCTION + '[[compare]]\nlabel = "a"\nset = { "expect.0.value" = 2 }\n',
        's.toml:11: compare.0.set."expect.0.value": cannot differ between compared runs; '
        "keys of the model, data, update, stop, seed",
    ),
    "compared setting beyond a list": (
        A_NETWORK + '[[compare]]\nlabel = "a"\nset = { "network.layers.1.units" = 2 }\n',
        's.toml:18: compare.0.set."network.layers.1.units": network.layers is a list of 1; found 1; '
        "a position from 0 to 0",
    ),
    "17 compared runs": (
        A_FUNCTION + '[[compare]]\nlabel = "a"\nset = { seed = 2 }\n' * 17,
        "s.toml:9: compare: found a list of 17; at most 16",
    ),
    "chart unknown": (
        A_FUNCTION + '[show]\ncharts = ["curv"]\n',
        's.toml:10: show.charts.0: found "curv"; one of curve, contour, cross-section, loss, boundary, fit, network, '
        "parameters, surface, mistakes, epoch-loss, activations, gradient-column, nudges, slopes, picture, outputs, "
        "neurons; "
        "did you mean curve?",
    ),
    "lock unknown": (
        A_FUNCTION + '[show]\nlock = ["rate"]\n',
        's.toml:10: show.lock.0: found "rate"; one of learning-rate, edit, rule, seed, corrected, what-if',
    ),
    "panel unknown": (
        A_FUNCTION + '[show]\nhide = ["gradients"]\n',
        f's.toml:10: show.hide.0: found "gradients"; one of {", ".join(KNOWN_PANELS)}; did you mean gradient?',
    ),
    "surface of one parameter": (
        A_FUNCTION + '[show]\nsurface = ["x"]\n',
        "s.toml:10: show.surface: found a list of 1; at least 2",
    ),
    "surface of an unknown parameter": (
        A_FUNCTION + '[show]\nsurface = ["x", "y"]\n',
        's.toml:10: show.surface.1: found "y"; a parameter, such as x',
    ),
    "question in an unknown form": (
        A_FUNCTION + '[[ask]]\nbefore = 1\nquantity = "x"\nform = "guess"\nquestion = "?"\n',
        's.toml:12: ask.0.form: found "guess"; one of sign, larger-or-smaller, value',
    ),
    "question about an unknown quantity": (
        A_FUNCTION + '[[ask]]\nbefore = 1\nquantity = "change.w"\nform = "sign"\nquestion = "?"\n',
        f's.toml:11: ask.0.quantity: found "change.w"; {QUANTITIES}',
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_says_where_what_and_what_is_allowed(name: str) -> None:
    """A mistake is reported with file, line, key path, the value found, what is allowed and a near spelling."""
    text, message = MISTAKES[name]
    assert report(text) == with_lines(message, text)


def with_lines(message: str, text: str) -> str:
    """Return a message with each line of the file it names under the last mistake in that line.

    A mistake in a formula already shows the formula.
    """
    shown, messages = [], message.splitlines()
    for this, following in zip(messages, [*messages[1:], ""], strict=True):
        place = this.removeprefix("s.toml:").split(":")[0]
        shown.append(this)
        if place.isdigit() and (not following or following.startswith("s.toml:")) and f":{place}:" not in following:
            line = text.split("\n")[int(place) - 1]
            shown += [f"  {place} | {line if len(line) <= 100 else line[:99] + '…'}"] if line else []
    return "\n".join(shown)


def test_shows_the_line_of_the_file() -> None:
    """Under a mistake stands the line it is in, as the file has it; two mistakes in one line share it."""
    text = A_FUNCTION.replace("0.1\n", '"0.1" # a\trate\n')
    assert report(text) == (
        's.toml:5: update.learning_rate: found "0.1"; a number\n  5 | learning_rate = "0.1" # a rate'
    )
    text = A_FUNCTION + '[[compare]]\nlabel = "a"\nset = { "update.rat" = 1, "stop.max" = 1 }\n'
    assert report(text).splitlines()[-1] == '  11 | set = { "update.rat" = 1, "stop.max" = 1 }'
    assert len(report(text).splitlines()) == 3


def test_a_line_is_shown_safely() -> None:
    """No line of a file writes to the terminal what the terminal would obey, nor fills it."""
    assert report(A_FUNCTION + "a\x1b[2J").splitlines()[1:] == ["  9 | a\\x1b[2J"]
    assert len(report(A_FUNCTION + "a" * 5000).splitlines()[1]) <= 110


def test_names_all_mistakes_at_once_in_the_order_of_the_file() -> None:
    """One reading finds the mistakes of all sections, those of types and those of what must fit together."""
    text = (
        'format = 1\ntitle = ""\nsummary = "s"\n[update]\nlearning_rate = -1\n'
        + A_NETWORK.removeprefix(HEAD + UPDATE)
        .replace("[0.3]", "[0.3, 0.4]")
        .replace("targets = [0, 1]", "targets = [0]")
        + '[stop]\nmax_updates = 0\n[[expect]]\nafter = -1\nquantity = "x"\nvalue = 1\n'
    )
    assert [line.split(":")[1] for line in report(text).splitlines() if line.startswith("s.toml")] == [
        "2",
        "5",
        "12",
        "15",
        "17",
        "19",
    ]


def test_counts_what_it_leaves_out() -> None:
    """A file with very many mistakes gives a report one can read."""
    lines = report(A_FUNCTION + "".join(f"key{i} = 1\n" for i in range(100))).splitlines()
    assert len(lines) == 50 + 50 + 1
    assert lines[-1] == "s.toml: and 50 more mistakes"
