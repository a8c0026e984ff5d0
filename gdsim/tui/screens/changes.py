"""Changes to the run from the update on view on: learning rate, rule, parameters, start, correction."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gdsim.engine.edits import next_rate
from gdsim.engine.rules import RULES
from gdsim.errors import GdsimError, UsageError
from gdsim.i18n import _
from gdsim.session.looking import nudged
from gdsim.tui import screens
from gdsim.tui.screens.base import SessionScreen
from gdsim.tui.strips import filled

_RULE_CELLS = 18
_ASSIGNMENT = r"^\s*(?P<name>[^=\s]+)\s*=?\s*(?P<value>\S+)\s*$"


LOCKS: Mapping[str, str] = {
    "rate_down": "learning-rate",
    "rate_up": "learning-rate",
    "type_rate": "learning-rate",
    "rule": "rule",
    "edit": "edit",
    "correct": "corrected",
    "what_if": "what-if",
}
"""The lock of a scenario's [show] that closes an action."""


class Changes(SessionScreen):
    """The keys of the run screen that change something."""

    def refused(self, action: str) -> bool:
        """Whether the scenario locks an action; says so when it does."""
        is_locked = LOCKS[action] in self.session.scenario.show.lock
        if is_locked:
            self.app.notify(
                _("This scenario keeps it as it is ({lock}).").format(lock=LOCKS[action]), title=_("locked")
            )
        return is_locked

    def action_rate_up(self) -> None:
        """Raise the learning rate one step of 1-2-5."""
        if not self.refused("rate_up"):
            self.change("update.learning_rate", next_rate(self.learning_rate(), up=True))

    def action_rate_down(self) -> None:
        """Lower the learning rate one step of 1-2-5."""
        if not self.refused("rate_down"):
            self.change("update.learning_rate", next_rate(self.learning_rate(), up=False))

    def action_type_rate(self) -> None:
        """Ask for a learning rate."""
        self.pause()
        if self.refused("type_rate"):
            return
        help_text = _("a number above 0; it holds from this update on")
        sheet = screens.AskLine(_("learning rate η"), help_text, f"{self.learning_rate():g}", self._change_of_rate)
        self.app.push_screen(sheet)

    def action_edit(self) -> None:
        """Ask for a parameter and its new value."""
        self.pause()
        if not self.refused("edit"):
            self.ask_parameter(lambda text: self.show(self.session.edited(*assignment(text))))

    def ask_parameter(self, take: Callable[[str], None]) -> None:
        """Ask for a parameter and its new value, and hand the line to `take`, which raises what is wrong with it."""
        update = self.session.position.update
        layout, state = self.session.timeline.run.model.layout, self.session.timeline.state(update)
        names = ", ".join(layout.label(i) for i in range(min(layout.size, 8))) + (", …" if layout.size > 8 else "")
        sheet = screens.AskLine(
            _("edit a parameter"),
            _("name = value, from this update on; names: {names}").format(names=names),
            f"{layout.label(0)} = {state.theta[0]:.10g}",
            take,
        )
        self.app.push_screen(sheet)

    def action_rule(self) -> None:
        """Offer the update rules."""
        self.pause()
        if not self.refused("rule"):
            self.choose_rule(lambda name: self.change("update.rule", name))

    def choose_rule(self, take: Callable[[str], None]) -> None:
        """Offer the update rules, and hand the one chosen to `take`."""
        run = self.session.timeline.run_at(self.session.position.update)
        if run.stop.on_epoch:
            self.app.notify(_("A perceptron has its own rule."))
            return
        rules = [(name, filled(_(kind.name), _RULE_CELLS) + kind.formula) for name, kind in RULES.items()]
        sheet = screens.Choose(_("update rule"), rules, run.rule.kind.name)
        self.app.push_screen(sheet, lambda name: None if name is None else take(name))

    def action_correct(self) -> None:
        """Change between the rule as published and the corrected one, at the same update."""
        self.pause()
        if self.refused("correct"):
            return
        try:
            self.show(self.session.corrected())
        except GdsimError as error:
            self.app.notify(error.what)
            return
        if self.session.is_corrected:
            self.app.notify(_("Corrected rule. Press c for the rule as published."), title=_("corrected"))
        else:
            self.app.notify(_("The rule as published. Press c for the corrected one."), title=_("as published"))

    def action_other_start(self) -> None:
        """Go to the scenario's next starting point."""
        self.pause()
        try:
            self.show(self.session.other_start())
        except GdsimError as error:
            self.app.notify(error.what)

    def action_nudge(self) -> None:
        """Nudge one more weight for the gradient on view."""
        self._nudge(1)

    def action_nudge_all(self) -> None:
        """Nudge all weights that are left."""
        self._nudge(None)

    def _nudge(self, count: int | None) -> None:
        self.pause()
        try:
            self.show(nudged(self.session, count))
        except GdsimError as error:
            self.app.notify(error.what)

    def action_restart(self) -> None:
        """Go back to the start, as the scenario gives it."""
        self.pause()
        self.show(self.session.restarted())

    def change(self, key: str, value: float | str | bool) -> None:
        """Change something from here on, and say so when that cannot be."""
        try:
            self.show(self.session.edited(key, value))
        except GdsimError as error:
            self.app.notify(str(error), severity="error")

    def learning_rate(self) -> float:
        """Return the learning rate of the next update."""
        return self.session.timeline.run_at(self.session.position.update).learning_rate

    def _change_of_rate(self, text: str) -> None:
        self.show(self.session.edited("update.learning_rate", number(text)))


def assignment(text: str) -> tuple[str, float]:
    """Return name and value of a typed ``name = value``. Raises UsageError."""
    match = re.match(_ASSIGNMENT, text)
    if match is None:
        raise UsageError(_("edit"), _("found {text!r}").format(text=text), _("name = value, such as x = 3"))
    return match["name"], number(match["value"])


def number(text: str) -> float:
    """Return a typed number; a real minus sign is read too. Raises UsageError."""
    try:
        return float(text.strip().replace("−", "-"))
    except ValueError:
        raise UsageError(
            _("number"), _("found {text!r}").format(text=text.strip()), _("a number such as 0.1")
        ) from None
