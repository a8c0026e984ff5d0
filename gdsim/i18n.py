"""The language a learner reads: gettext catalogues chosen per context, so two users may share a process.

The screen, plain mode, lessons and `gdsim list` use it. The command line's help, its errors, the mistakes found in a
scenario file, traces and checks stay English: they name keys and options, and people search for and compare them.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")
"""English and Simplified Chinese; the messages in the code are in the first."""

_DOMAIN = "gdsim"
_CATALOGUES = Path(__file__).parent / "locales"
_NO_LANGUAGE = ("C", "POSIX")
_SAMPLE = "中文，。"
"""Text an output must be able to show before a language other than English is used."""

_translations: ContextVar[gettext.NullTranslations | None] = ContextVar("translations", default=None)
_language: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


def use_language(language: str) -> None:
    """Show messages of the current context in `language` (``en``, ``zh``), or in English if a translation is missing.

    Tasks started from now on inherit it, as do threads given a copy of the context; running ones keep their language.
    """
    _language.set(language)
    _translations.set(_catalogue(language))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return the messages of a language, read only once: a process may lose its right to read files."""
    return gettext.translation(_DOMAIN, _CATALOGUES, [language], fallback=True)


def current_language() -> str:
    """Return the language of the current context."""
    return _language.get()


def language_of(environment: Mapping[str, str]) -> str:
    """Return the first known language that environment variables name, as gettext reads them; else English.

    LC_ALL overrides LC_MESSAGES, which overrides LANG. LANGUAGE, a list such as ``fr:zh``, overrides all of them,
    unless they ask for no language (``C``).
    """
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if _bare(locale) in _NO_LANGUAGE:
        return LANGUAGES[0]
    wanted = [*environment.get("LANGUAGE", "").split(":"), locale]
    return next((_bare(name) for name in wanted if _bare(name) in LANGUAGES), LANGUAGES[0])


def speak(asked: str | None, encoding: str | None) -> None:
    """Show messages in the language asked for, else in the one the environment names.

    Falls back to English if output in `encoding` cannot show the environment's language.
    """
    use_language(asked or (language_of(os.environ) if can_write(_SAMPLE, encoding) else LANGUAGES[0]))


def can_write(text: str, encoding: str | None) -> bool:
    """Whether a stream of this encoding can show a text."""
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _bare(locale: str) -> str:
    """Return the language of a locale's name: ``zh`` of ``zh_CN.UTF-8``, ``zh_Hans`` or ``zh-Hans``."""
    return locale.replace("-", "_").split(".")[0].split("@")[0].split("_")[0]


def _(message: str) -> str:
    """Return `message` in the language of the current context."""
    translations = _translations.get()
    return translations.gettext(message) if message and translations is not None else message


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the singular or plural form of a message for `count`, in the language of the current context."""
    translations = _translations.get()
    if translations is None:
        return singular if count == 1 else plural
    return translations.ngettext(singular, plural, count)
