"""The last resort of `--ascii`: replaces frames, bars and signs that Textual itself draws by ASCII, cell for cell."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from gdsim.explain.numbers import in_ascii, is_of_language

_SIGNS = {
    **dict.fromkeys("─╌┄┈▔▁▂‾⎯╴╶", "-"),
    **dict.fromkeys("━═╍╸╺", "="),
    **dict.fromkeys("│┃║╎┆┊▏▕▎▍▌▐╷╵╹╻", "|"),
    **dict.fromkeys("█▇▆▅▄▃▀▋▊▉", "#"),
    "░": "'",
    "▒": ":",
    "▓": "%",
    "•": "*",
    "·": "*",
    "›": ">",
    "‹": "<",
    "←": "<",
    "→": ">",
    "↑": "^",
    "↓": "v",
    "▲": "^",
    "▼": "v",
    "▶": ">",
    "◀": "<",
    "…": ".",
    "✓": "+",
    "✗": "x",
    "☐": "o",
    "◐": "-",
    "☑": "x",
    "●": "*",
    "○": "o",
    "×": "x",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "—": "-",
    "–": "-",
    "−": "-",
    "\u00a0": " ",
    # Chinese punctuation is two cells wide; the blank goes on the side where the sign leaves it.
    "，": ", ",
    "、": ", ",
    "。": ". ",
    "：": ": ",
    "；": "; ",
    "？": "? ",
    "！": "! ",
    "（": " (",
    "）": ") ",
    # Greek letters in dialogs without room for their names become letters that look like them.
    **dict(zip("αβδεηθλμπρσΔΣ", "abdenOluprsDS", strict=True)),
}


class AsciiLetters(LineFilter):
    """Replaces every non-ASCII sign by ASCII of the same width; letters of languages stay as they are."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with replaced text."""
        return [
            segment if segment.text.isascii() else Segment(cell_for_cell(segment.text), segment.style, segment.control)
            for segment in segments
        ]


def draws_in_ascii(app: App[object]) -> bool:
    """Whether `app` draws with ASCII only."""
    return any(isinstance(line_filter, AsciiLetters) for line_filter in app.get_line_filters())


def lettered(app: App[object], text: str, *, is_markdown: bool = False) -> str:
    """Return a text in the letters `app` draws with: under `--ascii`, Greek letters are spelled out.

    is_markdown: "·" is kept, because its replacement would mark emphasis; the filter replaces it later.
    """
    if not draws_in_ascii(app):
        return text
    return "·".join(in_ascii(part) for part in text.split("·")) if is_markdown else in_ascii(text)


@lru_cache(maxsize=4096)
def cell_for_cell(text: str) -> str:
    """Return `text` with each sign replaced by ASCII of the same width in cells."""
    return "".join(letter if letter.isascii() else _plain(letter) for letter in text.replace(" · ", " | "))


def _plain(letter: str) -> str:
    """Return the replacement of one sign or letter: ASCII of its width, or a letter of a language itself."""
    if letter in _SIGNS:
        return _SIGNS[letter]
    if "─" <= letter <= "╿":
        return "+"
    plain = in_ascii(letter)
    if plain.isascii():
        width = cell_len(letter)
        return plain[:width].ljust(width)
    if is_of_language(letter):
        return letter
    return "?" * cell_len(letter)
