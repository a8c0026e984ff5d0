"""Turns the options of a command line into a scenario, a run or a session."""

from __future__ import annotations

from argparse import Namespace

from gdsim.charts.view import Comparison
from gdsim.engine.update import Run
from gdsim.errors import UsageError
from gdsim.interop.ghost import ghost_of
from gdsim.interop.numbers import read_numbers
from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import Opening, load_file
from gdsim.scenario.place import Place
from gdsim.scenario.published import NAMES
from gdsim.scenario.scenario import Scenario
from gdsim.scenario.settings import parse_setting
from gdsim.session import Session
from gdsim.session.steps import way_to


def overrides(options: Namespace) -> list[tuple[str, object]]:
    """Return the requested changes as dotted paths and values; later ones override earlier ones.

    Raises UsageError for a --set that is not a setting.
    """
    pairs = [parse_setting(text) for text in options.settings]
    pairs += [pair for text in options.as_published for pair in _published(text)]
    for key, value in (("seed", options.seed), ("stop.max_updates", options.updates)):
        if value is not None:
            pairs.append((key, value))
    return pairs


def _published(text: str) -> list[tuple[str, object]]:
    """Return the settings of a named mistake: ``transposed=used`` with its place, or ``slope_left_out=hidden``.

    Any other text sets a key of [as_published].
    """
    name, equals, where = (part.strip() for part in text.partition("="))
    for known, place in ((name, where), (f"{name}-{where}".replace("_", "-"), "")):
        if known in NAMES:
            return [("as_published.mistake", known), *([("as_published.where", place)] if place else [])]
    return [parse_setting(f"as_published.{text}" if equals else f"as_published.mistake={text}")]


def load_scenario(options: Namespace) -> Scenario:
    """Return the scenario a command line names, with its changes. Raises GdsimError with every mistake in it."""
    return load_file(resolve(options.scenario), overrides=overrides(options))


def build_run(scenario: Scenario, options: Namespace) -> Run:
    """Return the scenario's run, from the requested starting point, and corrected if requested."""
    return build(scenario, start_index=options.start - 1, corrected=options.corrected)


def opening(options: Namespace) -> Opening:
    """Return how to open scenarios: with which settings, and with what locked and hidden."""
    return Opening(tuple(overrides(options)), _listed("--lock", options.lock), _listed("--hide", options.hide))


def open_session(scenario: Scenario, options: Namespace) -> Session:
    """Return the session ``gdsim run`` begins with. Raises UsageError for an impossible start or edit."""
    place = place_of(options)
    session = Session.open(scenario, place, is_asking=options.questions, budget=options.memory * 2**20)
    return way_to(session, place).session().beside(ghosts(scenario, options))


def place_of(options: Namespace) -> Place:
    """Return the place a command line asks for."""
    return Place("", options.at or 0, None, options.start - 1, options.corrected, tuple(options.edits))


def ghosts(scenario: Scenario, options: Namespace) -> tuple[Comparison, ...]:
    """Return the run of the learner's own program as a ghost, if requested."""
    if options.beside is None:
        return ()
    return (ghost_of(scenario, read_numbers(options.beside), corrected=options.corrected),)


def _listed(option: str, texts: list[str]) -> tuple[str, ...]:
    """Return the names in an option, separated by commas. Raises UsageError if a name is empty."""
    listed = [name.strip() for text in texts for name in text.split(",")]
    if not all(listed):
        raise UsageError(option, "found an empty name", f"names separated by commas, such as {option} edit,rule")
    return tuple(listed)
