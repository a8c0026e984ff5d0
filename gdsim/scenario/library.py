"""The bundled scenarios: their folder, their names and their summaries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gdsim.errors import GdsimError
from gdsim.i18n import current_language
from gdsim.scenario import limits
from gdsim.scenario.files import read_bytes
from gdsim.scenario.mistakes import RefusedError, join, near
from gdsim.scenario.toml_text import parse_toml

KINDS = ("function", "perceptron", "network")
"""The tables that define the model; a scenario has exactly one."""

_PACKAGE = Path(__file__).parents[1]
_TRANSLATED = ("title", "summary", "lesson", "goal")


class Summary(NamedTuple):
    """What a list of scenarios shows of each.

    kind: function, perceptron or network; empty for a file that cannot be read or has none of them.
    goals: their texts; questions: how many.
    """

    name: str
    title: str
    summary: str
    source: str
    kind: str
    path: Path
    lesson: str = ""
    goals: tuple[str, ...] = ()
    questions: int = 0


# Looked up on import: in a workshop, a learner's process may lose access to the folder afterwards.
_FOLDER = next(
    (path for path in (_PACKAGE / "scenarios", _PACKAGE.parent / "scenarios") if path.is_dir()), _PACKAGE / "scenarios"
)


def folder() -> Path:
    """Return the folder of bundled scenarios: inside the installed package, or next to it in a checkout."""
    return _FOLDER


def names(scenarios: Path | None = None) -> tuple[str, ...]:
    """Return the names of the scenarios in a folder (default: the bundled ones), in alphabetical order."""
    return tuple(sorted(path.stem for path in (scenarios or folder()).glob("*.toml")))


def resolve(name_or_path: str, scenarios: Path | None = None) -> Path:
    """Return the file of a scenario, given its name or the path to a .toml file, which need not exist.

    A name is looked up in a folder (default: the bundled scenarios). Raises GdsimError for an unknown name.
    """
    known = names(scenarios)
    if name_or_path in known:
        return (scenarios or folder()) / f"{name_or_path}.toml"
    path = Path(name_or_path)
    if name_or_path and (name_or_path.endswith(".toml") or len(path.parts) > 1 or path.exists()):
        return path
    hint = join(near(name_or_path, known), "gdsim list names the bundled ones; a path ends in .toml")
    raise GdsimError(name_or_path or '""', "no such scenario", hint)


def summaries(scenarios: Path | None = None, *, language: str | None = None) -> tuple[Summary, ...]:
    """Return the summary of each scenario in a folder (default: the bundled ones), without checking the files.

    Texts are in `language` (default: that of the current context) if the file translates them.
    """
    place, language = scenarios or folder(), language or current_language()
    return tuple(summary_of(place / f"{name}.toml", language) for name in names(scenarios))


def summary_of(path: Path, language: str) -> Summary:
    """Return the summary of a scenario file, without checking it; in `language` where the file translates the texts."""
    name = path.stem
    try:
        table = parse_toml(read_bytes(path, limits.FILE_BYTES).decode("utf-8-sig"))
    except (RefusedError, UnicodeDecodeError):
        return Summary(name, name, "cannot be read", "", "", path)
    kind = next((kind for kind in KINDS if kind in table), "")
    texts = {**table, **_translated(table, language)}
    title, about, source = (_text(texts.get(key)) for key in ("title", "summary", "source"))
    lesson, goals = str(texts.get("lesson", ""))[: limits.PROSE_CHARACTERS], _items(texts.get("goal"))
    goal_texts = tuple(_text(goal.get("text") if isinstance(goal, dict) else goal) for goal in goals)
    return Summary(name, title or name, about, source, kind, path, lesson, goal_texts, len(_items(table.get("ask"))))


def _items(value: object) -> list[object]:
    return value[: limits.FIGURES] if isinstance(value, list) else []


def _translated(table: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """Return an unchecked file's texts in a language."""
    translations = table.get("translations")
    texts = translations.get(language) if isinstance(translations, dict) else None
    return {key: text for key, text in texts.items() if key in _TRANSLATED} if isinstance(texts, dict) else {}


def _text(value: object) -> str:
    """Return a text on one line, shortened and safe to print; nothing if `value` is not a text."""
    if not isinstance(value, str):
        return ""
    return "".join(c if c.isprintable() else " " for c in value[: limits.LINE_CHARACTERS])
