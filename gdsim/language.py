"""The language a learner reads: gettext catalogues chosen per context, so two users may share a process."""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from pathlib import Path

_DOMAIN = "gdsim"
_CATALOGUES = Path(__file__).parent / "locales"
_translations: ContextVar[gettext.NullTranslations | None] = ContextVar("translations", default=None)


def use_language(language: str) -> None:
    """Show messages of the current context in `language` (``en``, ``zh``); English where a message is missing."""
    _translations.set(gettext.translation(_DOMAIN, _CATALOGUES, [language], fallback=True))


def _(message: str) -> str:
    """Return `message` in the language of the current context."""
    translations = _translations.get()
    return message if translations is None else translations.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a message that fits `count`, in the language of the current context."""
    translations = _translations.get()
    if translations is None:
        return singular if count == 1 else plural
    return translations.ngettext(singular, plural, count)
