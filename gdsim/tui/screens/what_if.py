"""What if: branches of the run, and the command that leads to what is on screen."""

from __future__ import annotations

from collections.abc import Callable

from gdsim.errors import GdsimError, UsageError
from gdsim.i18n import _
from gdsim.session.changes import changeable, command_lines
from gdsim.tui import screens
from gdsim.tui.screens.changes import Changes, assignment, number


class WhatIf(Changes):
    """The keys of the run screen that branch off, and the one that writes down how to come back."""

    def action_what_if(self) -> None:
        """Offer what can be changed from here on, and the branches there are."""
        self.pause()
        if not self.refused("what_if"):
            self._offer()

    def _offer(self, current: str = "") -> None:
        from gdsim.explain.branches import tree_lines

        session, update = self.session, self.session.position.update
        tree = tree_lines(session.branches, update, ascii_only=self.ascii_only)
        texts = {
            "update.learning_rate": _("another learning rate (now {rate})").format(rate=f"{self.learning_rate():g}"),
            "update.rule": _("another update rule"),
            "edit": _("another value of a parameter"),
            "seed": _("another order of the samples (seed)"),
            "corrected": self._correction(),
        }
        changes = [(key, texts[key]) for key in changeable(session)]
        title = _("what if, from update {update} on").format(update=update)
        self.app.push_screen(screens.BranchSheet(title, changes, tree, current), self._do)

    def _correction(self) -> str:
        is_corrected = self.session.timeline.run_at(self.session.position.update).is_corrected
        return _("the rule as published") if is_corrected else _("the corrected rule")

    def _do(self, chosen: screens.Chosen | None) -> None:
        if chosen is None:
            return
        if chosen.what == "change":
            _CHANGES[chosen.name](self)
            return
        try:
            session = self.session
            self.show(session.switched(chosen.name) if chosen.what == "switch" else session.without(chosen.name))
        except GdsimError as error:
            self.app.notify(str(error), severity="error")
        if chosen.what == "delete" and len(self.session.branches.all) > 1:
            self._offer(self.session.branches.current)

    def _what_if(self, key: str, value: float | str | bool) -> None:
        """Go on with something changed on a new branch. Raises UsageError when that cannot be."""
        self.show(self.session.what_if(key, value))

    def _ask(self, title: str, help_text: str, value: str, parse: Callable[[str], None]) -> None:
        self.app.push_screen(screens.AskLine(title, help_text, value, parse))

    def what_if_rate(self) -> None:
        """Ask for the learning rate of a new branch."""
        help_text = _("a number above 0; the run so far stays as a ghost")
        rate = f"{self.learning_rate():g}"
        self._ask(
            _("learning rate η"), help_text, rate, lambda text: self._what_if("update.learning_rate", number(text))
        )

    def what_if_rule(self) -> None:
        """Offer the update rules for a new branch."""
        self.choose_rule(lambda name: self._what_if("update.rule", name))

    def what_if_parameter(self) -> None:
        """Ask for a parameter and its value on a new branch."""
        self.ask_parameter(lambda text: self._what_if(*assignment(text)))

    def what_if_seed(self) -> None:
        """Ask for the seed of a new branch."""
        help_text = _("a whole number from 0; the samples come in another order from here on")
        self._ask(_("seed"), help_text, str(self.session.scenario.seed + 1), self._seeded)

    def _seeded(self, text: str) -> None:
        value = number(text)
        if value != value // 1 or value < 0:
            raise UsageError(_("seed"), _("found {text!r}").format(text=text.strip()), _("a whole number from 0"))
        self._what_if("seed", int(value))

    def what_if_corrected(self) -> None:
        """Go on under the other rule, corrected or as published, on a new branch."""
        is_corrected = self.session.timeline.run_at(self.session.position.update).is_corrected
        try:
            self._what_if("corrected", not is_corrected)
        except GdsimError as error:
            self.app.notify(str(error), severity="error")

    def action_command(self) -> None:
        """Show the command that leads to what is on screen."""
        self.pause()
        self.app.push_screen(screens.CommandSheet(command_lines(self.session)))


_CHANGES: dict[str, Callable[[WhatIf], None]] = {
    "update.learning_rate": WhatIf.what_if_rate,
    "update.rule": WhatIf.what_if_rule,
    "edit": WhatIf.what_if_parameter,
    "seed": WhatIf.what_if_seed,
    "corrected": WhatIf.what_if_corrected,
}
"""What each change of `gdsim.session.changes.CHANGES` asks for."""
