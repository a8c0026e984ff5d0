"""Activations at one z, in numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.engine.activations import ACTIVATIONS, sigmoid, tanh
from gdsim.explain.pages import activation_page

THREE = [ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu")]


def values(z):
    return {line.symbol: line.value for line in activation_page(THREE, z).lines}


def test_values_and_slopes_at_one():
    """σ(1) = 0.731059 and σ′(1) = 0.196612, tanh(1) = 0.761594 and tanh′(1) = 0.419974 (tables)."""
    found = values(1.0)
    assert float(found["σ(z)"]) == pytest.approx(0.731059)
    assert float(found["σ′(z)"]) == pytest.approx(0.196612)
    assert float(found["tanh′(z)"]) == pytest.approx(0.419974)
    assert (found["relu(z)"], found["relu′(z)"]) == ("1", "1")


def test_the_identity_is_shown_with_its_numbers():
    """tanh(1) = 2σ(2) − 1 = 2·0.880797 − 1 = 0.761594."""
    identity = next(line for line in activation_page(THREE, 1.0).lines if line.symbol.startswith("2·σ"))
    assert identity.substituted == "2·0.880797 − 1"
    assert identity.value == values(1.0)["tanh(z)"] == "0.761594"


@given(st.floats(-50, 50))
def test_the_identity_holds(z):
    """tanh(z) = 2σ(2z) − 1 to 1e-12, with Python's own tanh as the judge."""
    assert abs(2 * float(sigmoid(2 * z)) - 1 - math.tanh(z)) < 1e-12
    assert abs(float(tanh(z)) - math.tanh(z)) < 1e-12


def test_saturation_is_named():
    """At 0 nothing is flat but ReLU, which is 0 left of its kink; at 6 the two bent curves are."""
    assert activation_page(THREE, 6.0).sentence.endswith("learnt: sigmoid, tanh.")
    assert activation_page(THREE[:2], 0.0).sentence.startswith("Every curve is steep")
