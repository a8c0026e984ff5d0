"""An update rule with the numbers of one parameter put in, and what the step did, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import sqrt
from typing import NamedTuple

import numpy as np

from gdsim.engine.mistakes import EPSILON_INSIDE, ETA_INSIDE, MEAN, PREVIOUS, SHOWN, TOTAL, UNCORRECTED
from gdsim.engine.names import subscript
from gdsim.engine.rules import DECAY
from gdsim.engine.update import Update
from gdsim.explain.page import Line
from gdsim.explain.selection import shown_gradient
from gdsim.explain.symbols import factor, joined, number, product
from gdsim.explain.verdicts import is_bottomless, place_without_value
from gdsim.i18n import _


class Step(NamedTuple):
    """One parameter's part of an update, read from the record.

    name: what the parameter is called; slope: what its gradient is called; old, new: its value before and after;
    g: its gradient as the rule used it; eta: the learning rate; t: steps taken with the rule, this one included.
    remembered: what the rule knew of it before; memory: what it knows after, in the order of the rule's slots.
    """

    name: str
    slope: str
    old: float
    new: float
    g: float
    eta: float
    t: int
    options: Mapping[str, float]
    remembered: tuple[float, ...]
    memory: tuple[float, ...]


def update_lines(update: Update, element: int, name: str, slope: str) -> tuple[Line, ...]:
    """Return the rule's equations for one element of θ: what it remembers, then the new value."""
    is_frozen, rule = update.run.model.layout.is_frozen(element), update.run.rule
    clipped: tuple[Line, ...] = ()
    if update.run.clip is not None and not is_frozen:
        clipped, slope = (_clipped(update, element, name, slope),), f"ĝ({name})"
    step = Step(
        name,
        slope,
        float(update.before.theta[element]),
        float(update.after.theta[element]),
        float(update.used_gradient[element]) if shown_gradient(update)[element] else 0.0,
        update.learning_rate,
        update.after.rule_state.steps,
        rule.options,
        tuple(float(slot[element]) for slot in update.before.rule_state.slots),
        tuple(float(slot[element]) for slot in update.after.rule_state.slots),
    )
    if is_frozen:
        return (_new(step, name, ""),)
    before, step = _remembered_gradient(step, rule.kind.slots)
    lines = (
        SLIPPED_LINES.get(rule.kind.slip, _changed) if rule.kind.slip else RULE_LINES[rule.kind.name + rule.kind.form]
    )
    return (*clipped, *before, *lines(step))


def _remembered_gradient(step: Step, slots: tuple[str, ...]) -> tuple[tuple[Line, ...], Step]:
    """Return how the gradient of a source that uses another one comes about, and the step with that one."""
    if PREVIOUS in slots:
        g, name, formula, numbers = step.remembered[-1], "g", _("{slope} of the update before"), ""
    elif slots and slots[-1] in (TOTAL, SHOWN):
        g, name, formula = step.memory[-1], "Σg", "Σg + {slope}"
        numbers = joined([number(step.remembered[-1]), number(step.g)])
    else:
        return (), step
    line = Line(name, formula.format(slope=step.slope), numbers, number(g))
    return (line,), step._replace(slope=name, g=g, remembered=step.remembered[:-1], memory=step.memory[:-1])


def rate_lines(update: Update) -> tuple[Line, ...]:
    """Return how the learning rate of an update comes about, where a schedule changes it."""
    schedule = update.run.schedule
    if schedule is None or not schedule.options:
        return ()
    done = update.number - 1
    values = {"η": update.run.learning_rate, "t": done, **schedule.options}
    substituted = re.sub(
        "[a-zη]+|ᵗ",
        lambda word: f"^{done}" if word[0] == "ᵗ" else number(values[word[0]]) if word[0] in values else word[0],
        schedule.kind.formula,
    )
    eta = number(update.learning_rate)
    return (Line(f"η{subscript(update.number)}", schedule.kind.formula, substituted, eta),)


def _clipped(update: Update, element: int, name: str, slope: str) -> Line:
    """Return one number of the gradient as the rule sees it, beside the whole one."""
    clip, g = update.run.clip, float(update.gradient[element])
    assert clip is not None
    value = number(float(update.used_gradient[element]))
    if clip.norm is None:
        limit = number(clip.value or 0.0)
        return Line(f"ĝ({name})", _("{slope} between −c and c").format(slope=slope), f"{number(g)}, c = {limit}", value)
    length = float(np.linalg.norm(update.run.model.layout.trained(update.gradient)))
    if length <= clip.norm:
        kept = f"‖g‖ = {number(length)} ≤ c = {number(clip.norm)}"
        return Line(f"ĝ({name})", slope, kept, value)
    return Line(f"ĝ({name})", f"{slope}·c/‖g‖", f"{factor(g)}·{number(clip.norm)}/{number(length)}", value)


def change_sentence(update: Update) -> str:
    """Return what the step did to the loss of its samples."""
    before, after = update.loss_before, update.loss
    left = "" if np.isfinite(after) else place_without_value(update)
    if left:
        return left
    if is_bottomless(update):
        return _("The function falls without end: no step can arrive.")
    if not (np.isfinite(update.after.theta).all() and np.isfinite(after)):
        return _("The numbers have outgrown what a computer can hold: the steps are too long.")
    if not update.change.any():
        return _("Nothing changes: there is no slope to follow.")
    if after == before:
        return _("The step leads to a place just as high: the loss stays at {loss}.").format(loss=number(after))
    if number(after) == number(before):
        return _("The step hardly changes the loss: it stays at about {loss}.").format(loss=number(after))
    if after > before:
        return _("The step was too long: the loss rises from {before} to {after}.").format(
            before=number(before), after=number(after)
        )
    return _("The step lowers the loss from {before} to {after}.").format(before=number(before), after=number(after))


def memory_notes(update: Update) -> tuple[str, ...]:
    """Return what the rule remembers, in words; nothing for plain gradient descent."""
    notes = {
        "momentum": _("v is the speed: it keeps {momentum} of itself and adds the new gradient."),
        "momentumtextbook": _("v is the move itself: it keeps {momentum} of the last one and adds the new step."),
        "nesterovlookahead": _("The gradient is taken one move ahead, at θ + μv; v is the move itself."),
        "nesterov": _("v is the speed; the step looks one move ahead along it."),
        "adagrad": _("s adds up the squared gradients: where slopes were steep, steps get shorter."),
        "rmsprop": _("s is a fading mean of the squared gradients: steep directions take shorter steps."),
        "adam": _("m and v are fading means of the gradient and its square; m̂ and v̂ make up for their start at 0."),
        "adadelta": _("s and d are fading means of the squared gradients and moves; their roots set the size."),
        "adamw": _("As adam, and beside it every step shrinks a parameter by η·λ = {decay} of itself."),
        "nadam": _("As adam, but m̂ looks one step ahead along m."),
    }
    kind = update.run.rule.kind
    note = None if kind.slip else notes.get(kind.name + kind.form)
    options, decay = update.run.rule.options, update.learning_rate * update.run.rule.options.get(DECAY, 0.0)
    return () if note is None else (note.format(**options, decay=number(decay)),)


def _changed(step: Step) -> tuple[Line, ...]:
    """Return the new value by the change itself."""
    return (_new(step, f"{step.name} + Δ", joined([number(step.old), number(step.new - step.old)])),)


def _eta_inside(step: Step) -> tuple[Line, ...]:
    mu, v = step.options["momentum"], step.memory[0]
    kept = joined([product(mu, step.remembered[0]), product(step.eta, step.g)])
    return (
        Line("v", f"μ·v + η·{step.slope}", kept, number(v)),
        _new(step, f"{step.name} − η·v", _minus(step.old, step.eta, v)),
    )


def _mean_velocity(step: Step) -> tuple[Line, ...]:
    mean = _fading_mean(step, "v", "μ", "momentum", 0, 1)
    return mean, _new(step, f"{step.name} − η·v", _minus(step.old, step.eta, step.memory[0]))


def _adam_with(
    *, m_hat: bool = True, v_hat: bool = True, is_inside: bool = False
) -> Callable[[Step], tuple[Line, ...]]:
    """Return what writes Adam without the correction of a moment, or with ε inside the root."""

    def lines(step: Step) -> tuple[Line, ...]:
        right = _adam(step)
        m, v = step.memory[:2]
        m = m / (1 - step.options["beta1"] ** step.t) if m_hat else m
        v = v / (1 - step.options["beta2"] ** step.t) if v_hat else v
        m_name, v_name, epsilon = "m̂" if m_hat else "m", "v̂" if v_hat else "v", number(step.options["epsilon"])
        root = "√({v} + {epsilon})" if is_inside else "(√{v} + {epsilon})"
        formula = f"{step.name} − η·{m_name}/{root.format(v=v_name, epsilon='ε')}"
        numbers = f"{_minus(step.old, step.eta, m)}/{root.format(v=number(v), epsilon=epsilon)}"
        if DECAY in step.options:
            formula += f" − η·λ·{step.name}"
            numbers += f" − {product(step.eta, step.options[DECAY], step.old)}"
        new = _new(step, formula, numbers)
        return (*right[:2], *(right[2:3] if m_hat else ()), *(right[3:4] if v_hat else ()), new)

    return lines


def _new(step: Step, formula: str, substituted: str) -> Line:
    return Line(_("new {name}").format(name=step.name), formula, substituted, number(step.new))


def _minus(value: float, eta: float, slope: float) -> str:
    return f"{number(value)} − {product(eta, slope)}"


def _gradient_descent(step: Step) -> tuple[Line, ...]:
    return (_new(step, f"{step.name} − η·{step.slope}", _minus(step.old, step.eta, step.g)),)


def _velocity(step: Step) -> Line:
    mu = step.options["momentum"]
    substituted = joined([product(mu, step.remembered[0]), number(step.g)])
    return Line("v", f"μ·v + {step.slope}", substituted, number(step.memory[0]))


def _momentum(step: Step) -> tuple[Line, ...]:
    return _velocity(step), _new(step, f"{step.name} − η·v", _minus(step.old, step.eta, step.memory[0]))


def _nesterov(step: Step) -> tuple[Line, ...]:
    ahead = joined([number(step.g), product(step.options["momentum"], step.memory[0])])
    substituted = f"{number(step.old)} − {number(step.eta)}·({ahead})"
    return _velocity(step), _new(step, f"{step.name} − η·({step.slope} + μ·v)", substituted)


def _moved(step: Step) -> tuple[Line, ...]:
    mu, (v,) = step.options["momentum"], step.memory
    kept = f"{product(mu, step.remembered[0])} − {product(step.eta, step.g)}"
    return (
        Line("v", f"μ·v − η·{step.slope}", kept, number(v)),
        _new(step, f"{step.name} + v", joined([number(step.old), number(v)])),
    )


def _scaled(step: Step) -> Line:
    """Return the new value of a rule that divides by the root of s."""
    substituted = (
        f"{_minus(step.old, step.eta, step.g)}/(√{number(step.memory[0])} + {number(step.options['epsilon'])})"
    )
    return _new(step, f"{step.name} − η·{step.slope}/(√s + ε)", substituted)


def _adagrad(step: Step) -> tuple[Line, ...]:
    substituted = joined([number(step.remembered[0]), f"{factor(step.g)}²"])
    return Line("s", f"s + {_squared(step.slope)}", substituted, number(step.memory[0])), _scaled(step)


def _rmsprop(step: Step) -> tuple[Line, ...]:
    return _fading_mean(step, "s", "ρ", "rho", 0, 2), _scaled(step)


def _adadelta(step: Step) -> tuple[Line, ...]:
    epsilon, (s, d), old_d = step.options["epsilon"], step.memory, step.remembered[1]
    move = sqrt(old_d + epsilon) / sqrt(s + epsilon) * step.g
    roots = f"√({number(old_d)} + {number(epsilon)})/√({number(s)} + {number(epsilon)})"
    rho = step.options["rho"]
    kept = joined([product(rho, old_d), f"{number(1 - rho)}·{factor(move)}²"])
    return (
        _fading_mean(step, "s", "ρ", "rho", 0, 2),
        Line("Δ", f"{step.slope}·√(d + ε)/√(s + ε)", f"{number(step.g)}·{roots}", number(move)),
        Line("d", "ρ·d + (1 − ρ)·Δ²", kept, number(d)),
        _new(step, f"{step.name} − η·Δ", _minus(step.old, step.eta, move)),
    )


def _adam(step: Step) -> tuple[Line, ...]:
    beta, m = step.options["beta1"], step.memory[0]
    m_hat = m / (1 - beta**step.t)
    line = Line("m\u0302", "m/(1 − β₁ᵗ)", f"{number(m)}/(1 − {_raised(beta, step.t)})", number(m_hat))
    return _with_moments(step, line, m_hat)


def _nadam(step: Step) -> tuple[Line, ...]:
    beta, m = step.options["beta1"], step.memory[0]
    m_hat = beta * m / (1 - beta ** (step.t + 1)) + (1 - beta) * step.g / (1 - beta**step.t)
    ahead = f"{product(beta, m)}/(1 − {_raised(beta, step.t + 1)})"
    now = f"{product(1 - beta, step.g)}/(1 − {_raised(beta, step.t)})"
    formula = f"β₁·m/(1 − β₁ᵗ⁺¹) + (1 − β₁)·{step.slope}/(1 − β₁ᵗ)"
    return _with_moments(step, Line("m\u0302", formula, f"{ahead} + {now}", number(m_hat)), m_hat)


def _with_moments(step: Step, m_line: Line, m_hat: float) -> tuple[Line, ...]:
    """Return the equations of a rule of Adam's kind around that of its m̂."""
    beta, v = step.options["beta2"], step.memory[1]
    v_hat = v / (1 - beta**step.t)
    formula = f"{step.name} − η·m̂/(√v̂ + ε)"
    substituted = f"{_minus(step.old, step.eta, m_hat)}/(√{number(v_hat)} + {number(step.options['epsilon'])})"
    if DECAY in step.options:
        formula += f" − η·λ·{step.name}"
        substituted += f" − {product(step.eta, step.options[DECAY], step.old)}"
    return (
        _fading_mean(step, "m", "β₁", "beta1", 0, 1),
        _fading_mean(step, "v", "β₂", "beta2", 1, 2),
        m_line,
        Line("v\u0302", "v/(1 − β₂ᵗ)", f"{number(v)}/(1 − {_raised(beta, step.t)})", number(v_hat)),
        _new(step, formula, substituted),
    )


def _fading_mean(step: Step, symbol: str, rate: str, option: str, slot: int, power: int) -> Line:
    """Return s = ρ·s + (1 − ρ)·g², or the same with another letter and power."""
    kept = step.options[option]
    added = step.slope if power == 1 else _squared(step.slope)
    square = "" if power == 1 else "²"
    substituted = joined([product(kept, step.remembered[slot]), f"{number(1 - kept)}·{factor(step.g)}{square}"])
    return Line(symbol, f"{rate}·{symbol} + (1 − {rate})·{added}", substituted, number(step.memory[slot]))


def _squared(slope: str) -> str:
    return f"({slope})²"


def _raised(base: float, exponent: int) -> str:
    return f"{number(base)}^{exponent}"


RULE_LINES: Mapping[str, Callable[[Step], tuple[Line, ...]]] = {
    "gradient-descent": _gradient_descent,
    "momentum": _momentum,
    "momentumtextbook": _moved,
    "nesterovlookahead": _moved,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adadelta": _adadelta,
    "adamw": _adam,
    "nadam": _nadam,
}
"""The equations of each rule of `gdsim.engine.rules`, in the order in which they are computed."""

SLIPPED_LINES: Mapping[str, Callable[[Step], tuple[Line, ...]]] = {
    ETA_INSIDE: _eta_inside,
    MEAN: _mean_velocity,
    EPSILON_INSIDE: _adam_with(is_inside=True),
    f"{UNCORRECTED}both": _adam_with(m_hat=False, v_hat=False),
    f"{UNCORRECTED}m": _adam_with(m_hat=False),
    f"{UNCORRECTED}v": _adam_with(v_hat=False),
}
"""The equations of rules with an error of a source in them; of others only the change is shown."""
