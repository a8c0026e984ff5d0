"""Writes a run as a worked example in Markdown: updates with their equations and numbers, ready to hand out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.names import parameter_name, shown_name
from gdsim.engine.update import Model, Run, Update
from gdsim.explain.numbers import short_number
from gdsim.explain.page import Line, Names, Page, equation_lines, names_of
from gdsim.explain.pages import page, phase_name
from gdsim.explain.status import stop_sentence
from gdsim.explain.table import ParameterRow, rows
from gdsim.export.trace.lines import Steps
from gdsim.i18n import _, ngettext
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.position import Focus, Position
from gdsim.timeline.timeline import Timeline

WORKED_OUT = 5
"""How many updates are written with their equations by default; later ones go in a table."""

_EVERY_NUMBER = 40
"""A network of at most this many parameters gets the equations of each; a larger one those of one neuron."""
_TABLE_ROWS = 40
_LATER_ROWS = 30
_TABLE_COLUMNS = 6


def handout_lines(scenario: Scenario, timeline: Timeline, steps: Steps | None = None) -> Iterator[str]:
    """Yield the lines of a worked example of the run, each ending in a newline.

    steps: the updates to work out with their equations, leaving out all others; None for the first few, with the later
    ones in a table. Edits made by hand are noted where they were made.
    """
    first, last = (1, WORKED_OUT) if steps is None else (max(1, steps.first), steps.last)
    yield from given_lines(scenario, timeline)
    names, number = names_of(scenario), first
    while (last is None or number <= last) and timeline.reach(number) == number:
        yield from _update_lines(timeline, timeline.update(number), names)
        number += 1
    if steps is None and timeline.reach(number) == number:
        yield from _later_lines(timeline, number)
    if timeline.stopped is not None and (steps is None or timeline.last in steps):
        yield from _paragraphs(f"## {_('The end')}", stop_sentence(timeline.stopped, timeline))


def _update_lines(timeline: Timeline, update: Update, names: Names) -> Iterator[str]:
    """Yield an update: the edits made by hand before it, each phase, and a table of its numbers."""
    for edit in timeline.edits:
        if edit.after == update.number - 1:
            changed = _("Changed by hand before this update: {key} = {value}")
            yield from _paragraphs(
                "> " + changed.format(key=shown_name(update.run.model.layout, edit.key), value=edit.value)
            )
    yield from _paragraphs("## " + _("Update {number}").format(number=update.number))
    for index, phase in enumerate(update.phases):
        heading = f"### {index + 1}. {phase_name(phase)}"
        pages = [page(update, index, focus, names=names) for focus in _foci(update.run.model, phase.layer)]
        yield from _phase_lines(heading, pages)
    table = rows(timeline, Position(update.number - 1, len(update.phases) - 1), 0, _TABLE_ROWS)
    yield from _parameter_table(table, update.run.model.layout.size)


def _foci(model: Model, layer: int | None) -> Sequence[Focus]:
    """Return the places whose equations are written: all neurons and inputs of a small network's layer, else one."""
    if not isinstance(model, NetworkModel) or model.layout.size > _EVERY_NUMBER:
        return (Focus(),)
    layers = range(1, len(model.layers) + 1) if layer is None else (layer,)
    return [
        Focus(each, unit, input_)
        for each in layers
        for unit in range(model.layers[each - 1].units)
        for input_ in range(model.layers[each - 1].inputs)
    ]


def _phase_lines(heading: str, pages: Sequence[Page]) -> Iterator[str]:
    """Yield a phase; what several pages have in common is written once."""
    yield from _paragraphs(heading)
    written: set[Line] = set()
    for sentence, group in groupby(pages, key=lambda each: each.sentence):
        lines = list(dict.fromkeys(line for each in group for line in each.lines if line not in written))
        written.update(lines)
        if lines:
            yield from _paragraphs(sentence)
            equations = (f"{line}\n" for line in equation_lines(lines, spaced=True))
            yield from ("```text\n", *equations, "```\n", "\n")
    for note in dict.fromkeys(note for each in pages for note in each.notes):
        yield from _paragraphs(f"> {note}")


def _parameter_table(shown: Sequence[ParameterRow], size: int) -> Iterator[str]:
    yield from _paragraphs(f"### {_('Numbers of this update')}")
    yield _row(_("name"), _("value"), _("gradient"), _("change"), _("new"))
    yield "| --- | ---: | ---: | ---: | ---: |\n"
    for row in shown:
        slopes = ("" if each is None else short_number(each, signed=True) for each in (row.gradient, row.change))
        new = "" if row.new is None else short_number(row.new)
        yield _row(_code(row.name), short_number(row.value), *slopes, f"**{new}**" if row.is_changed else new)
    yield "\n"
    if size > len(shown):
        left_out = ngettext(
            "{count} more parameter is left out.", "{count} more parameters are left out.", size - len(shown)
        )
        yield from _paragraphs(left_out.format(count=size - len(shown)))


def _later_lines(timeline: Timeline, number: int) -> Iterator[str]:
    """Yield a row for each update from `number` on; in a long run, for every 2nd, 5th, 10th, … and the last."""
    last = timeline.reach(timeline.run.stop.max_updates)
    stride = _stride(last - number + 1)
    yield from _paragraphs(f"## {_('The updates after that')}")
    if stride > 1:
        yield from _paragraphs(_("One in {stride} of them, and the last.").format(stride=stride))
    layout = timeline.run.model.layout
    shown = range(min(layout.size, _TABLE_COLUMNS))
    yield _row(_("update"), _("loss"), *(_code(parameter_name(layout, i)) for i in shown))
    yield "| ---: | ---: |" + " ---: |" * len(shown) + "\n"
    for k in dict.fromkeys((*range(number if stride == 1 else number - number % -stride, last + 1, stride), last)):
        theta = timeline.state(k).theta
        yield _row(str(k), short_number(timeline.loss(k)), *(short_number(float(theta[i])) for i in shown))
    yield "\n"


def _stride(count: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, … that reduces `count` rows to at most `_LATER_ROWS`."""
    stride = 1
    while count > stride * _LATER_ROWS:
        stride = stride * 5 // 2 if str(stride).startswith("2") else stride * 2
    return stride


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |\n"


def _code(name: str) -> str:
    return f"`{name}`"


def _paragraphs(*texts: str) -> Iterator[str]:
    for text in texts:
        yield f"{text}\n"
        yield "\n"


_SHOWN = 12
"""The number of samples and of parameters listed."""


def given_lines(scenario: Scenario, timeline: Timeline) -> Iterator[str]:
    """Yield the head of a worked example in Markdown, each line ending in a newline."""
    run = timeline.run_at(0)
    yield from _paragraphs(f"# {scenario.title}", scenario.summary)
    if scenario.source:
        yield from _paragraphs(_("Source: {source}").format(source=scenario.source))
    if scenario.as_published is not None and (run.is_corrected or not scenario.as_published.hidden):
        which = _("With the errors of its source corrected.") if run.is_corrected else _("As published by its source.")
        yield from _paragraphs("> " + " ".join((which, *(scenario.as_published.note or "").split())))
    yield from _paragraphs(f"## {_('What is given')}")
    yield from (f"- {item}\n" for item in _items(timeline, run))
    yield "\n"
    yield from _samples(scenario)


def _items(timeline: Timeline, run: Run) -> Iterator[str]:
    yield from _model_items(run)
    if run.stop.on_epoch:
        yield _("learning rate η = {rate}").format(rate=short_number(run.learning_rate))
    else:
        text = _("update rule {name}: `{formula}`, with η = {rate}")
        shown = text.format(
            name=_(run.rule.kind.words), formula=run.rule.kind.formula, rate=short_number(run.learning_rate)
        )
        yield shown + _options(run.rule.options)
    if run.schedule is not None and run.schedule.options:
        text = _("schedule {name}: `η ← {formula}`")
        yield text.format(name=run.schedule.kind.name, formula=run.schedule.kind.formula) + _options(
            run.schedule.options
        )
    if run.clip is not None:
        yield _("gradient clipped: {limit}").format(limit=run.clip)
    layout, theta = run.model.layout, timeline.state(0).theta.tolist()
    start = [f"`{parameter_name(layout, i)} = {short_number(value)}`" for i, value in enumerate(theta[:_SHOWN])]
    if layout.size > _SHOWN:
        more = layout.size - _SHOWN
        start.append(ngettext("{count} more parameter", "{count} more parameters", more).format(count=more))
    yield _("at the start {parameters}").format(parameters=", ".join(start))
    yield _("loss there: {loss}").format(loss=short_number(timeline.loss(0)))


def _options(options: Mapping[str, float]) -> str:
    return "".join(f", {name} = {short_number(value)}" for name, value in options.items())


def _model_items(run: Run) -> Iterator[str]:
    model = run.model
    if isinstance(model, FunctionModel):
        yield f"`f({', '.join(model.expression.variables)}) = {model.expression.pretty()}`"
    elif isinstance(model, NetworkModel):
        layers = ", ".join(
            _("layer {number}: {units} × {activation}").format(number=i, units=layer.units, activation=activation.name)
            for i, (layer, activation) in enumerate(zip(model.layers, model.activations, strict=True), 1)
        )
        yield _("a network of {inputs} inputs; {layers}").format(inputs=model.layers[0].inputs, layers=layers)
        dropped = [f"{n}: {short_number(layer.dropout)}" for n, layer in enumerate(model.layers, 1) if layer.dropout]
        if dropped:
            yield _("share of units left out by layer: {shares}").format(shares=", ".join(dropped))
        penalty = model.penalty
        rates = {} if penalty is None else {"λ₂": penalty.l2, "λ₁": penalty.l1}
        added = "" if penalty is None else f" + {penalty.formula}{_options({k: v for k, v in rates.items() if v})}"
        yield _("loss: {name}").format(name=model.loss_name) + added
    else:
        yield _("a perceptron of {inputs} inputs").format(inputs=model.layout.size - 1)


def _samples(scenario: Scenario) -> Iterator[str]:
    """Yield a table of the first samples as the model sees them; nothing if they have too many inputs."""
    data = scenario.dataset
    if data is None or data.inputs.shape[1] > _SHOWN:
        return
    names = (*data.input_symbols, *data.target_symbols)
    count = len(data.inputs)
    yield _row(_("sample"), *names)
    yield "| ---: |" + " ---: |" * len(names) + "\n"
    for number in range(min(count, _SHOWN)):
        yield _row(str(number + 1), *map(short_number, (*data.inputs[number].tolist(), *data.targets[number].tolist())))
    yield "\n"
    if count > _SHOWN:
        more = ngettext("{count} more sample is left out.", "{count} more samples are left out.", count - _SHOWN)
        yield from _paragraphs(more.format(count=count - _SHOWN))
