"""A scenario with its texts in another language."""

from __future__ import annotations

from dataclasses import replace

from gdsim.scenario.scenario import Scenario


def in_language(scenario: Scenario, language: str) -> Scenario:
    """Return `scenario` with its texts in `language`: those its file has in it, the others as they are.

    Title, summary, lesson, the note on a published slip, the labels of compared runs and the questions are texts.
    """
    texts = scenario.translations.by_language.get(language)
    if texts is None:
        return scenario
    changed: dict[str, object] = {
        key: text for key in ("title", "summary", "lesson") if (text := getattr(texts, key)) is not None
    }
    if texts.note is not None and scenario.as_published is not None:
        changed["as_published"] = scenario.as_published.replaced(note=texts.note)
    if texts.compare:
        pairs = zip(scenario.compare, scenario.compared, texts.compare, strict=True)
        both = [(section.replaced(label=label), replace(run, label=label)) for section, run, label in pairs]
        changed["compare"], changed["compared"] = zip(*both, strict=True)
    if texts.ask:
        pairs_asked = zip(scenario.ask, texts.ask, strict=True)
        changed["ask"] = tuple(section.replaced(question=text) for section, text in pairs_asked)
    return scenario.replaced(**changed)
