"""What a worked example starts from: the scenario, its model and rule, its data and the parameters at the start."""

from __future__ import annotations

from collections.abc import Iterator

from gdsim.engine.function import FunctionModel
from gdsim.engine.network import NetworkModel
from gdsim.engine.update import Run
from gdsim.explain.numbers import short_number
from gdsim.explain.symbols import names_of
from gdsim.language import _, ngettext
from gdsim.scenario import Scenario
from gdsim.timeline.timeline import Timeline

_SHOWN = 12
"""So many samples and parameters are listed."""


def given_lines(scenario: Scenario, timeline: Timeline) -> Iterator[str]:
    """Yield the head of a worked example in Markdown, lines that end in a newline."""
    run = timeline.run_at(0)
    yield from (f"# {scenario.title}\n", "\n", f"{scenario.summary}\n", "\n")
    if scenario.source:
        yield from (_("Source: {source}").format(source=scenario.source) + "\n", "\n")
    if scenario.as_published is not None and (run.is_corrected or not scenario.as_published.hidden):
        which = _("With the errors of its source corrected.") if run.is_corrected else _("As its source published it.")
        note = "" if scenario.as_published.note is None else " " + " ".join(scenario.as_published.note.split())
        yield from (f"> {which}{note}\n", "\n")
    yield from (f"## {_('What is given')}\n", "\n")
    yield from (f"- {item}\n" for item in _items(timeline, run))
    yield "\n"
    yield from _samples(scenario)


def _items(timeline: Timeline, run: Run) -> Iterator[str]:
    yield from _model_items(run)
    if run.stop.on_epoch:
        yield _("learning rate η = {rate}").format(rate=short_number(run.learning_rate))
    else:
        text = _("update rule {name}: `{formula}`, with η = {rate}")
        options = "".join(f", {name} = {short_number(value)}" for name, value in run.rule.options.items())
        shown = text.format(
            name=_(run.rule.kind.name), formula=run.rule.kind.formula, rate=short_number(run.learning_rate)
        )
        yield shown + options
    layout, theta = run.model.layout, timeline.state(0).theta.tolist()
    start = [f"`{layout.label(i)} = {short_number(value)}`" for i, value in enumerate(theta[:_SHOWN])]
    if layout.size > _SHOWN:
        more = layout.size - _SHOWN
        start.append(ngettext("{count} more parameter", "{count} more parameters", more).format(count=more))
    yield _("at the start {parameters}").format(parameters=", ".join(start))
    yield _("loss there: {loss}").format(loss=short_number(timeline.loss(0)))


def _model_items(run: Run) -> Iterator[str]:
    """Yield what is minimised."""
    model = run.model
    if isinstance(model, FunctionModel):
        yield f"`f({', '.join(model.expression.variables)}) = {model.expression.pretty()}`"
    elif isinstance(model, NetworkModel):
        layers = ", ".join(
            _("layer {number}: {units} × {activation}").format(number=i, units=layer.units, activation=activation.name)
            for i, (layer, activation) in enumerate(zip(model.layers, model.activations, strict=True), 1)
        )
        yield _("a network of {inputs} inputs; {layers}").format(inputs=model.layers[0].inputs, layers=layers)
        yield _("loss: {name}").format(name=model.loss_name)
    else:
        yield _("a perceptron of {inputs} inputs").format(inputs=model.layout.size - 1)


def _samples(scenario: Scenario) -> Iterator[str]:
    """Yield a table of the first samples, as the model sees them."""
    data = scenario.dataset
    if data is None or data.inputs.shape[1] > _SHOWN:
        return
    inputs = names_of(scenario).inputs or data.input_names
    count = len(data.inputs)
    yield f"| {_('sample')} | {' | '.join((*inputs, *data.target_names))} |\n"
    yield "| ---: |" + " ---: |" * (len(inputs) + len(data.target_names)) + "\n"
    for number in range(min(count, _SHOWN)):
        cells = (*data.inputs[number].tolist(), *data.targets[number].tolist())
        yield f"| {number + 1} | {' | '.join(map(short_number, cells))} |\n"
    yield "\n"
    if count > _SHOWN:
        more = ngettext("{count} more sample is left out.", "{count} more samples are left out.", count - _SHOWN)
        yield from (more.format(count=count - _SHOWN) + "\n", "\n")
