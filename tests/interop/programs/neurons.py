"""Classes of neurons with lists and nested loops, no arrays; inputs standardised by hand; a line of text an update."""

import math
import sys

import numpy as np

task = {name: array.tolist() for name, array in np.load(sys.argv[1]).items()}


class Neuron:
    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias
        self.reset()

    def reset(self):
        self.dweights, self.dbias = [0.0] * len(self.weights), 0.0

    def activate(self, inputs):
        self.inputs = inputs
        self.total = self.bias
        for i in range(len(inputs)):
            self.total += self.weights[i] * inputs[i]
        self.output = 1.0 / (1.0 + math.exp(-self.total))
        return self.output

    def slope(self):
        return self.output * (1.0 - self.output)

    def collect(self):
        for i in range(len(self.inputs)):
            self.dweights[i] += self.delta * self.inputs[i]
        self.dbias += self.delta

    def learn(self, rate):
        for i in range(len(self.weights)):
            self.weights[i] -= rate * self.dweights[i]
        self.bias -= rate * self.dbias


def standardise(table):
    columns = []
    for column in zip(*table):
        mean = sum(column) / len(column)
        deviation = math.sqrt(sum((x - mean) ** 2 for x in column) / len(column))
        columns.append([(x - mean) / deviation for x in column])
    return [list(row) for row in zip(*columns)]


hidden = [Neuron(w, b) for w, b in zip(task["W1"], task["b1"])]
outer = [Neuron(w, b) for w, b in zip(task["W2"], task["b2"])]
samples = list(zip(standardise(task["raw"]), task["Y"]))
rate = 0.35

rows = []
for epoch in range(1, 16):
    for neuron in hidden + outer:
        neuron.reset()
    cost = 0.0
    for x, y in samples:
        outputs = [neuron.activate([other.activate(x) for other in hidden]) for neuron in outer]
        for k in range(len(outer)):
            cost += 0.5 * (outputs[k] - y[k]) ** 2
            outer[k].delta = (outputs[k] - y[k]) * outer[k].slope()
        for j in range(len(hidden)):
            back = 0.0
            for k in range(len(outer)):
                back += outer[k].weights[j] * outer[k].delta
            hidden[j].delta = back * hidden[j].slope()
        for neuron in hidden + outer:
            neuron.collect()
    for neuron in hidden + outer:
        neuron.learn(rate)
    row = {"epoch": epoch, "cost": cost}
    for number, layer in enumerate((hidden, outer), 1):
        for j, neuron in enumerate(layer):
            for i in range(len(neuron.weights)):
                row[f"W{number}[{j}][{i}]"] = neuron.weights[i]
                row[f"dW{number}[{j}][{i}]"] = neuron.dweights[i]
            row[f"b{number}[{j}]"] = neuron.bias
            row[f"db{number}[{j}]"] = neuron.dbias
    rows.append(row)
