"""Formulas in plain ASCII."""

import pytest

from gdsim.explain.numbers import in_ascii


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [
        ("δ²₁ = ∂C/∂a²₁·σ′(z²₁)", "delta^2_1 = dC/da^2_1*sigma'(z^2_1)"),
        ("θ ← θ − ηg", "theta <- theta - eta g"),
        ("1/(1 + e⁻ᶻ)", "1/(1 + e^-z)"),
        ("m̂ = m/(1 − β₁ᵗ)", "m_hat = m/(1 - beta_1^t)"),
        ("update 3 · loss 4 · η 0.01", "update 3 | loss 4 | eta 0.01"),
        ("½·Σⱼ (aⱼ − yⱼ)²", "1/2*sum_j (a_j - y_j)^2"),
        ("devfest ✓ 3", "devfest [ok] 3"),
        ("次の一歩 · 4", "次の一歩 | 4"),
    ],
)
def test_formulas(text, ascii_text):
    """Every letter of a formula has an ASCII spelling; letters of languages stay."""
    assert in_ascii(text) == ascii_text
