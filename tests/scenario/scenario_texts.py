"""Small scenario texts the tests start from."""

HEAD = 'format = 1\ntitle = "t"\nsummary = "s"\n'
UPDATE = "[update]\nlearning_rate = 0.1\n"
FUNCTION = '[function]\nexpression = "x**2"\nstart = { x = 1.0 }\n'
PERCEPTRON = "[perceptron]\nweights = [0.0, 0.0]\n[data]\ninputs = [[0, 0], [1, 1]]\ntargets = [0, 1]\n"
LAYER = '[[network.layers]]\nunits = 1\nactivation = "sigmoid"\nweights = [[0.1, 0.2]]\nbiases = [0.3]\n'
NETWORK = '[network]\nloss = "half-sse"\n' + LAYER
DATA = "[data]\ninputs = [[0, 1], [1, 0]]\ntargets = [0, 1]\n"

A_FUNCTION = HEAD + UPDATE + FUNCTION
A_PERCEPTRON = HEAD + UPDATE + PERCEPTRON
A_NETWORK = HEAD + UPDATE + NETWORK + DATA
