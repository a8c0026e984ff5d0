"""Reads a scenario file or text into a Scenario, or refuses it with every mistake in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from gdsim.engine.losses import LOSSES
from gdsim.errors import Mistake, ScenarioError
from gdsim.scenario import limits
from gdsim.scenario.build import check_mistake
from gdsim.scenario.checks import check_kind, check_sections, check_translations
from gdsim.scenario.data.dataset import Dataset
from gdsim.scenario.data.load import depends_on_seed, load_data
from gdsim.scenario.mistakes import Path, Report, dotted
from gdsim.scenario.quantities import check_figures
from gdsim.scenario.scenario import Compared, Draft, Scenario, read_table
from gdsim.scenario.schema import CompareSection, ScenarioFile
from gdsim.scenario.settings import Overrides, with_overrides
from gdsim.scenario.toml_text import line_finder, line_text, read_text, read_toml

_NOT_COMPARED = ("expect", "compare", "ask", "goal", "translations")


def load_file(path: FilePath | str, overrides: Overrides = ()) -> Scenario:
    """Return the scenario in a file, with settings applied. Raises ScenarioError with every mistake found."""
    path = FilePath(path)
    return load_text(read_text(path), str(path), path.parent, overrides, name=path.stem)


def load_text(
    text: str, where: str, folder: FilePath | None = None, overrides: Overrides = (), *, name: str = ""
) -> Scenario:
    """Return the scenario in a TOML text. Raises ScenarioError with every mistake found.

    where: what messages call it; folder: where its data files are, None if it may have none; name: short, by default
    `where`.
    """
    if len(text) > limits.FILE_BYTES:
        raise ScenarioError(where, [Mistake("", f"has {len(text)} characters", f"at most {limits.FILE_BYTES}")])
    table = read_toml(text, where)
    if not table:
        raise ScenarioError(where, [Mistake("", "is empty", "a scenario; gdsim new writes one to start from")])
    report = Report()
    table, changed = with_overrides(table, overrides, report)
    scenario = _Reader(where, name or where, folder, settings=overrides).read(table, report, table)
    if scenario is None:
        raise ScenarioError(where, report.mistakes(line_finder(text, changed), partial(line_text, text)))
    return scenario


def load_table(table: Mapping[str, Any], where: str) -> Scenario:
    """Return the scenario in a table, such as one made in Python. Raises ScenarioError with every mistake found."""
    report = Report()
    scenario = _Reader(where, where, None).read(table, report, table)
    if scenario is None:
        raise ScenarioError(where, report.mistakes(line_finder("", ())))
    return scenario


def with_settings(scenario: Scenario, overrides: Overrides) -> Scenario:
    """Return `scenario` read again with further settings; its samples are reused if the settings do not affect them.

    Raises ScenarioError with every mistake found.
    """
    report = Report()
    table, changed = with_overrides(scenario.source_table, overrides, report)
    reader = _Reader(scenario.where, scenario.name, scenario.folder, scenario, (*scenario.settings, *overrides))
    again = reader.read(_known_sections(table, scenario.source_table, scenario), report, table)
    if again is None:
        raise ScenarioError(scenario.where, report.mistakes(line_finder("", changed)))
    return again


class _Reader(NamedTuple):
    """Reads the tables of one scenario: its own, and those of the runs compared with it.

    base: the scenario this one is a variant of. settings: those applied to its file.
    """

    where: str
    name: str
    folder: FilePath | None
    base: Scenario | None = None
    settings: Overrides = ()

    def read(self, table: Mapping[str, Any], report: Report, source: Mapping[str, Any]) -> Scenario | None:
        """Return the scenario in a table; if there are mistakes, report them and return None.

        source: the table as the text has it; in `table`, sections may already be read.
        """
        draft = read_table(table, report)
        check_translations(draft, report)
        kind = check_kind(draft, report)
        if kind is None:
            return None
        dataset = self._dataset(draft, kind, report)
        check_sections(draft, kind, dataset, report)
        if not any(report.has((key,)) for key in ("data", "update", "as_published", kind)):
            check_figures(draft, dataset, report)
        if report.found:
            return None
        scenario = Scenario.model_construct(
            **vars(draft.file),
            name=self.name,
            where=self.where,
            folder=self.folder,
            kind=kind,
            dataset=dataset,
            compared=(),
            source_table=dict(source),
            settings=tuple(self.settings),
        )
        if self.base is None:
            check_mistake(scenario, report)
        compared = self._compared(scenario, report)
        return None if report.found else scenario.model_copy(update={"compared": compared})

    def _dataset(self, draft: Draft, kind: str, report: Report) -> Dataset | None:
        """Return the samples; those of `base` if everything that determines them is the same."""
        file, base = draft.file, self.base
        if file.data is None or kind == "function":
            return None
        units = None if kind in draft.bad else _units(file)
        if base is not None and file.data is base.data:
            is_same_seed = file.seed == base.seed or not depends_on_seed(file.data)
            if is_same_seed and (units, *_meaning(file)) == (_units(base), *_meaning(base)):
                return base.dataset
        is_regression, labels = _meaning(file)
        return load_data(file.data, self.folder, file.seed, units, report, not is_regression, labels)

    def _compared(self, main: Scenario, report: Report) -> tuple[Compared, ...]:
        """Return the runs compared with the main one; report mistakes in them at the settings that cause them."""
        compared, numbers = [], 0
        for position, section in enumerate(main.compare):
            scenario = self._compared_run(main, section, ("compare", position, "set"), report)
            if scenario is None:
                continue
            compared.append(Compared(section.label, scenario))
            if scenario.dataset is not None and scenario.dataset is not main.dataset:
                numbers += scenario.dataset.inputs.size + scenario.dataset.targets.size
            if numbers > limits.COMPUTED_NUMBERS:
                what = f"the compared runs have {numbers} numbers in their own samples"
                report.add(("compare", position), what, f"at most {limits.COMPUTED_NUMBERS}")
                break
        return tuple(compared)

    def _compared_run(self, main: Scenario, section: CompareSection, at: Path, report: Report) -> Scenario | None:
        for key in section.set:
            if key.split(".")[0] in (*_NOT_COMPARED, "show", "format"):
                allowed = "keys of the model, data, update, stop, seed"
                report.add((*at, key), "cannot differ between compared runs", allowed)
                return None
        inner = Report()
        base = {key: value for key, value in main.source_table.items() if key not in _NOT_COMPARED}
        table, changed = with_overrides(base, [*section.set.items()], inner)
        reader = _Reader(self.where, f"{self.name}: {section.label}", self.folder, main)
        scenario = reader.read(_known_sections(table, base, main), inner, table)
        paths = dict(zip(section.set, changed, strict=True))
        for path, what, hint in inner.found:
            key = next((key for key, setting in paths.items() if path[: len(setting)] == setting), "")
            inside = f"{dotted(path)}: " if path and dotted(path) != key else ""
            report.add((*at, key) if key else at, f"{inside}{what}", hint)
        return scenario


def _units(file: ScenarioFile) -> int:
    return file.network.layers[-1].units if file.network else 1


def _meaning(file: ScenarioFile) -> tuple[bool, tuple[float | str, ...] | None]:
    """Return whether this is regression, so that words among the targets are mistakes, and a perceptron's labels.

    Regression: the last layer's activation is the identity, and the loss does not require an activation.
    """
    network = file.network
    if network is None:
        return False, file.perceptron.labels if file.perceptron else None
    return LOSSES[network.loss].fused_with is None and network.layers[-1].activation == "identity", None


def _known_sections(table: Mapping[str, Any], before: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """Return `table`, with every section that is the same object as in `before` replaced by the one already read."""
    fields = ScenarioFile.model_fields
    same = {key for key, value in table.items() if key in before and value is before[key] and key in fields}
    return {key: getattr(scenario, key) if key in same else value for key, value in table.items()}


class Opening(NamedTuple):
    """Settings that override a file, and names to lock and hide in addition to its own."""

    overrides: Overrides = ()
    lock: Sequence[str] = ()
    hide: Sequence[str] = ()

    def read(self, path: FilePath | str) -> Scenario:
        """Return the scenario in a file. Raises ScenarioError with every mistake found."""
        scenario = load_file(path, self.overrides)
        more = [
            (f"show.{key}", [*dict.fromkeys((*own, *names))])
            for key, own, names in (("lock", scenario.show.lock, self.lock), ("hide", scenario.show.hide, self.hide))
            if names
        ]
        return with_settings(scenario, more) if more else scenario
