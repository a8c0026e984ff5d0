"""The catalogue of translations: every message of gdsim, and what it says in Chinese.

``python -m tests.catalogue`` brings gdsim/locales up to date: messages that are new come in without a translation,
those no longer used go, and the compiled catalogue is written anew. It tells what is still to be translated.
"""

from __future__ import annotations

import ast
import gettext
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from gdsim.charts.table import CHARTS
from gdsim.engine.rules import KINDS
from gdsim.explain.answers import GRADIENT_ITSELF, SIGNS, SIZES, WAYS
from gdsim.explain.figures import WORDS
from gdsim.explain.mistakes import BUGS, FLOAT32, MISTAKES
from gdsim.scenario.schema import STOP_REASONS
from gdsim.session.changes import CHANGES
from gdsim.session.command import Group
from gdsim.session.commands import COMMANDS
from gdsim.tui.dialogs.keys import OTHER_KEYS
from gdsim.tui.dialogs.roster import COLUMNS as ROSTER_COLUMNS
from gdsim.tui.dialogs.roster import GOAL_COLUMNS, STATES
from gdsim.tui.panels.parameters import COLUMNS
from gdsim.tui.path import PathScreen

PACKAGE = Path(__file__).parents[1] / "gdsim"
FOLDER = PACKAGE / "locales" / "zh" / "LC_MESSAGES"
PO, MO = FOLDER / "gdsim.po", FOLDER / "gdsim.mo"

WORDS_OF_ANSWERS = (*SIGNS.values(), *WAYS.values(), *SIZES.values())

TABLES: Mapping[str, tuple[str, ...]] = {
    "does": tuple(does for _keys, does in OTHER_KEYS),
    "group.value": tuple(group.value for group in Group),
    "each.text": tuple(change.text for change in CHANGES.values()),
    "command.help": tuple(command.help for command in COMMANDS),
    "command.local": tuple(command.local for command in COMMANDS if command.local),
    "command.label": tuple(command.label for command in COMMANDS if command.rank),
    "CHARTS[name].title": tuple(kind.title for kind in CHARTS.values()),
    "kind.title": tuple(kind.title for kind in CHARTS.values()),
    "kind.keys": tuple(kind.keys for kind in CHARTS.values() if kind.keys),
    "name": (*COLUMNS, *ROSTER_COLUMNS, *GOAL_COLUMNS),
    "STATES[row.state]": tuple(STATES.values()),
    "what": ("change", "gradient"),
    "bug.does": tuple(bug.does for bug in BUGS.values()),
    "mistake.right": tuple(each.right for each in MISTAKES if re.search("[a-z]{3}", each.right)),
    "mistake.wrong": tuple(each.wrong for each in MISTAKES if re.search("[a-z]{3}", each.wrong)),
    "mistake.does": (*(mistake.does for mistake in MISTAKES), FLOAT32.does),
    "word": WORDS_OF_ANSWERS,
    "mistake.looks_like": (*(each.looks_like for each in MISTAKES if each.sentence), GRADIENT_ITSELF.looks_like),
    "mistake.sentence": (*(each.sentence for each in MISTAKES if each.sentence), GRADIENT_ITSELF.sentence),
    "expect.quantity": WORDS,
    "description": tuple(dict.fromkeys(each.description for each in PathScreen.BINDINGS if each.description)),
    "run.rule.kind.words": tuple(kind.words for kind in KINDS),
    "kind.words": tuple(kind.words for kind in KINDS),
    "reason": STOP_REASONS,
}
"""What is translated by a name, not as a text in the call: the expression, and every message it may be."""

Found = tuple[str | tuple[str, str], str]
"""A message, or its singular and plural; and the file it stands in."""


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield the calls of a file that translate something."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            yield node


def texts(call: ast.Call) -> tuple[str, ...] | None:
    """Return the texts a call translates, None where it is handed a name."""
    wanted = call.args[: 1 if getattr(call.func, "id", "") == "_" else 2]
    found = [arg.value for arg in wanted if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return tuple(found) if len(found) == len(wanted) else None


def messages() -> Iterator[Found]:
    """Yield every message of the package, in the order of its files."""
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE.parent).as_posix()
        for call in sorted(calls(path), key=lambda call: (call.lineno, call.col_offset)):
            found = texts(call)
            if found is not None:
                yield (found[0] if len(found) == 1 else (found[0], found[1])), where
    for expression, listed in TABLES.items():
        for message in listed:
            yield message, expression


def template() -> Catalog:
    """Return every message without translations."""
    catalog = Catalog(fuzzy=False)
    for message, where in messages():
        catalog.add(message, locations=[(where, 0)])
    return catalog


def read() -> Catalog:
    """Return the catalogue as committed."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh", domain="gdsim")


def untranslated(catalog: Catalog) -> list[Message]:
    """Return the messages that say nothing in Chinese yet."""
    return [each for each in catalog if each.id and (each.fuzzy or not all(translation(each)))]


def translation(message: Message) -> tuple[str, ...]:
    """Return every form of a translation: one, as Chinese has no plural."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def update() -> Catalog:
    """Bring the catalogue up to date with the package and return it."""
    catalog = read()
    wanted = template()
    catalog.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    for message in catalog:
        message.flags -= {"python-format", "python-brace-format"}
    catalog.obsolete.clear()
    catalog.project, catalog.version = "gdsim", "1"
    catalog.msgid_bugs_address, catalog.last_translator, catalog.language_team = "", "", "Simplified Chinese"
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # one day, so that nothing moves
    with PO.open("wb") as file:
        write_po(file, catalog, width=118, include_lineno=False, ignore_obsolete=True)
    with MO.open("wb") as file:
        write_mo(file, catalog)
    return catalog


def compiled() -> dict[object, str]:
    """Return what the compiled catalogue says, without its header."""
    with MO.open("rb") as file:
        known = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in known.items() if key}


if __name__ == "__main__":
    missing = untranslated(update())
    for message in missing:
        print(repr(message.id))
    print(f"{len(missing)} messages without a translation in {PO.relative_to(PACKAGE.parent)}")
    sys.exit(bool(missing))
