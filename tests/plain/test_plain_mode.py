"""Plain mode: what is typed, and what is said in return."""

import io

import pytest
from plain_talk import opened, said

from gdsim.plain.repl import run_plain
from gdsim.session.command import Group
from gdsim.session.commands import COMMANDS


def test_three_on_and_one_back_is_after_the_second_update() -> None:
    """By hand 4 → 3.96 → 3.9208 → 3.882384; one back shows 3.9208 with the step and slope that led there."""
    last = said("next 3\nback\nquit\n")[-1]
    assert "update 2 · loss 3.689473 · η 0.01" in last
    assert "x = 3.9208 (change −0.0392, gradient 3.92)" in last
    assert "3.96 − 0.01·3.92 = 3.9208" in last


def test_what_an_update_did_comes_first_in_a_sentence() -> None:
    """By hand 4 → 3.96, and the loss (x − 2)² 4 → 3.8416; then how it came about, then where that leads."""
    first, *rest = said("next\n")[-1].splitlines()
    assert first == "Update 1: x fell from 4 to 3.96; the loss fell from 4 to 3.842."
    assert [line.split(". ")[0] for line in rest if line.startswith("phase")] == [
        "phase 1 of 3: value",
        "phase 2 of 3: gradient",
        "phase 3 of 3: update",
    ]
    assert rest[-2:] == ["update 1 · loss 3.8416 · η 0.01 · gradient-descent", "x = 3.96 (change −0.04, gradient 4)"]
    assert said(".\n")[-1].startswith("Update 1, phase 1 of 3: value. At x = 4 the height is 4.\n")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\n", "x = 3.96 ("),
        ("n\n", "x = 3.96 ("),
        ("next\n", "x = 3.96 ("),
        ("  NEXT   2  \n", "x = 3.9208 ("),
        ("next", "x = 3.96 ("),
        ("go 3\n", "x = 3.882384 ("),
        ("g 3\nb 2\n", "x = 3.96 ("),
        ("last\n", "stopped: max_updates"),
        ("next 99\n", "The run has made all of its 30 updates."),
        ("go 5\nfirst\n", "update 0 · loss 4"),
        ("go 5\nr\n", "update 0 · loss 4"),
        (".\n", "phase 1 of 3: value"),
        (".\n.\n", "x = 4 (gradient 4)"),
        (".\n.\n.\n", "x = 3.96 ("),
        ("n\n,\n", "phase 2 of 3: gradient"),
        ("rate 0.5\nn\n", "x = 2 ("),
        ("]\n", "η 0.02"),
        ("[\n", "η 0.005"),
        ("set x 3\n", "x = 3\n"),
        ("set x = −1.5\n", "x = −1.5\n"),
        ("rule adam\n", "adam"),
        ("m\n", "update 1 · "),
        ("start\n", "x = 0\n"),
        ("params\n", "x = 4"),
        ("lesson\n", "Look at the slope."),
        ("n\ncheck\n", "agrees with nudging"),
    ],
)
def test_each_command_does_what_help_says(typed: str, shown: str) -> None:
    """Words, letters and the empty line lead where the table of commands says."""
    assert shown in said(typed)[-1] + "\n"


def test_play_shows_every_update_on_the_way() -> None:
    """`play 4` has a short block for each of the updates 1 to 3 and a whole one for update 4."""
    blocks = said("play 4\n")[1:]
    assert [block.split(": ")[0] for block in blocks] == [f"Update {number}" for number in range(1, 5)]
    assert [len(block.splitlines()) for block in blocks[:3]] == [3, 3, 3]
    assert "phase 3 of 3" in blocks[3]


def test_play_ends_with_the_run() -> None:
    """Playing past the end shows the last update once."""
    blocks = said("go 28\nplay 100\n")
    assert "stopped: max_updates" in blocks[-1]
    assert len(blocks) == 4


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("jump\n", "help lists the commands"),
        ("nxt\n", "did you mean next?"),
        ("next many\n", "a whole number, at least 0"),
        ("next -1\n", "a whole number, at least 0"),
        ("next ²\n", "a whole number, at least 0"),
        ("quit now\n", "takes nothing after it"),
        ("rate 0\n", "a number above 0"),
        ("rate inf\n", "not a finite number"),
        ("set x\n", "set x 3"),
        ("set y 3\n", "parameters: x"),
        ("rule newton\n", "gradient-descent"),
        ("params z\n", "no parameter"),
        ("nudge 0\n", "one parameter or more"),
        ("chart hill\n", "curve, loss"),
        ("corrected\n", "no published slip"),
    ],
)
def test_what_cannot_be_understood_is_answered_with_what_can(typed: str, hint: str) -> None:
    """A mistake is named with what is allowed, and the next command works as if it had not been made."""
    *_opening, answer, after = said(typed + "next\n")
    assert hint in answer
    assert "x = 3.96 (" in after


def test_end_of_input_quits() -> None:
    """Input that ends, even at once, ends plain mode with status 0."""
    assert len(said("")) == 1
    stream = io.StringIO()
    assert run_plain(opened(), None, stream) == 0


def test_help_has_every_word_with_what_it_does() -> None:
    """`?` lists each command that can be typed, with its words, what may follow them, and its help."""
    shown = said("?\n")[-1].splitlines()
    headings = {group.value.capitalize() for group in Group}
    assert [line.split(": ", 1) for line in shown if line not in headings] == [
        [f"{', '.join(command.words)} {command.argument}".rstrip(), command.help]
        for command in COMMANDS
        if command.words
    ]
    assert [line for line in shown if line in headings][:3] == ["Steps", "Playing", "Changes"]


@pytest.mark.parametrize(
    ("typed", "asked", "shown"),
    [
        ("go\n3\n", "go to update: a whole number from 0 to 30 (now 0)", "update 3 · "),
        ("rate\n0.5\n", "learning rate η: ", "η 0.5"),
        ("set\nx = 3\n", "edit a parameter: ", "x = 3"),
        ("set\nx 3\n", "edit a parameter: ", "x = 3"),
        ("rule\nadam\n", "update rule: ", "adam"),
        ("rule\n1\n", "update rule: ", "gradient-descent"),
        (
            "w\nrate 0.5\n",
            "what if, from update 0 on: rate 0.5, rule adam, x 3, schedule step 50, clip norm 1\n1 rate: a different",
            "η 0.5",
        ),
        ("w\nrate\n0.5\n", "what if, from update 0 on: ", "η 0.5"),
        ("w\n3\nx = 1\n", "what if, from update 0 on: ", "x = 1"),
        ("w x 1\nn\nswitch\n1\n", "switch to which branch?\n1   1  as given", "x = 3.96"),
        ("w x 1\nn\nw\n6\n", "what if, from update 1 on: ", "x = 3.96"),
        ("do\n1\n", "which step do you do yourself?\n1 ", "before update 1: "),
    ],
)
def test_what_is_missing_is_asked_for(typed: str, asked: str, shown: str) -> None:
    """A command that needs to know something asks, and the next line answers: text, a choice or its number."""
    blocks = said(typed)
    assert any(block.startswith(asked) for block in blocks)
    assert shown in blocks[-1]


def test_a_question_is_left_by_an_empty_line_or_another_command() -> None:
    """Neither changes anything asked for; an answer that cannot be taken is explained and asked for again."""
    assert "update 1 · loss 3.8416 · η 0.01" in said("rate\n\nn\n")[-1]
    assert "update 1 · loss 3.8416 · η 0.01" in said("rate\nn\n")[-1]
    blocks = said("rate\n−1\n0.5\n")
    assert "a number above 0" in blocks[-2]
    assert "η 0.5" in blocks[-1]


def test_ascii_only_is_ascii_only() -> None:
    """With --ascii not a character beyond ASCII is written, and the minus is a hyphen."""
    blocks = said("next 3\n.\n.\nlesson\nhelp\nrule adam\nn\nset\n", ascii_only=True)
    assert all(block.isascii() for block in blocks)
    assert "change -0.038416" in blocks[1]


def test_an_output_without_unicode_gets_ascii() -> None:
    """Where the stream cannot encode the signs of formulas, ASCII is chosen by itself."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", errors="strict")
    assert run_plain(opened(), io.StringIO("next\n"), stream) == 0
    stream.seek(0)
    assert "eta 0.01" in stream.read()


def test_nothing_but_text_is_written() -> None:
    """No escape sequence, no box, no cursor movement: a line printer can show it."""
    text = "\n".join(said("play 5\n.\n.\nw x 1\nbranches\nw\nrule adam\nlast\nhelp\n"))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert not any("\u2500" <= character <= "\u28ff" for character in text)


def test_every_block_is_pushed_out() -> None:
    """What is said is flushed before the next line is read, so that a program can answer it."""

    class Talk(io.StringIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed = self.tell()

    stream = Talk()

    class Typed(io.StringIO):
        def readline(self, size: int | None = -1) -> str:
            assert stream.flushed == stream.tell() > 0
            return super().readline(size)

    run_plain(opened(), Typed("n\nn\nfoo\nhelp\n"), stream)
