"""The commands of plain mode about branches: what if, the tree, going over to another, how to come back here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gdsim.engine.edits import parse_change
from gdsim.explain.branches import branch_label, tree_lines
from gdsim.i18n import _
from gdsim.session import Session

Shown = Iterator[Session | str]

_KEYS: Mapping[str, str] = {
    "rate": "update.learning_rate",
    "l": "update.learning_rate",
    "η": "update.learning_rate",
    "rule": "update.rule",
    "u": "update.rule",
}
"""Short names of what can be changed; everything else is called as edits call it."""

_EXAMPLES: Mapping[str, str] = {
    "update.learning_rate": "rate 0.5",
    "update.rule": "rule adam",
    "seed": "seed 7",
    "corrected": "corrected",
}


def what_if(session: Session, argument: str) -> Shown:
    """Go on with something changed, and keep the run so far beside; without a change, say which there are."""
    if not argument:
        yield _choices(session)
        return
    session = session.what_if(*_change(session, argument))
    branch = session.branches[session.branches.current]
    text = _("On branch {name}: {label}. The run so far stays as branch {parent}; switch {parent} goes back to it.")
    yield text.format(name=branch.name, label=branch_label(session.branches, branch), parent=branch.parent)
    yield session


def branches(session: Session, _argument: str) -> Shown:
    """Show the tree of branches."""
    yield "\n".join(text for _name, text in tree_lines(session.branches, session.position.update, ascii_only=True))


def switch(session: Session, argument: str) -> Shown:
    """Go over to another branch."""
    session = session.switched(argument)
    yield session


def drop(session: Session, argument: str) -> Shown:
    """Delete a branch."""
    session = session.without(argument)
    yield from branches(session, "")
    yield session


def command(session: Session, _argument: str) -> Shown:
    """Show the command lines that lead here."""
    yield "\n".join(session.command_lines())


def _change(session: Session, text: str) -> tuple[str, float | str | bool]:
    """Return key and value of a change as it is typed: ``rate 0.5``, ``rule adam``, ``x = 3``, ``corrected``."""
    if text in ("corrected", "c"):
        return "corrected", not session.timeline.run_at(session.position.update).is_corrected
    key, value = parse_change(text if "=" in text else "=".join(text.rsplit(maxsplit=1)))
    return _KEYS.get(key, key), value


def _choices(session: Session) -> str:
    layout = session.timeline.run.model.layout
    examples = {**_EXAMPLES, "edit": f"{layout.label(0)} 3"}
    changes = ", ".join(examples[key] for key in session.changes())
    return _("what if, from update {update} on: {changes}").format(update=session.position.update, changes=changes)
