"""Whatever a key does on the screen, plain mode has a word for it, or a reason why it needs none."""

import pytest
from plain_talk import HILL, said

from gdsim.charts.table import CHARTS
from gdsim.plain.commands import COMMANDS
from gdsim.tui.keys import KEYS

WORDS = {
    "next": "next",
    "back": "back",
    "next_phase": "phase",
    "previous_phase": "phase-back",
    "first": "first",
    "last": "last",
    "go_to": "go",
    "play": "play",
    "milestone": "milestone",
    "restart": "restart",
    "rate_down": "rate-down",
    "rate_up": "rate-up",
    "type_rate": "rate",
    "edit": "set",
    "rule": "rule",
    "correct": "corrected",
    "what_if": "what-if",
    "other_start": "start",
    "ask": "ask",
    "do_step": "do",
    "name_bug": "bug",
    "score": "score",
    "nudge": "nudge",
    "nudge_all": "nudge",
    "check": "check",
    "next_chart": "chart",
    "lesson": "lesson",
    "command": "command",
    "save": "save",
    "reload": "reload",
    "help": "help",
    "quit": "quit",
}
NEEDS_NONE = {
    "faster": "play N shows N updates at once, there is no clock",
    "slower": "as faster",
    "next_panel": "there are no panels; each has a command that tells it",
    "zoom": "as next_panel; its letter asks for a z instead",
    "repaint": "nothing is drawn that could be spoilt",
}
OTHER_LETTERS = {"z": "z", "h": "hint"}
"""Letters that mean something else in plain mode, or nothing on the screen: with what they mean."""

CHOSEN_BY = {"moved": {"neuron", "z", "sample"}, "next_neuron": {"neuron"}}
"""What the arrow keys choose in charts, by the name of the function, and the commands that choose it."""


def test_every_key_has_a_word_or_a_reason() -> None:
    """Each action of the key table is a command of plain mode, or it is said why there is none; not both."""
    actions = {key.action for key in KEYS}
    assert set(WORDS) | set(NEEDS_NONE) == actions
    assert not set(WORDS) & set(NEEDS_NONE)
    assert set(WORDS.values()) <= {command.words[0] for command in COMMANDS}


def test_the_letters_are_those_of_the_keys() -> None:
    """A small letter or sign that is a key on the screen means the same in plain mode."""
    signs = {"full_stop": ".", "comma": ",", "left_square_bracket": "[", "right_square_bracket": "]"}
    signs |= {"question_mark": "?", "home": "home", "end": "end"}
    by_word = {word: command.words[0] for command in COMMANDS for word in command.words}
    for key in KEYS:
        letters = [signs.get(name, name) for name in key.keys if name in signs or (len(name) == 1 and name.islower())]
        for letter in letters:
            expected = OTHER_LETTERS.get(letter) or WORDS.get(key.action)
            assert by_word.get(letter) == expected, letter


def test_what_arrow_keys_choose_has_a_command() -> None:
    """Neurons and weights, samples and z: for each kind of chart that chooses there are commands that choose too."""
    words = {command.words[0] for command in COMMANDS}
    for kind in CHARTS.values():
        if kind.chosen_by:
            assert CHOSEN_BY[kind.chosen_by.__name__] <= words


@pytest.mark.parametrize("action", NEEDS_NONE)
def test_reasons_hold(action: str) -> None:
    """What needs no command is indeed no command, so that nobody looks for it in vain in help."""
    assert "no such command" in said(f"{action}\n", HILL)[-1]
