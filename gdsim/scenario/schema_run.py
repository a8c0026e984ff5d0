"""How it is minimised and shown: [update], [stop], [[expect]], [[compare]], [show] and [[ask]]."""

from typing import Annotated, Any

from gdsim.engine.rules import RULES
from gdsim.scenario import limits
from gdsim.scenario.fields import (
    AtMost,
    Checked,
    Count,
    Line,
    Name,
    NotNegative,
    Positive,
    Prose,
    Several,
    Within,
    is_number,
    named,
)
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.table import Table, entry

ORDERS = ("given", "shuffled")
STOP_REASONS = ("max_updates", "min_change", "min_gradient", "min_loss", "converged", "cycle", "diverged")
ASK_FORMS = ("sign", "larger-or-smaller", "value")
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
    if value == "all" or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    raise RefusedError(found(value), '"all", or a whole number of samples above 0')


def _after(value: object) -> object:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if value == "stop" or (is_whole and isinstance(value, int) and 0 <= value <= limits.UPDATES):
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


class UpdateSection(Table, others=float):
    """How parameters are changed. Options of the rule stand beside its name."""

    rule: Annotated[str, named(RULES)] | None = entry(
        None, description="How a step is made from the gradient; gradient-descent when absent. A perceptron takes none."
    )
    learning_rate: Positive = entry(description="The step's factor η.", examples=[0.01])
    batch: Annotated[
        str | int,
        Checked(_batch, {"anyOf": [{"const": "all"}, {"type": "integer", "minimum": 1}]}),
    ] = entry("all", description="Samples an update sees; network only.")
    order: Annotated[str, named(ORDERS)] = entry(
        "given", description="The order samples are visited in; shuffled: anew every epoch, from the seed."
    )

    @property
    def options(self) -> dict[str, float]:
        """Options given for the rule, by name; those absent have the rule's defaults."""
        return self.__pydantic_extra__ or {}


class StopSection(Table):
    """When a run is over; whichever comes first."""

    max_updates: Annotated[int, Within(gt=0, le=limits.UPDATES)] = entry(1000, description="Updates at most.")
    min_change: Positive | None = entry(
        None, description="The Euclidean length of the parameter change just made is below this.", examples=[1e-4]
    )
    min_gradient: Positive | None = entry(
        None, description="The Euclidean length of the gradient just used is below this.", examples=[1e-6]
    )
    min_loss: float | None = entry(None, description="The loss after the update is below this.", examples=[0.01])


class ExpectSection(Table):
    """A published figure, checked by `gdsim check`."""

    after: Annotated[int | str, Checked(_after, {"anyOf": [{"const": "stop"}, {"type": "integer", "minimum": 0}]})] = (
        entry(description='Updates done, or "stop".', examples=[1, "stop"])
    )
    quantity: Name = entry(
        description="A parameter; or loss, updates, stopped, accuracy, test_accuracy, gradient.NAME, change.NAME, "
        "prediction, prediction[i,j], corrections, or a value of a phase such as z1[0,0].",
        examples=["x", "gradient.x", "W1[0,1]"],
    )
    value: Annotated[float | str, Checked(_value, {"anyOf": [{"type": "number"}, {"enum": list(STOP_REASONS)}]})] = (
        entry(description="The figure; for stopped the reason.", examples=[3.96])
    )
    tolerance: NotNegative = entry(1e-9, description="How far from the figure the run may be.")
    corrected: bool = entry(False, description="true: holds for the corrected rule instead of the published one.")
    source: Line | None = entry(None, description="Where the figure comes from.")


class CompareSection(Table):
    """A run beside the main one."""

    label: Name = entry(description="What charts call this run.", examples=["η too large"])
    set: Annotated[dict[str, Any], Checked(_settings, {"type": "object", "minProperties": 1})] = entry(
        description="Keys of this file by their dotted paths, with other values.",
        examples=[{"update.learning_rate": 1.05}],
    )


class ShowSection(Table):
    """What the screen shows and allows."""

    charts: Annotated[Several[Annotated[str, named(KNOWN_CHARTS)]], _SHORT] | None = entry(
        None, description="Charts in their order; every chart that fits the model when absent."
    )
    surface: Annotated[Several[Name], Within(min_length=2), AtMost(2)] | None = entry(
        None, description="The two parameters of the loss-surface chart.", examples=[["b", "c"]]
    )
    hide: Annotated[Several[Annotated[str, named(KNOWN_PANELS)]], _SHORT] = entry(
        (), description="What an instructor keeps closed: panels, columns of the parameter table, charts, the lesson."
    )
    lock: Annotated[Several[Annotated[str, named(LOCKS)]], _SHORT] = entry(
        (), description="Keys an instructor disables."
    )


class AskSection(Table):
    """A question put before an update is revealed."""

    before: Annotated[Count, Within(le=limits.UPDATES)] = entry(description="The update it precedes.", examples=[3])
    quantity: Name = entry(description="What is asked for; a quantity as in [[expect]].", examples=["change.x"])
    form: Annotated[str, named(ASK_FORMS)] = entry(
        description="How it is answered. sign: whether a change, gradient or delta is above or below 0; of the loss or "
        "a parameter, whether the update raises or lowers it. larger-or-smaller: by size, without its sign, beside the "
        "same quantity of the update before (the loss or a parameter: beside its value before the update). value: a "
        "number."
    )
    tolerance: NotNegative = entry(0.05, description="For value: how far off an answer may be, as a part of the value.")
    question: Prose = entry(description="The question.", examples=["Which way will x move, and why?"])
