"""An update rule with the numbers of one parameter put in, and what the step did, in words.

The equations are those of `gdsim.engine.rules`: a new rule needs nothing here but, at most, a note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from gdsim.engine.formula.expressions import parse
from gdsim.engine.mistakes import PREVIOUS, SHOWN, TOTAL
from gdsim.engine.names import subscript
from gdsim.engine.rules import DECAY
from gdsim.engine.update import Update
from gdsim.explain.page import Line, factor, joined, number, with_dots, with_numbers
from gdsim.explain.selection import shown_gradient
from gdsim.explain.status import is_bottomless, place_without_value
from gdsim.i18n import _

LETTERS: Mapping[str, str] = {
    "momentum": "μ",
    "rho": "ρ",
    "beta1": "β₁",
    "beta2": "β₂",
    "epsilon": "ε",
    DECAY: "λ",
}
"""The letters for the options of rules in formulas."""


def update_lines(update: Update, element: int, name: str, slope: str) -> tuple[Line, ...]:
    """Return the rule's equations for one element of θ: what it remembers, then the new value.

    name, slope: the symbols of the element and of its gradient.
    """
    if update.run.model.layout.is_frozen(element):
        return (_new(update, element, name, name, ""),)
    g = float(update.used_gradient[element]) if shown_gradient(update)[element] else 0.0
    lines: list[Line] = []
    if update.run.clip is not None:
        lines, slope = [_clipped(update, element, name, slope)], f"ĝ({name})"
    kind = update.run.rule.kind
    old, memory = ([float(slot[element]) for slot in state.rule_state.slots] for state in (update.before, update.after))
    if PREVIOUS in kind.slots:  # a source that uses another gradient remembers it in the last slot
        lines.append(Line("g", _("{slope} of the previous update").format(slope=slope), "", number(old[-1])))
        slope, g = "g", old[-1]
    elif kind.slots and kind.slots[-1] in (TOTAL, SHOWN):
        lines.append(Line("Σg", f"Σg + {slope}", joined([number(old[-1]), number(g)]), number(memory[-1])))
        slope, g = "Σg", memory[-1]
    equations = _equations(kind.formula)
    remembered = [symbol for symbol, arrow, _right in equations if arrow == "←" and symbol != "θ"]
    values, powers = _letters(update)
    values |= {"θ": float(update.before.theta[element]), "g": g, "Δ": float(update.change[element])}
    values |= zip(remembered, old, strict=False)
    found = dict(zip(remembered, memory, strict=False))
    called = {"θ": name, "g": slope, "g²": f"({slope})²"}
    for symbol, _arrow, formula in equations:
        numbers = with_numbers(formula, values, powers)
        named = re.sub("g²|g|θ", lambda match: called[match[0]], formula)
        if symbol == "θ":
            lines.append(_new(update, element, name, named, numbers))
        else:
            values[symbol] = found[symbol] if symbol in found else _worth(formula, values)
            lines.append(Line(symbol, named, numbers, number(values[symbol])))
    return tuple(lines)


def _new(update: Update, element: int, name: str, formula: str, numbers: str) -> Line:
    return Line(_("new {name}").format(name=name), formula, numbers, number(float(update.after.theta[element])))


def _equations(formula: str) -> list[tuple[str, str, str]]:
    """Return symbol, arrow and right side of a rule's equations, in the order of computation, with θ last.

    ``←`` marks what the rule remembers, ``=`` an intermediate result.
    """
    parts = [part.split(" ", 2) for part in re.split("; |, ", formula)]
    ordered = sorted(parts, key=lambda part: part[0] == "θ")
    return [(symbol, arrow, with_dots(right)) for symbol, arrow, right in ordered if arrow in "←="]


def _letters(update: Update) -> tuple[dict[str, float], dict[str, str]]:
    """Return the values of the letters of a rule's options and of their powers, and how the powers are written."""
    options, t = update.run.rule.options, update.after.rule_state.steps
    values, powers = {"η": update.learning_rate}, {}
    for option, value in options.items():
        letter = LETTERS[option]
        values |= {letter: value, f"(1 − {letter})": 1 - value}
        for exponent, steps in (("ᵗ", t), ("ᵗ⁺¹", t + 1)):
            values[letter + exponent], powers[letter + exponent] = value**steps, f"{number(value)}^{steps}"
    return values, powers


def _worth(formula: str, values: Mapping[str, float]) -> float:
    """Return the value of a formula, given the values of its letters."""
    letters = sorted(values, key=len, reverse=True)
    names = [f"q{index}" for index in range(len(letters))]
    for written, typed in (*zip(letters, names, strict=True), ("·", "*"), ("−", "-"), ("√", "sqrt")):
        formula = formula.replace(written, typed)
    return float(parse(formula, names)(*(values[letter] for letter in letters)))


def rate_lines(update: Update) -> tuple[Line, ...]:
    """Return how a schedule sets the learning rate of an update; nothing without one."""
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
    """Return the equation that clips one element of the gradient."""
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
    """Return a sentence on what the step did to the loss of its samples."""
    before, after = update.loss_before, update.loss
    left = "" if np.isfinite(after) else place_without_value(update)
    if left:
        return left
    if is_bottomless(update):
        return _("The function falls without end: no step can arrive.")
    if not (np.isfinite(update.after.theta).all() and np.isfinite(after)):
        return _("The numbers have grown too large for a computer: the steps are too long.")
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
        "adamw": _("Like adam; in addition, every step shrinks each parameter by η·λ = {decay} of its value."),
        "nadam": _("Like adam, but m̂ looks one step ahead along m."),
    }
    kind = update.run.rule.kind
    note = None if kind.has_slip else notes.get(kind.name + kind.form)
    options, decay = update.run.rule.options, update.learning_rate * update.run.rule.options.get(DECAY, 0.0)
    return () if note is None else (note.format(**options, decay=number(decay)),)
