"""The names a learner sees for a model's inputs, neurons and parameters, and the meaning of the names typed.

The screen counts from 1. Inputs are x₁; in a network the superscript is the layer and the subscript the unit, z¹₂; the
weight to unit 2 from input 1 is w¹₂₁, with a comma in layers of more than nine units or inputs, w¹₁₂,₃; one bias for a
whole layer is b¹. A model of one neuron names neither layer nor unit: w₁, b, z. In ASCII these are ``x1``, ``z1[2]``,
``w1[2,1]``, ``w1[12,3]``. Names given by a scenario take precedence.

Files, traces and Python count from 0: ``W1[1,0]``, ``b1[1]``, ``w[0]``. In a typed name the capital letter decides:
``W1[1,0]`` and ``B1[1]`` count from 0, ``w1[2,1]`` and ``b1[2]`` from 1.
"""

from __future__ import annotations

import re

from gdsim.engine.formula.typesetting import superscript
from gdsim.engine.parameters import Layout

_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_DIGITS = str.maketrans(_RAISED + _LOWERED, 2 * "0123456789")
_SUBSCRIPTS = str.maketrans("0123456789", _LOWERED)

_WITH_LAYER = re.compile(rf"(\w)([{_RAISED}]+)([{_LOWERED}]+(?:,[{_LOWERED}]+)?)")
_ONE_NUMBER = re.compile(rf"(?<=\w)([{_LOWERED}]+)")
_TYPED = re.compile(r"(?P<letter>[wbWB])(?P<layer>\d*)(?:\[(?P<places>\d+(?:,\d+)?)\])?\Z")
_NEURON = re.compile(r"(?P<letter>δ|delta|z|a)(?P<layer>\d*)(?:\[(?P<unit>\d+)\])?\Z")


def subscript(number: int) -> str:
    """Return a number from 0 on as a subscript."""
    return str(number).translate(_SUBSCRIPTS)


def typeset(name: str) -> str:
    """Return the name of an input or target; its number becomes a subscript if it is like ``x1``: ``x₁``."""
    return name[0] + subscript(int(name[1:])) if re.fullmatch(r"[xy]\d+", name, re.ASCII) else name


def is_one_neuron(layout: Layout) -> bool:
    """Whether the model is a perceptron or a network of one neuron."""
    return layout.names in (("w", "b"), ("W1", "b1")) and layout.shapes[0][:-1] in ((), (1,))


def input_name(given: tuple[str, ...], index: int, count: int, letter: str = "x") -> str:
    """Return the name of input `index` of `count`: the one given, else ``x₁``, or ``x`` if there is only one."""
    if index < len(given):
        return given[index]
    return f"{letter}{subscript(index + 1)}" if count > 1 else letter


def neuron_name(letter: str, layout: Layout, layer: int, unit: int) -> str:
    """Return the name of a quantity of a unit (from 0) of a layer (from 1): ``z²₁``, or ``z`` for an only neuron."""
    return letter if is_one_neuron(layout) else f"{letter}{superscript(layer)}{subscript(unit + 1)}"


def parameter_name(layout: Layout, element: int) -> str:
    """Return the name a learner sees for an element of θ: the scenario's, else ``w¹₂₁`` or ``b¹₂``."""
    block, place = layout.place(element)
    given = layout.labels[element] if layout.labels and block != "w" else ""
    if not place or (given and given != layout.element_name(element)):
        return given or block
    letter, layer = block[0].lower(), block[1:]
    if is_one_neuron(layout):
        return letter + subscript(place[-1] + 1) if letter == "w" and layout.shapes[0][-1] > 1 else letter
    shape = layout.shapes[layout.names.index(f"W{layer}")]
    if letter == "b" and layout.shapes[layout.names.index(block)] != shape[:1]:
        return f"b{superscript(layer)}"
    separator = "," if letter == "w" and max(shape) > 9 else ""
    return letter + superscript(layer) + separator.join(subscript(index + 1) for index in place)


def typed_name(layout: Layout, text: str) -> str:
    """Return the name in files of the parameter that a learner typed in either form; any other text unchanged."""
    plain = re.sub(r"[\s_^]", "", in_ascii(text).translate(_DIGITS))
    for name in (text.strip(), plain):
        if name in layout.labels or name in layout.names:
            return name
    match = _TYPED.match(plain)
    if match is None:
        return text
    letter, layer, places = match["letter"], match["layer"], match["places"]
    if places is None:
        if not is_one_neuron(layout) or letter not in "wb" or layer == "0":
            return text
        return "b1" if letter == "b" else f"W1[0,{int(layer or 1) - 1}]"
    numbers = [int(number) for number in places.split(",")]
    is_from_0 = letter in "WB" or (letter == "b" and 0 in numbers)
    if not layer or (not is_from_0 and 0 in numbers):
        return text
    place = ",".join(str(number - (not is_from_0)) for number in numbers)
    name = f"{'W' if letter in 'wW' else 'b'}{layer}[{place}]"
    return name if name in layout else text


def typed_neuron(layout: Layout, text: str) -> tuple[str, int, int] | None:
    """Return letter, layer (from 1) and unit (from 0) of a name such as ``δ²₁``, ``delta2[1]`` or ``z``, else None."""
    match = _NEURON.match(in_ascii(text.strip()))
    if match is None or bool(match["layer"]) == (is_one_neuron(layout) and match["unit"] is None):
        return None
    layer, unit = int(match["layer"] or 1), int(match["unit"] or 1) - 1
    is_there = f"W{layer}" in layout.names and 0 <= unit < layout.shapes[layout.names.index(f"W{layer}")][0]
    return (match["letter"].replace("δ", "delta"), layer, unit) if is_there else None


def named_elements(layout: Layout, text: str) -> tuple[int, ...]:
    """Return the elements of θ that a name means in files, or else to a learner; none for any other text."""
    name = text if text in layout else typed_name(layout, text)
    return layout.indices(name) if name in layout else ()


def shown_name(layout: Layout, text: str) -> str:
    """Return the name a learner sees for the parameter `text`; any other text unchanged."""
    elements = named_elements(layout, text)
    return parameter_name(layout, elements[0]) if elements else text


def in_ascii(text: str) -> str:
    """Return `text` with its names in ASCII: ``w1[2,1]`` for w¹₂₁, ``x1`` for x₁."""
    return _ONE_NUMBER.sub(lambda match: match[1].translate(_DIGITS), _WITH_LAYER.sub(_bracketed, text))


def _bracketed(match: re.Match[str]) -> str:
    letter, layer, place = (part.translate(_DIGITS) for part in match.groups())
    is_pair = letter == "w" and "," not in place
    return f"{letter}{layer}[{','.join(place) if is_pair else place}]"
