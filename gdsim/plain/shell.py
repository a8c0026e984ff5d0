"""Plain mode: reads a command a line, writes a block of text a step. No cursor, no colour, no drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

from gdsim.errors import GdsimError, UsageError
from gdsim.i18n import _
from gdsim.plain.blocks import block
from gdsim.plain.choosing import choose
from gdsim.plain.commands import QUIT, SCENARIOS, understand
from gdsim.plain.talk import Talk
from gdsim.session import Session


def run_plain(session: Session, typed: TextIO | None, stream: TextIO, *, ascii_only: bool = False) -> int:
    """Show `session`, then do what each typed line says until it says quit or there are no more; return status 0.

    What cannot be understood is answered with what is allowed. `ascii_only` is chosen by itself where `stream` cannot
    write the letters of formulas.
    """
    _step(session, Talk.between(typed, stream, ascii_only=ascii_only), is_chosen=False)
    return 0


def choose_plain(
    opened: Callable[[str], Session], typed: TextIO | None, stream: TextIO, *, ascii_only: bool = False
) -> int:
    """List the bundled scenarios and step through the one chosen, until quit or the end of input; return status 0.

    opened: the session on a scenario of a name; what it raises of GdsimError is said, and another can be chosen.
    """
    talk = Talk.between(typed, stream, ascii_only=ascii_only)
    while (session := choose(opened, talk)) is not None and _step(session, talk, is_chosen=True):
        pass
    return 0


def _step(session: Session, talk: Talk, *, is_chosen: bool) -> bool:
    """Do what is typed until it leaves; return whether that is to go back to the list it was chosen from."""
    talk.say(f"{session.scenario.title}\n{_('help lists the commands.')}\n\n{block(session)}")
    while (line := talk.asked()) is not None:
        try:
            command, argument = understand(line)
            if command is QUIT:
                return False
            if command is SCENARIOS:
                if is_chosen:
                    return True
                raise UsageError("scenarios", _("this run was not chosen from the list"), _("gdsim alone opens it"))
            for shown in command.act(session, argument):
                if isinstance(shown, Session):
                    session = shown if _is_still_asking(session, shown) else replace(shown, quiz=shown.quiz.closed())
                talk.say(block(session) if isinstance(shown, Session) else shown)
        except GdsimError as error:
            talk.say(str(error))
    return False


def _is_still_asking(before: Session, after: Session) -> bool:
    """Whether a question that is open still belongs where the session has come to."""
    return after.position == before.position and after.timeline is before.timeline
