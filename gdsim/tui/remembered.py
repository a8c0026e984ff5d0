"""Styles read once: a process that is forked for every learner need not parse the same style sheets again."""

from __future__ import annotations

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

Remembered = dict[tuple[object, ...], list[RuleSet]]
"""Rules by the text they were read from, where it stands, and the variables it was read with."""


class RememberedStylesheet(Stylesheet):
    """A style sheet that looks into what others have read before it reads.

    What it overrides is Textual's own; where that is gone, everything is read as ever.
    """

    def __init__(self, remembered: Remembered, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._remembered = remembered
        self._known_variables = frozenset(variables.items())

    def set_variables(self, variables: dict[str, str]) -> None:
        """Read with other variables from here on."""
        super().set_variables(variables)
        self._known_variables = frozenset(variables.items())

    def reparse(self) -> None:
        """Read everything again, as after a change of variables."""
        self.parse()

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        key = (css, read_from, is_default_rules, tie_breaker, scope, self._known_variables)
        rules = self._remembered.get(key)
        if rules is None:
            rules = self._remembered[key] = super()._parse_rules(css, read_from, is_default_rules, tie_breaker, scope)
        return rules
