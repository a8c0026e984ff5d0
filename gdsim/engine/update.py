"""States, updates and runs: the pure core on which everything else is built.

A run is a model, an update rule, a learning rate, an order of samples and a start. `run_update` takes a run and
a state and returns the whole record of the next update; the same state gives the same update, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.batches import Batches
from gdsim.engine.parameters import Layout, Vector, read_only
from gdsim.engine.rules import Clip, Rule, RuleState
from gdsim.engine.schedules import Schedule
from gdsim.engine.stopping import StopWatch

Samples = NDArray[np.intp] | None
"""Indices of the samples of a batch, or None for all (and for models without samples)."""

Step = Callable[[Vector], Vector]
"""θ (size,) after an update, from a gradient (size,)."""

Objective = Callable[[Vector], float]
"""A scalar function of θ."""

VALUE, SUM, FORWARD, LOSS = "value", "sum", "forward", "loss"
OUTPUT, ERROR, OUTPUT_DELTA, BACKPROP = "output", "error", "output-delta", "backprop"
GRADIENT, UPDATE = "gradient", "update"


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of an update; phases come in the order in which a textbook computes them.

    kind: one of the constants above; layer: the network layer it belongs to, counted from 1, else None.
    equation: the formula in symbols. values: its results by name, arrays in their own shapes.
    """

    kind: str
    layer: int | None
    equation: str
    values: Mapping[str, Vector]


class Forward(NamedTuple):
    """What a model computes on the way to its loss.

    loss: the value to minimise. prediction: (samples of the batch, outputs), None for a function.
    quantities: intermediate arrays by name (``z1``, ``a1``: (samples of the batch, units)).
    is_mistake: whether a sample is on the wrong side, for a model that counts corrections.
    """

    loss: float
    prediction: Vector | None
    quantities: Mapping[str, Vector]
    is_mistake: bool = False


class Backward(NamedTuple):
    """The gradient of the loss, flat like θ, and the intermediate arrays (``delta2``: samples × units)."""

    gradient: Vector
    quantities: Mapping[str, Vector]


class Score(NamedTuple):
    """Loss and accuracy of a model over all its samples; accuracy is None if the model does not classify.

    test_accuracy, test_loss: over the held-out samples, None if there are none.
    """

    loss: float
    accuracy: float | None = None
    test_accuracy: float | None = None
    test_loss: float | None = None


class Model(Protocol):
    """What a run needs from a model. A model is frozen: it takes θ as an argument and stores nothing.

    A pass does not silence numpy's warnings; `run_update` and `forward_at` do so once for all parts.
    """

    @property
    def layout(self) -> Layout:
        """Names and shapes of the parts of θ."""

    def forward(self, theta: Vector, samples: Samples) -> Forward:
        """Return the loss at θ over the samples, and all intermediate arrays."""

    def backward(self, theta: Vector, forward: Forward, step: Step | None = None) -> Backward:
        """Return the gradient at θ, given the forward pass there.

        step: gives θ after the update, for models that reproduce a source which uses the new θ too early.
        """

    def phases(self, forward: Forward, backward: Backward) -> tuple[Phase, ...]:
        """Return the phases of an update up to and including its gradient, in textbook order."""

    def objective(self, theta: Vector, samples: Samples) -> Objective:
        """Return the scalar function of θ whose gradient at `theta` this model should compute."""

    def score(self, theta: Vector) -> Score:
        """Return loss and accuracy at θ over all samples."""

    def in_update(self, number: int) -> Model:
        """Return the model as update `number` trains it: a network with dropout leaves out some units."""

    @property
    def update_equation(self) -> str | None:
        """The formula of an update in this model's textbook; None if it is the rule's formula."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything needed to continue after an update.

    update: number of updates done; theta: (size,); rule_state: what the update rule remembers;
    corrections: mistakes a perceptron has corrected so far.
    """

    update: int
    theta: Vector
    rule_state: RuleState
    corrections: int = 0


@dataclass(frozen=True)
class Update:
    """The whole record of one update, from the state before it to the state after it.

    number: 1 for the first.
    gradient and change: (size,), shaped like θ. at: (size,), the point at which forward pass and gradient are computed:
    θ of the state before, unless the rule looks ahead.
    loss_before and loss: over the samples of this update, in the states before and after.
    """

    number: int
    samples: Samples
    before: State
    after: State
    forward: Forward
    backward: Backward
    forward_after: Forward
    change: Vector
    run: Run
    at: Vector
    loss_before: float

    @property
    def epoch(self) -> int:
        """The epoch of this update, counted from 1."""
        return self.run.batches.epoch(self.number)

    @property
    def loss(self) -> float:
        """The loss at the state after, over the same samples."""
        return self.forward_after.loss

    @property
    def gradient(self) -> Vector:
        """∂loss/∂θ at the point `at`: (size,)."""
        return self.backward.gradient

    @property
    def model(self) -> Model:
        """The model as this update trained it."""
        return self.run.model.in_update(self.number)

    @property
    def learning_rate(self) -> float:
        """The learning rate η in this update."""
        return rate(self.run, self.number)

    @cached_property
    def used_gradient(self) -> Vector:
        """The gradient as the rule saw it, clipped, and 0 for frozen parameters: (size,)."""
        return _used(self.run, self.gradient)

    @property
    def prediction(self) -> Vector | None:
        """The outputs before the update: (samples of the batch, outputs); None for a function."""
        return self.forward.prediction

    @property
    def is_mistake(self) -> bool:
        """Whether this update corrected a mistake of a perceptron."""
        return self.after.corrections > self.before.corrections

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The phases of this update in textbook order, built from its numbers on first access."""
        return (*self.run.model.phases(self.forward, self.backward), self._update_phase())

    def _update_phase(self) -> Phase:
        layout, values = self.run.model.layout, dict[str, Vector]()
        for slot, vector in zip(self.run.rule.kind.slots, self.after.rule_state.slots, strict=True):
            values |= {f"{slot}.{name}": view for name, view in layout.views(vector).items()}
        values |= {f"change.{name}": view for name, view in layout.views(self.change).items()}
        values |= {f"new.{name}": view for name, view in layout.views(self.after.theta).items()}
        return Phase(UPDATE, None, self.run.model.update_equation or self.run.rule.kind.formula, values)


@dataclass(frozen=True, slots=True)
class Slip:
    """An error of a published source, reproduced until the learner corrects it.

    make: adds the error to a correct run. name: the mistake's name, empty if the scenario describes it in another way.
    note: what the source does, and what is correct; is_hidden: whether the learner is to find it.
    """

    make: Callable[[Run], Run]
    name: str = ""
    note: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What is minimised, how, and from where: a pure function of a scenario and its seed.

    slip: an error of the source, in force or not; right: the run without it, None if it is not in force.
    Compared by identity: two are equal only if they are the same object.
    """

    model: Model
    rule: Rule
    learning_rate: float
    batches: Batches
    start: State
    stop: Stop
    is_corrected: bool = False
    schedule: Schedule | None = None
    clip: Clip | None = None
    slip: Slip | None = None
    right: Run | None = None

    @property
    def has_outer_slip(self) -> bool:
        """Whether an error of the source is in force outside a network's gradient, as in the rule or the samples."""
        is_named = self.right is not None and self.slip is not None and self.slip.name != ""
        return is_named and not getattr(self.model, "is_slipped", False)

    @property
    def scores_epochs(self) -> bool:
        """Whether epochs are scored: if updates see batches of the samples, or if samples are held out."""
        return self.batches.size is not None or getattr(self.model, "test_inputs", None) is not None


class Stop(NamedTuple):
    """When a run is over: as soon as one of these conditions holds. None switches one off.

    min_change, min_gradient: Euclidean lengths; min_loss: the loss after the update.
    patience: epochs without a better loss on the held-out samples.
    on_epoch: for perceptrons, whether an epoch may end the run as `converged` or, with detect_cycle, as `cycle`.
    """

    max_updates: int = 1000
    min_change: float | None = None
    min_gradient: float | None = None
    min_loss: float | None = None
    on_epoch: bool = False
    detect_cycle: bool = False
    patience: int | None = None


def start_state(model: Model, rule: Rule, theta: Vector, velocity: Vector | None = None) -> State:
    """Return the state before the first update; velocity: (size,), the initial one, set to 0 where θ is frozen."""
    trainable = model.layout.trainable
    if velocity is not None and trainable is not None:
        velocity = np.where(trainable, velocity, 0.0)
    return State(0, read_only(np.array(theta, dtype=np.float64)), rule.start(model.layout.size, velocity))


def with_correction(run: Run, on: bool) -> Run:
    """Return the run with the source's error corrected if `on`, else as published."""
    right = replace(run if run.right is None else run.right, is_corrected=on)
    return right if on or right.slip is None else replace(right.slip.make(right), right=right)


def fitted(run: Run, state: State) -> State:
    """Return `state` with as many slots as the run's rule has, new ones 0: rules with a slip have additional slots."""
    count, slots = len(run.rule.kind.slots), state.rule_state.slots
    if len(slots) == count:
        return state
    slots = (*slots, *(np.zeros(state.theta.size) for _slot in run.rule.kind.slots))[:count]
    return replace(state, rule_state=RuleState(state.rule_state.steps, slots))


def rate(run: Run, number: int) -> float:
    """Return the learning rate of update `number`."""
    return run.learning_rate if run.schedule is None else run.schedule.rate(run.learning_rate, number - 1)


@np.errstate(all="ignore")
def run_update(run: Run, state: State, forward: Forward | None = None) -> Update:
    """Return the record of the update that follows `state`.

    All gradients are taken at θ of `state`, unless the rule looks ahead or a source's error changes θ in between.
    forward: the forward pass at `state` over the samples of this update, if it is known already; it only saves time.
    """
    number, theta = state.update + 1, state.theta
    model = run.model.in_update(number)
    samples = run.batches.samples(number)
    if forward is None:
        forward = model.forward(theta, samples)
    at, loss_before = run.rule.place(theta, state.rule_state), forward.loss
    if at is not theta:
        forward = model.forward(at, samples)
    backward = model.backward(at, forward, partial(_theta_after, run, state))
    change, rule_state = step(run, state, backward.gradient)
    after = State(number, theta + change, rule_state, state.corrections + forward.is_mistake)
    forward_after = model.forward(after.theta, samples)
    for array in (backward.gradient, change, after.theta, at):
        array.setflags(write=False)
    return Update(number, samples, state, after, forward, backward, forward_after, change, run, at, loss_before)


def _theta_after(run: Run, state: State, gradient: Vector) -> Vector:
    """Return θ (size,) after the update that follows `state`, if `gradient` (size,) were its gradient."""
    return state.theta + step(run, state, gradient)[0]


@np.errstate(all="ignore")
def forward_at(run: Run, state: State) -> Forward:
    """Return the forward pass of the update that follows `state`: at its θ, over the samples of that update."""
    number = state.update + 1
    return run.model.in_update(number).forward(state.theta, run.batches.samples(number))


def step(run: Run, state: State, gradient: Vector) -> tuple[Vector, RuleState]:
    """Return the change of θ (size,) for a gradient (size,), and the new state of the rule."""
    trainable, theta = run.model.layout.trainable, state.theta
    if trainable is not None:  # a rule does not change an element if both θ and gradient are 0 there
        theta = np.where(trainable, theta, 0.0)
    return run.rule.step(theta, _used(run, gradient), state.rule_state, rate(run, state.update + 1))


def _used(run: Run, gradient: Vector) -> Vector:
    """Return a gradient (size,) as the rule sees it: clipped, and 0 for frozen parameters."""
    trainable = run.model.layout.trainable
    if trainable is not None:
        gradient = np.where(trainable, gradient, 0.0)
    return gradient if run.clip is None else run.clip.apply(gradient)


def updates(run: Run, state: State | None = None) -> Iterator[tuple[Update, str | None]]:
    """Yield each update after `state` (default: the start) with the reason the run stops there, or None.

    The last update yielded has a reason. Keeps nothing of past updates except what detects a cycle.
    """
    state = run.start if state is None else state
    watch = StopWatch(run, state)
    if run.stop.max_updates <= state.update:
        return
    update, reason = run_update(run, state), None
    while True:
        reason = watch.reason(update)
        yield update, reason
        if reason is not None:
            return
        update = run_update(run, update.after, known_forward(update))


def known_forward(update: Update) -> Forward | None:
    """Return the forward pass the next update starts with if it is this update's last one, else None."""
    is_same = update.samples is None and update.model is update.run.model
    return update.forward_after if is_same else None
