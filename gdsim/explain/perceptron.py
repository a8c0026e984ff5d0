"""The phases of a perceptron's update, in words and numbers: sum, output, error, correction."""

from __future__ import annotations

from functools import partial

from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.names import input_name, parameter_name
from gdsim.engine.update import ERROR, OUTPUT, SUM, UPDATE, Phase, Run, Update
from gdsim.explain.numbers import format_vector, short_number
from gdsim.explain.page import (
    Line,
    Names,
    Page,
    Pages,
    factor,
    joined,
    number,
    product,
    summed,
    terms_left_out,
    terms_shown,
)
from gdsim.explain.status import separability
from gdsim.i18n import _
from gdsim.timeline.position import Focus, sample_in_hand


def sum_page(update: Update, _phase: Phase, focus: Focus, names: Names) -> Page:
    """Return s = wᵀx + b of the visited point."""
    model, q, row = _model(update), update.forward.quantities, sample_in_hand(update, focus)
    x, theta, count = q["x"][row].tolist(), update.before.theta.tolist(), q["x"].shape[1]
    wx, s = float(q["wx"][row]), float(q["sum"][row])
    write = partial(summed, count, focus.input)
    symbols = write(lambda i: f"{parameter_name(model.layout, i)}·{input_name(names.inputs, i, count)}")
    lines = (
        Line("wᵀx", symbols, write(lambda i: product(theta[i], x[i])), number(wx)),
        Line("s", "wᵀx + b", joined([number(wx), number(theta[-1])]), number(s)),
    )
    point = format_vector(x, 3)
    if s == 0.0:
        sentence = _("The point {point} lies exactly on the line: s is {s}.")
    elif abs(s) <= model.tie_tolerance:
        sentence = _("The point {point} lies so near the line that it counts as on it: s is {s}.")
    elif s > 0:
        sentence = _("s is above 0: the point {point} lies on the positive side of the line.")
    else:
        sentence = _("s is below 0: the point {point} lies on the negative side of the line.")
    notes = (separability(model),) if update.number == 1 else ()  # said once, at the start of the run
    return Page("", sentence.format(point=point, s=number(s)), lines, tuple(filter(None, notes)))


def output_page(update: Update, _phase: Phase, focus: Focus, names: Names) -> Page:
    """Return the class the sum stands for."""
    model, q, row = _model(update), update.forward.quantities, sample_in_hand(update, focus)
    s, f = float(q["sum"][row]), float(q["output"][row])
    is_tie = abs(s) <= model.tie_tolerance
    rule = _("1 if s ≥ 0, else 0") if model.tie == 1 else _("1 if s > 0, else 0")
    if model.is_tie_mistake:
        rule = _("1 if s > 0, 0 if s < 0, else 1 − y")
    if is_tie and model.is_tie_mistake:
        sentence = _("s is {s}, a tie, and a tie is always a mistake here: it counts as the wrong class, {f}.")
    elif is_tie:
        sentence = _("s is {s}, a tie, and a tie counts as class {tie} here: the perceptron answers {f}.")
    elif s > 0:
        sentence = _("s is above 0, so the perceptron answers {f}.")
    else:
        sentence = _("s is below 0, so the perceptron answers {f}.")
    notes = _tie_notes(update.run, model, s)
    known = f"s = {number(s)}"
    if is_tie and s != 0.0:
        known = f"|s| = {number(abs(s))} ≤ {number(model.tie_tolerance)}"
    elif not is_tie:
        known += f" {'>' if s > 0 else '<'} 0"
    line = Line("f", _("{rule};  {known}, so f = {f}").format(rule=rule, known=known, f=number(f)))
    sentence = sentence.format(s=number(s), tie=_named(model.tie, names), f=_named(f, names))
    return Page("", sentence, (line,), notes)


def error_page(update: Update, _phase: Phase, focus: Focus, names: Names) -> Page:
    """Return y − f."""
    q, row = update.forward.quantities, sample_in_hand(update, focus)
    y, f, error = float(q["target"][row]), float(q["output"][row]), float(q["error"][row])
    if error == 0.0:
        sentence = _("The target is {y} and so is the answer: this point is on the right side.")
    else:
        sentence = _("The target is {y}, the answer {f}: this point is on the wrong side.")
    target = names.targets[0] if names.targets else "y"
    line = Line("e", f"{target} − f", f"{number(y)} − {number(f)}", number(error))
    return Page("", sentence.format(y=_named(y, names), f=_named(f, names)), (line,))


def update_page(update: Update, _phase: Phase, focus: Focus, names: Names) -> Page:
    """Return the correction w ← w + η(y − f)x, weight by weight, and that of b."""
    model, q, row = _model(update), update.forward.quantities, sample_in_hand(update, focus)
    x, count = q["x"][row].tolist(), q["x"].shape[1]
    old, new = update.before.theta.tolist(), update.after.theta.tolist()
    eta, y, f = update.learning_rate, number(float(q["target"][row])), number(float(q["output"][row]))
    correction = f"{number(eta)}·({y} − {f})"
    target = names.targets[0] if names.targets else "y"
    lines = []
    for i in terms_shown(count, focus.input):
        name = parameter_name(model.layout, i)
        formula = f"{name} + η·({target} − f)·{input_name(names.inputs, i, count)}"
        substituted = f"{number(old[i])} + {correction}·{factor(x[i])}"
        lines.append(Line(_("new {name}").format(name=name), formula, substituted, number(new[i])))
    if model.trains_bias:
        bias = parameter_name(model.layout, count)
        formula, substituted = f"{bias} + η·({target} − f)", f"{number(old[-1])} + {correction}"
        lines.append(Line(_("new {name}").format(name=bias), formula, substituted, number(new[-1])))
    left_out = terms_left_out(count)
    if left_out:
        lines.append(Line(left_out[0], ""))
    if update.is_mistake:
        sentence = _("This point is on the wrong side: the line turns towards it.")
    else:
        sentence = _("No mistake, so nothing changes.")
    return Page("", sentence, tuple(lines), _loss_note(update))


def _named(value: float, names: Names) -> str:
    """Return a class, with its name in the samples if that is not its number: ``0 (−1)``, ``1 (setosa)``."""
    classes = () if names.data is None else names.data.class_names
    label = classes[int(value)] if classes else ""
    label = f"−{label[1:]}" if label.startswith("-") else label
    return number(value) if label in ("", number(value)) else f"{number(value)} ({label})"


def _tie_notes(run: Run, model: PerceptronModel, s: float) -> tuple[str, ...]:
    """Return how near to 0 counts as a tie, or that the published slip decides this sum, if it does."""
    slip, right = run.slip, model if run.right is None else run.right.model
    is_on_paper = isinstance(right, PerceptronModel) and model.tie_tolerance < abs(s) <= right.tie_tolerance
    if slip is not None and not slip.is_hidden and is_on_paper:
        text = _("As published: on paper s is 0, a tie, but rounding left {s} of it and decides the answer.")
        return (text.format(s=number(s)), slip.note) if slip.note else (text.format(s=number(s)),)
    if model.tie_tolerance == 0.0:
        return ()
    return (_("A sum no further from 0 than {limit} counts as a tie.").format(limit=number(model.tie_tolerance)),)


def _loss_note(update: Update) -> tuple[str, ...]:
    """Return how many points are on the wrong side before and after a correction."""
    if not update.is_mistake:
        return ()
    text = _("Points on the wrong side: {before} before, {after} after this correction.")
    wrong = text.format(before=number(update.loss_before), after=number(update.loss))
    return (wrong, *_margin_note(update))


def _margin_note(update: Update) -> tuple[str, ...]:
    """Return the margin before and after a correction, each only if there is a line."""
    before, after = (_model(update).margin(state.theta) for state in (update.before, update.after))
    if after is None:
        return ()
    if before is None:
        text = _("Margin: {after} after; there was no line before. Below 0, the worst point is on the wrong side.")
        return (text.format(after=short_number(after[1], signed=True)),)
    text = _("Margin: {before} before, {after} after. Below 0, the worst point is on the wrong side.")
    return (text.format(before=short_number(before[1], signed=True), after=short_number(after[1], signed=True)),)


def _model(update: Update) -> PerceptronModel:
    model = update.run.model
    assert isinstance(model, PerceptronModel)
    return model


PAGES: Pages = {SUM: sum_page, OUTPUT: output_page, ERROR: error_page, UPDATE: update_page}
"""A page function for each kind of phase."""
