"""How it is minimised and shown: [update], [stop], [[expect]], [[compare]], [show] and [[ask]]."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue

from gdsim.engine.rules import OPTION_RANGES, RULES
from gdsim.scenario import limits
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.schema_values import (
    AtMost,
    Count,
    Line,
    Name,
    NotNegative,
    OneOf,
    Positive,
    Prose,
    Section,
    Several,
    is_number,
    is_whole,
)

STOP_REASONS = ("max_updates", "min_change", "min_gradient", "min_loss", "converged", "cycle", "diverged")
OPTIONS = tuple(dict.fromkeys(option for rule in RULES.values() for option in rule.options))
"""Options of all update rules; [update] has a field for each."""

LOCKS = ("learning-rate", "edit", "rule", "seed", "corrected", "what-if")

# Names a scenario may list under [show] charts. A chart that does not fit the model's shape is left out when drawn.
KNOWN_CHARTS = (
    "curve",
    "contour",
    "cross-section",
    "loss",
    "boundary",
    "fit",
    "network",
    "parameters",
    "surface",
    "mistakes",
    "epoch-loss",
    "activations",
    "gradient-column",
    "nudges",
    "slopes",
    "picture",
    "outputs",
    "neurons",
)

_PANELS = ("chart", "loss", "parameters", "equation", "gradient", "change", "network", "lesson")

# Names a scenario may list under [show] hide: panels, columns of the parameter table, and charts.
KNOWN_PANELS = (*_PANELS, *(name for name in KNOWN_CHARTS if name not in _PANELS))

_SHORT = AtMost(limits.LISTED)


def _batch(value: object) -> object:
    if value == "all" or (isinstance(value, int) and is_whole(value) and value > 0):
        return value
    raise RefusedError(found(value), '"all", or a whole number of samples above 0')


def _after(value: object) -> object:
    if value == "stop" or (isinstance(value, int) and is_whole(value) and 0 <= value <= limits.UPDATES):
        return value
    raise RefusedError(found(value), f'a whole number of updates from 0 to {limits.UPDATES}, or "stop"')


def _value(value: object) -> object:
    if value in STOP_REASONS or is_number(value):
        return value
    raise RefusedError(found(value), f"a finite number; for stopped one of {', '.join(STOP_REASONS)}")


def _settings(value: object) -> object:
    if isinstance(value, dict) and value:
        return value
    raise RefusedError(found(value), 'a table of dotted keys, such as { "update.learning_rate" = 0.1 }')


def _option(name: str) -> Any:
    """Return the field of an option that some rules have; which range it has is checked beside the rule."""
    rules = [f"{rule.name} (default {rule.options[name]:g})" for rule in RULES.values() if name in rule.options]
    low, high = OPTION_RANGES.get(name, (None, None))
    bounds: dict[str, JsonValue] = {} if low is None else {"minimum": low, "exclusiveMaximum": high}
    return Field(None, description=f"Option of {' '.join(rules)}", json_schema_extra=bounds)


class UpdateSection(Section):
    """How parameters are changed. Options of the rule stand beside its name."""

    rule: Annotated[str, OneOf(RULES)] | None = Field(
        None, description="How a step is made from the gradient; gradient-descent when absent. A perceptron takes none."
    )
    learning_rate: Positive = Field(description="The step's factor η.", examples=[0.01])
    batch: Annotated[Literal["all"] | Count, BeforeValidator(_batch)] = Field(
        "all", description="Samples an update sees; network only."
    )
    order: Literal["given", "shuffled"] = Field(
        "given", description="The order samples are visited in; shuffled: anew every epoch, from the seed."
    )

    momentum: float | None = _option("momentum")
    epsilon: float | None = _option("epsilon")
    rho: float | None = _option("rho")
    beta1: float | None = _option("beta1")
    beta2: float | None = _option("beta2")

    @property
    def options(self) -> dict[str, float]:
        """Options given for the rule, by name; those absent have the rule's defaults."""
        return {name: value for name in OPTIONS if (value := getattr(self, name)) is not None}


class StopSection(Section):
    """When a run is over; whichever comes first."""

    max_updates: int = Field(1000, gt=0, le=limits.UPDATES, description="Updates at most.")
    min_change: Positive | None = Field(
        None, description="The Euclidean length of the parameter change just made is below this.", examples=[1e-4]
    )
    min_gradient: Positive | None = Field(
        None, description="The Euclidean length of the gradient just used is below this.", examples=[1e-6]
    )
    min_loss: float | None = Field(None, description="The loss after the update is below this.", examples=[0.01])


class ExpectSection(Section):
    """A published figure, checked by `gdsim check`."""

    after: Annotated[Literal["stop"] | Annotated[int, Field(ge=0, le=limits.UPDATES)], BeforeValidator(_after)] = Field(
        description='Updates done, or "stop".', examples=[1, "stop"]
    )
    quantity: Name = Field(
        description="A parameter; or loss, updates, stopped, accuracy, test_accuracy, gradient.NAME, change.NAME, "
        "prediction, prediction[i,j], corrections, or a value of a phase such as z1[0,0].",
        examples=["x", "gradient.x", "W1[0,1]"],
    )
    value: Annotated[int | float | Annotated[str, OneOf(STOP_REASONS)], BeforeValidator(_value)] = Field(
        description="The figure; for stopped the reason.", examples=[3.96]
    )
    tolerance: NotNegative = Field(1e-9, description="How far from the figure the run may be.")
    corrected: bool = Field(False, description="true: holds for the corrected rule instead of the published one.")
    source: Line | None = Field(None, description="Where the figure comes from.")


class CompareSection(Section):
    """A run beside the main one."""

    label: Name = Field(description="What charts call this run.", examples=["η too large"])
    set: Annotated[dict[str, Any], Field(min_length=1), BeforeValidator(_settings)] = Field(
        description="Keys of this file by their dotted paths, with other values.",
        examples=[{"update.learning_rate": 1.05}],
    )


class ShowSection(Section):
    """What the screen shows and allows."""

    charts: Annotated[Several[Annotated[str, OneOf(KNOWN_CHARTS)]], _SHORT] | None = Field(
        None, description="Charts in their order; every chart that fits the model when absent."
    )
    surface: Annotated[Several[Name], Field(min_length=2), AtMost(2)] | None = Field(
        None, description="The two parameters of the loss-surface chart.", examples=[["b", "c"]]
    )
    hide: Annotated[Several[Annotated[str, OneOf(KNOWN_PANELS)]], _SHORT] = Field(
        (), description="What an instructor keeps closed: panels, columns of the parameter table, charts, the lesson."
    )
    lock: Annotated[Several[Annotated[str, OneOf(LOCKS)]], _SHORT] = Field(
        (), description="Keys an instructor disables."
    )


class AskSection(Section):
    """A question put before an update is revealed."""

    before: Annotated[Count, Field(le=limits.UPDATES)] = Field(description="The update it precedes.", examples=[3])
    quantity: Name = Field(description="What is asked for; a quantity as in [[expect]].", examples=["change.x"])
    form: Literal["sign", "larger-or-smaller", "value"] = Field(
        description="How it is answered. sign: whether a change, gradient or delta is above or below 0; of the loss or "
        "a parameter, whether the update raises or lowers it. larger-or-smaller: by size, without its sign, beside the "
        "same quantity of the update before (the loss or a parameter: beside its value before the update). value: a "
        "number."
    )
    tolerance: NotNegative = Field(0.05, description="For value: how far off an answer may be, as a part of the value.")
    question: Prose = Field(description="The question.", examples=["Which way will x move, and why?"])
