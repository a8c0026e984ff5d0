"""A formula to minimise: its variables are the parameters, its value is the loss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gdsim.engine.formula.expressions import Expression
from gdsim.engine.parameters import Layout, Vector
from gdsim.engine.update import GRADIENT, VALUE, Backward, Forward, Objective, Phase, Samples, Score, Step


@dataclass(frozen=True)
class FunctionModel:
    """A function of its variables, with one derivative per variable: computed, or as its source gives them.

    There are no samples; methods ignore any batch passed in.
    is_in_place: whether each update changes the variables one after another, as a source with an error does.
    """

    expression: Expression
    gradient: tuple[Expression, ...]
    is_in_place: bool = False

    update_equation = None

    @cached_property
    def layout(self) -> Layout:
        """θ is the variables in their order, each a single number."""
        names = self.expression.variables
        return Layout(names, ((),) * len(names))

    def forward(self, theta: Vector, samples: Samples) -> Forward:
        """Return f(θ) as the loss; quantities: ``value``, a single number."""
        value = self.expression.compute(tuple(theta))
        return Forward(float(value), None, {"value": value})

    def backward(self, theta: Vector, forward: Forward, step: Step | None = None) -> Backward:
        """Return the derivative by each variable at θ; in place, each at its own row of ``places`` (size, size)."""
        if self.is_in_place and step is not None:
            gradient, places = np.zeros(len(theta)), [np.array(theta)]
            for i, derivative in enumerate(self.gradient):
                gradient[i] = derivative.compute(tuple(places[i]))
                places.append(np.where(np.arange(len(theta)) == i, step(gradient), places[i]))
            return Backward(gradient, {"places": np.array(places[:-1])})
        at = tuple(theta)
        return Backward(np.array([derivative.compute(at) for derivative in self.gradient]), {})

    def phases(self, forward: Forward, backward: Backward) -> tuple[Phase, ...]:
        """Return the value and the gradient, each with its formula."""
        value_equation, gradient_equation = self._equations
        slopes = {f"gradient.{name}": slope for name, slope in self.layout.views(backward.gradient).items()}
        return (
            Phase(VALUE, None, value_equation, forward.quantities),
            Phase(GRADIENT, None, gradient_equation, slopes),
        )

    def objective(self, theta: Vector, samples: Samples) -> Objective:
        """Return f itself."""
        return lambda other: float(self.expression(*other))

    def score(self, theta: Vector) -> Score:
        """Return f(θ); a function has no accuracy."""
        return Score(float(self.expression(*theta)))

    def in_update(self, number: int) -> FunctionModel:
        """Return the model itself: every update sees the same function."""
        return self

    @property
    def slope_symbols(self) -> tuple[str, ...]:
        """The symbol of each derivative: f′(x) for one variable, ∂f/∂x, ∂f/∂y for several."""
        names = self.expression.variables
        return (f"f′({names[0]})",) if len(names) == 1 else tuple(f"∂f/∂{name}" for name in names)

    @cached_property
    def _equations(self) -> tuple[str, str]:
        """The formulas of value and gradient."""
        value = f"f({', '.join(self.expression.variables)}) = {self.expression.pretty()}"
        slopes = (f"{sign} = {slope.pretty()}" for sign, slope in zip(self.slope_symbols, self.gradient, strict=True))
        return value, "; ".join(slopes)
