"""The scenario's texts in other languages: [translations.zh].

::

    [translations.zh]
    title = "走下 (x − 2)²"
    summary = "一个变量，一个斜率"
    lesson = "..."          # Markdown
    note = "..."            # that of [as_published]
    compare = ["..."]       # the label of each [[compare]], in their order
    ask = ["..."]           # the question of each [[ask]], in their order

Every key may be left out: what has no translation is shown as the file has it. A language gdsim does not speak and
a key that has no text are mistakes.
"""

from collections.abc import Mapping
from typing import Annotated

from gdsim.scenario import limits
from gdsim.scenario.fields import AtMost, Line, Name, Prose, Several
from gdsim.scenario.table import Table, entry


class TextsSection(Table):
    """The scenario's texts in one other language; what is left out is shown as the file has it."""

    title: Line | None = entry(None, description="What the scenario is called.")
    summary: Line | None = entry(None, description="One line for the list of scenarios.")
    lesson: Prose | None = entry(None, description="Markdown: what to look at, what to try.")
    note: Prose | None = entry(None, description="The note of [as_published].")
    compare: Annotated[Several[Name], AtMost(limits.COMPARED_RUNS)] = entry(
        (), description="The label of each [[compare]], in their order."
    )
    ask: Annotated[Several[Prose], AtMost(limits.FIGURES)] = entry(
        (), description="The question of each [[ask]], in their order."
    )


class TranslationsSection(Table):
    """The scenario's texts in other languages."""

    zh: TextsSection | None = entry(None, description="In Simplified Chinese.")

    @property
    def by_language(self) -> Mapping[str, TextsSection]:
        """The languages the file has texts in."""
        return {} if self.zh is None else {"zh": self.zh}
