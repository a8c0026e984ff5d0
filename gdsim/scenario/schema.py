"""The schema of the whole scenario file, format 1, and of its sections besides the model and the data."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, Strict, model_validator
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from gdsim.engine.rules import OPTION_RANGE, RULES
from gdsim.engine.schedules import SCHEDULE_OPTIONS, SCHEDULES
from gdsim.scenario import limits
from gdsim.scenario.library import KINDS
from gdsim.scenario.mistakes import RefusedError
from gdsim.scenario.schema_goals import GoalSection
from gdsim.scenario.schema_model import (
    AsPublishedSection,
    DataSection,
    FunctionSection,
    NetworkSection,
    PerceptronSection,
)
from gdsim.scenario.schema_values import (
    Allowed,
    AtMost,
    Count,
    Line,
    Name,
    NotNegative,
    Numbers,
    OneOf,
    Positive,
    Prose,
    Section,
    Several,
    absent,
    required,
)

STOP_REASONS = ("max_updates", "min_change", "min_gradient", "min_loss", "patience", "converged", "cycle", "diverged")
OPTIONS = tuple(dict.fromkeys(option for rule in RULES.values() for option in rule.options))
"""Options of all update rules; [update] has a field for each."""

LOCKS = ("learning-rate", "edit", "rule", "seed", "corrected", "what-if", "go", "end")

# fmt: off
KNOWN_CHARTS = (
    "curve", "contour", "cross-section", "loss", "boundary", "fit", "network", "parameters", "surface", "mistakes",
    "epoch-loss", "activations", "gradient-column", "nudges", "slopes", "picture", "outputs", "neurons",
    "surface-3d", "confusion", "activation-histogram", "gradient-histogram", "gallery",
)
# fmt: on
"""Names allowed under [show] charts. Charts that do not fit the model's shape are not drawn."""

_PANELS = ("chart", "loss", "parameters", "equation", "gradient", "change", "network", "lesson")

KNOWN_PANELS = (*_PANELS, *(name for name in KNOWN_CHARTS if name not in _PANELS))
"""Names allowed under [show] hide: panels, columns of the parameter table, and charts."""

_SHORT = AtMost(limits.LISTED)
_FORMAT = "1, the format this gdsim reads"
_AFTER = f'a whole number of updates from 0 to {limits.UPDATES}, or "stop"'
_VALUE = f"a finite number; for stopped one of {', '.join(STOP_REASONS)}"
_SETTINGS = 'a table of dotted keys, such as { "update.learning_rate" = 0.1 }'


def _option(name: str) -> Any:
    """Return the field of an option of some update rules; its range is checked later, together with the rule."""
    rules = [f"{rule.name} (default {rule.options[name]:g})" for rule in RULES.values() if name in rule.options]
    low, high = OPTION_RANGE
    return absent(f"Option of {' '.join(rules)}", json_schema_extra={"minimum": low, "exclusiveMaximum": high})


class ScheduleSection(Section):
    """A learning rate that changes; η is learning_rate, t the updates done before, from 0."""

    kind: Annotated[str, OneOf(SCHEDULES)] = required(
        "; ".join(f"{kind.name}: {kind.formula}" for kind in SCHEDULES.values()) + ".", "step"
    )
    every: Count | None = absent("step: updates between two changes.", 50)
    factor: Positive | None = absent("step (0.5 when absent), exponential: what η is multiplied by.", 0.5)
    decay: Positive | None = absent("inverse-time: how fast η falls.", 0.01)
    updates: Count | None = absent("cosine, linear, warmup: updates until the end of the schedule.", 100)
    low: NotNegative | None = absent("cosine, linear: the learning rate in the end; 0 when absent.", 0.0)

    @model_validator(mode="after")
    def _has_its_options(self) -> Self:
        options = SCHEDULES[self.kind].options
        for name in SCHEDULE_OPTIONS:
            is_given = getattr(self, name) is not None
            if is_given and name not in options:
                takes = f"{self.kind} takes {', '.join(options) or 'none'}"
                raise RefusedError(f"found {name}, an option of another schedule", takes)
            if not is_given and name in options and options[name] is None:
                raise RefusedError(f"missing {name}", f"required for {self.kind}")
        return self

    @property
    def options(self) -> dict[str, float]:
        """The given options by name; the others take the schedule's defaults."""
        return {name: value for name in SCHEDULE_OPTIONS if (value := getattr(self, name)) is not None}


class ClipSection(Section):
    """The gradient as the rule sees it: limited in length, or component by component."""

    norm: Positive | None = absent("The largest Euclidean length of the gradient; its direction is kept.", 1.0)
    value: Positive | None = absent("The largest size of any component of the gradient.", 0.5)

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if (self.norm is None) == (self.value is None):
            what = "found neither norm nor value" if self.norm is None else "found norm and value"
            raise RefusedError(what, "exactly one of norm and value")
        return self


class PreviousSection(Section):
    """The point before the start, which gives the first velocity."""

    previous: Numbers = required("One number per parameter.", [3.9])


_Velocity = Annotated[tuple[float, ...], Strict(False), Field(min_length=1)]


class UpdateSection(Section):
    """How parameters are changed. Options of the rule stand next to its name."""

    rule: Annotated[str, OneOf(RULES)] | None = absent(
        "How a step is made from the gradient; gradient-descent when absent. A perceptron takes none."
    )
    learning_rate: Positive = required("The step's factor η.", 0.01)
    batch: Annotated[Literal["all"] | Count, Allowed('"all", or a whole number of samples above 0')] = Field(
        "all", description="Samples an update sees; network only."
    )
    order: Literal["given", "shuffled"] = Field(
        "given", description="The order samples are visited in; shuffled: a new order every epoch, drawn from the seed."
    )

    form: Literal["pytorch", "textbook", "lookahead"] | None = absent(
        "How a rule with a velocity is written. momentum: pytorch, v ← μv + g; θ ← θ − ηv (default), or textbook, "
        "v ← μv − ηg; θ ← θ + v. nesterov: pytorch, which keeps the point looked ahead to (default), or lookahead, "
        "which keeps the point itself and takes the gradient at θ + μv."
    )
    start_velocity: (
        Annotated[_Velocity | PreviousSection, Allowed("a list of numbers, one per parameter, or { previous = [..] }")]
        | None
    ) = absent(
        "The v of momentum or nesterov before update 1, one number per parameter; or the point before the start.",
        [0.0],
        {"previous": [3.9]},
    )
    schedule: ScheduleSection | None = absent("How the learning rate changes from update to update.")
    clip: ClipSection | None = absent("A limit for the gradient that the rule sees.")

    momentum: float | None = _option("momentum")
    epsilon: float | None = _option("epsilon")
    rho: float | None = _option("rho")
    beta1: float | None = _option("beta1")
    beta2: float | None = _option("beta2")
    weight_decay: float | None = _option("weight_decay")

    @property
    def velocity(self) -> tuple[float, ...] | None:
        """The numbers of start_velocity: a velocity, or the point before the start if that is given instead."""
        given = self.start_velocity
        return given.previous if isinstance(given, PreviousSection) else given

    @property
    def options(self) -> dict[str, float]:
        """The given options of the rule by name; the others take the rule's defaults."""
        return {name: value for name in OPTIONS if (value := getattr(self, name)) is not None}


class StopSection(Section):
    """When a run is over; whichever comes first."""

    max_updates: int = Field(1000, gt=0, le=limits.UPDATES, description="Updates at most.")
    min_change: Positive | None = absent("The Euclidean length of the parameter change just made is below this.", 1e-4)
    min_gradient: Positive | None = absent("The Euclidean length of the gradient just used is below this.", 1e-6)
    min_loss: float | None = absent("The loss after the update is below this.", 0.01)
    patience: Count | None = absent("Network: epochs without a better loss on the samples held out.", 10)


_Place = Annotated[Literal["stop"] | Annotated[int, Field(ge=0, le=limits.UPDATES)], Allowed(_AFTER)]


class ExpectSection(Section):
    """A published figure, checked by `gdsim check`."""

    after: _Place | None = absent(
        'Updates done, or "stop": for a parameter, the loss, an accuracy after them; for a gradient, a change, the '
        "prediction and arrays such as z1, which are of the last of these updates and computed before its step.",
        *(1, "stop"),
    )
    at: _Place | None = absent(
        "Instead of after: updates done before a forward pass that gives the prediction, z1, a1 and the loss, "
        "over the samples of the last of these updates.",
        *(1, "stop"),
    )
    quantity: Name = required(
        "A parameter; or loss, updates, stopped, accuracy, test_accuracy, gradient.NAME, change.NAME, "
        "prediction, prediction[i,j], corrections, or a value of a phase such as z1[0,0].",
        "x",
        "gradient.x",
        "W1[0,1]",
    )
    value: Annotated[float | Annotated[str, OneOf(STOP_REASONS)], Allowed(_VALUE)] = required(
        "The figure; for stopped the reason.", 3.96
    )
    tolerance: NotNegative = Field(1e-9, description="How far from the figure the run may be.")
    corrected: bool = Field(False, description="true: holds for the corrected rule instead of the published one.")
    source: Line | None = absent("Where the figure comes from.")

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.after is None) == (self.at is None):
            what = "missing after" if self.at is None else "found after and at together"
            raise RefusedError(what, "after or at, the number of updates done")
        return self

    @property
    def of_state(self) -> bool:
        """Whether the figure belongs to a forward pass after the updates, not to the last update."""
        return self.at is not None

    @property
    def place(self) -> int | str:
        """The number of updates done, or "stop"."""
        place = self.after if self.at is None else self.at
        assert place is not None
        return place


class CompareSection(Section):
    """A run compared with the main one."""

    label: Name = required("What charts call this run.", "η too large")
    set: Annotated[dict[str, Any], Field(min_length=1), Allowed(_SETTINGS)] = required(
        "Keys of this file by their dotted paths, with other values.", {"update.learning_rate": 1.05}
    )


class ShowSection(Section):
    """What the screen shows and allows."""

    charts: Annotated[Several[Annotated[str, OneOf(KNOWN_CHARTS)]], _SHORT] | None = absent(
        "Charts in their order; every chart that fits the model when absent."
    )
    surface: Annotated[Several[Name], Field(min_length=2), AtMost(2)] | None = absent(
        "The two parameters of the loss-surface chart.", ["b", "c"]
    )
    hide: Annotated[Several[Annotated[str, OneOf(KNOWN_PANELS)]], _SHORT] = Field(
        (), description="What an instructor keeps closed: panels, columns of the parameter table, charts, the lesson."
    )
    lock: Annotated[Several[Annotated[str, OneOf(LOCKS)]], _SHORT] = Field(
        (), description="Keys an instructor disables."
    )


class AskSection(Section):
    """A question put before an update is revealed."""

    before: Annotated[Count, Field(le=limits.UPDATES)] = required("The update it precedes.", 3)
    quantity: Name = Field("loss", description="What is asked for; a quantity as in [[expect]]. Not for choice.")
    form: Literal["sign", "larger-or-smaller", "value", "choice"] = required(
        "How it is answered. sign: whether a change, gradient or delta is above or below 0; of the loss or "
        "a parameter, whether the update raises or lowers it. larger-or-smaller: by absolute value, compared "
        "with the same quantity one update earlier (the loss or a parameter: with its value before the update). value: "
        "a number. choice: one of options, by its number."
    )
    tolerance: NotNegative = Field(0.05, description="For value: the relative tolerance of an answer.")
    question: Prose = required("The question.", "Which way will x move, and why?")
    options: Annotated[Several[Line], AtMost(9)] = Field((), description="For choice: the answers to choose from.")
    right: int = Field(1, ge=1, le=9, description="For choice: which option is right, counted from 1.")
    words: Annotated[Several[Prose], AtMost(9)] = Field((), description="For choice: what to say about each option.")


class TextsSection(Section):
    """The scenario's texts in another language; texts left out are shown as in the file."""

    title: Line | None = absent("What the scenario is called.")
    summary: Line | None = absent("One line for the list of scenarios.")
    lesson: Prose | None = absent("Markdown: what to look at, what to try.")
    note: Prose | None = absent("The note of [as_published].")
    compare: Annotated[Several[Name], AtMost(limits.COMPARED_RUNS)] = Field(
        (), description="The label of each [[compare]], in their order."
    )
    ask: Annotated[Several[Prose], AtMost(limits.FIGURES)] = Field(
        (), description="The question of each [[ask]], in their order."
    )
    options: Annotated[Several[Several[Line]], AtMost(limits.FIGURES)] = Field(
        (), description="The options of each question of the form choice, in their order."
    )
    words: Annotated[Several[Several[Prose]], AtMost(limits.FIGURES)] = Field(
        (), description="What to say about these options."
    )
    goal: Annotated[Several[Line], AtMost(limits.FIGURES)] = Field(
        (), description="The text of each [[goal]], in their order."
    )
    hint: Annotated[Several[Prose], AtMost(limits.FIGURES)] = Field(
        (), description="The hint of each [[goal]] that has one, in their order."
    )


class TranslationsSection(Section):
    """The scenario's texts in other languages."""

    zh: TextsSection | None = absent("In Simplified Chinese.")

    @property
    def by_language(self) -> Mapping[str, TextsSection]:
        """The translated texts by language."""
        return {} if self.zh is None else {"zh": self.zh}


class ScenarioFile(Section):
    """A scenario for gdsim: what is minimised, from where, how, and what to show."""

    format: Annotated[int, Field(ge=1, le=1), Allowed(_FORMAT)] = required("Version of the format.")
    title: Line = required("What the scenario is called.", "Walk down (x − 2)²")
    summary: Line = required("One line for the list of scenarios.")
    source: Line | None = absent("Where the figures come from.")
    lesson: Prose | None = absent("Markdown: what to look at, what to try.")
    seed: int = Field(0, ge=0, le=limits.SEED, description="Every random choice comes from it.")
    function: FunctionSection | None = absent("Minimise an expression.")
    perceptron: PerceptronSection | None = absent("Learn a dividing line by Rosenblatt's rule.")
    network: NetworkSection | None = absent("Train fully connected layers by backpropagation.")
    as_published: AsPublishedSection | None = absent(
        "Errors of the source that the run reproduces until the reader corrects them."
    )
    data: DataSection | None = absent("The samples of a perceptron or network.")
    update: UpdateSection = required("How parameters are changed.")
    stop: StopSection = Field(default_factory=StopSection.model_construct, description="When the run is over.")
    expect: Annotated[Several[ExpectSection], AtMost(limits.FIGURES)] = Field(
        (), description="Published figures, checked and marked on screen."
    )
    compare: Annotated[Several[CompareSection], AtMost(limits.COMPARED_RUNS)] = Field(
        (), description="Runs compared with the main one, drawn together."
    )
    show: ShowSection = Field(
        default_factory=ShowSection.model_construct, description="What the screen shows and allows."
    )
    ask: Annotated[Several[AskSection], AtMost(limits.FIGURES)] = Field(
        (), description="Questions put before an update is revealed."
    )
    goal: Annotated[Several[GoalSection], AtMost(limits.FIGURES)] = Field(
        (), description="What a learner is to achieve."
    )
    translations: TranslationsSection = Field(
        default_factory=TranslationsSection.model_construct, description="The scenario's texts in other languages."
    )


class _ForEditors(GenerateJsonSchema):
    """Generates a schema without null, which TOML does not have."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        """Return the schema of the value without null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema with its default, unless the default is None."""
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, _schema: object) -> bool:
        """Return False: a field needs no title besides its name."""
        return False


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format, for editors."""
    schema = ScenarioFile.model_json_schema(schema_generator=_ForEditors)
    # The pydantic model does not say "exactly one of these"; `check_kind` checks it.
    one_kind = [{"required": [kind]} for kind in KINDS]
    return {"$schema": _ForEditors.schema_dialect, **schema, "oneOf": one_kind}
