"""Every key of the run screen, in tables; bindings, footer, palette, help and the README's tables derive from them."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One command of the run screen.

    keys: Textual's names of the keys; shown: how they are written for a reader; action: the screen's action.
    label: one word for the footer; does: what it does, in help and palette.
    rank: place in the footer when room is short, 1 first; 0 keeps it out of the footer.
    """

    keys: tuple[str, ...]
    shown: str
    action: str
    label: str
    does: str
    rank: int = 0


KEYS: tuple[Key, ...] = (
    Key(("space", "right", "n"), "space → n", "next", "next", "next update", 1),
    Key(("left", "b"), "← b", "back", "back", "one update back", 2),
    Key(("full_stop",), ".", "next_phase", "phase", "next phase of this update", 3),
    Key(("comma",), ",", "previous_phase", "phase back", "one phase back"),
    Key(("home", "B"), "home B", "first", "first", "first update of the run"),
    Key(("end", "N"), "end N", "last", "last", "last update of the run", 13),
    Key(("g",), "g", "go_to", "go to", "go to update N", 12),
    Key(("p",), "p", "play", "play", "play / pause", 5),
    Key(("plus", "equals_sign"), "+", "faster", "faster", "play faster (up to 200 updates a second)"),
    Key(("minus",), "-", "slower", "slower", "play slower (down to 1 update a second)"),
    Key(("m",), "m", "milestone", "milestone", "next correction (perceptron) or next epoch", 10),
    Key(("r",), "r", "restart", "restart", "back to the start, same weights"),
    Key(("left_square_bracket",), "[", "rate_down", "η down", "learning rate down (1-2-5 steps)", 6),
    Key(("right_square_bracket",), "]", "rate_up", "η up", "learning rate up (1-2-5 steps)", 6),
    Key(("l",), "l", "type_rate", "type η", "type a learning rate"),
    Key(("e",), "e", "edit", "edit", "edit a parameter"),
    Key(("u",), "u", "rule", "rule", "choose the update rule"),
    Key(("c",), "c", "correct", "corrected", "as published / corrected", 4),
    Key(("w",), "w", "what_if", "what-if", "what if: branch here, keep the run so far as a ghost; switch branches", 9),
    Key(("o",), "o", "other_start", "start", "another starting point", 8),
    Key(("a",), "a", "ask", "predict", "answer a question / predict the next change", 9),
    Key(("d",), "d", "do_step", "do it", "do a step yourself: work out a delta or a change, with hints"),
    Key(("D", "upper_d"), "D", "name_bug", "name bug", "name the bug of a published run", 8),
    Key(("A",), "A", "score", "score", "keep score of the answers, or stop keeping it"),
    Key(("x",), "x", "nudge", "nudge", "nudge one weight and measure the loss", 9),
    Key(("X",), "X", "nudge_all", "nudge all", "nudge every weight that is left"),
    Key(("k",), "k", "check", "check", "check the gradient of all parameters by nudging"),
    Key(("tab",), "tab", "next_panel", "panel", "next panel", 11),
    Key(("z",), "z", "zoom", "zoom", "zoom the panel"),
    Key(("v",), "v", "next_chart", "chart", "next chart in the focused place", 7),
    Key(("i",), "i", "lesson", "lesson", "lesson text", 7),
    Key(("y",), "y", "command", "command", "the command that leads to what is on screen"),
    Key(("s",), "s", "save", "save", "save the screen, the updates worked out, or their numbers"),
    Key(("R", "upper_r"), "R", "reload", "reload", "read the scenario's file again, at the same update"),
    Key(("ctrl+l",), "ctrl+l", "repaint", "repaint", "draw the whole screen anew"),
    Key(("question_mark",), "?", "help", "help", "help", 1),
    Key(("q",), "q", "quit", "quit", "quit", 2),
)

LEARNER_KEYS: tuple[Key, ...] = (
    Key(("f",), "f", "follow", "follow", "follow the instructor / walk on alone", 2),
    Key(("a",), "a", "ask", "answer", "answer the instructor's question; with none open, predict the next change", 1),
)
"""What a learner's keys do in a workshop besides, or instead."""

INSTRUCTOR_KEYS: tuple[Key, ...] = (
    Key(("f",), "f", "broadcast", "broadcast", "let those who follow see what you see / stop that", 2),
    Key(("t",), "t", "roster", "roster", "who is here, where they are and what they answered", 2),
    Key(("Q", "upper_q"), "Q", "ask_room", "ask", "ask everybody about the next update / see the answers", 2),
    Key(("h",), "h", "hand_out", "hand-out", "write who reached what and all answers to a CSV file of the server"),
)
"""What an instructor's keys do in a workshop besides."""


def with_keys(more: tuple[Key, ...]) -> tuple[Key, ...]:
    """Return the table of the run screen with more keys before help and quit, instead of those of the same action."""
    actions = {key.action for key in more}
    kept = [key for key in KEYS if key.action not in actions]
    return (*kept[:-2], *more, *kept[-2:])


def bindings(keys: tuple[Key, ...] = KEYS) -> list[Binding]:
    """Return Textual's bindings for a table."""
    return [Binding(",".join(key.keys), key.action, key.label, show=False, key_display=key.shown) for key in keys]
