"""Questions in plain mode: put, answered, hinted at, left; bugs named; score kept."""

import pytest
from plain_talk import talk

from gdsim.scenario import library
from gdsim.scenario.load import load_file
from gdsim.session import Session


def said(name, typed, *, is_asking=True, ascii_only=False):
    """Return the blocks that follow what is typed, one command a line."""
    return talk(Session.open(load_file(library.resolve(name)), is_asking=is_asking), typed, ascii_only=ascii_only)


def test_the_next_update_is_asked_about_before_it_is_made():
    """An empty line puts the question; nothing of the update shows; the answer reveals it with the working."""
    _start, question, verdict, update = said("mountain-descent", "\nanswer -\n")
    assert question.splitlines() == [
        "before update 1: The hill rises to the right. Which way will x move: up (+) or down (−)?",
        "x = 4 · η = 0.01",
        "answer + (up), answer - (down), answer 0 (stays), hint or skip",
    ]
    assert verdict.splitlines()[0] == "✓ down (Δx = −0.04)"
    assert "Δx = −η·f′(x) = −0.01·4 = −0.04" in verdict
    assert update.startswith("Update 1: x fell from 4 to 3.96; the loss fell")


def test_a_phase_is_asked_about_too_and_play_is_not():
    """A full stop puts the question, play and next 3 do not."""
    assert said("mountain-descent", ".\n")[1].startswith("before update 1:")
    assert said("mountain-descent", "play 3\n")[-1].startswith("Update 3: ")
    assert said("mountain-descent", "next 3\n")[-1].startswith("Update 3: ")


def test_going_on_leaves_the_question():
    """A second empty line makes the update unanswered; skip leaves the place as it is."""
    assert said("mountain-descent", "\n\n")[-1].startswith("Update 1: ")
    assert said("mountain-descent", "\nskip\n")[-1].startswith("update 0 ·")


def test_nobody_is_asked_who_does_not_want_to_be():
    """Without questions an empty line makes the update; ask puts the scenario's question all the same."""
    assert said("mountain-descent", "\n", is_asking=False)[-1].startswith("Update 1: ")
    assert said("mountain-descent", "ask\n", is_asking=False)[-1].startswith("before update 1: The hill")


def test_predictions_are_listed_and_chosen_by_number():
    """Where the scenario asks nothing, ask lists what may be predicted; the number chooses, with the word or bare."""
    for chosen in ("1", "ask 1"):
        blocks = said("mountain-descent", f"next 2\nask\n{chosen}\nanswer down\n")
        assert blocks[2].splitlines()[:2] == ["what do you predict?", "1 Which way will x move?"]
        assert blocks[3].startswith("before update 3: Which way will x move?")
        assert blocks[4].startswith("✓ down (Δx = −0.038416)")


def test_a_bare_number_or_sign_answers():
    """With a question open neither needs the word; what is no answer to it is told, and the question stays."""
    assert said("mountain-descent", "\n-\n")[2].startswith("✓ down (Δx = −0.04)")
    assert said("mountain-descent", "next 2\ndo 1\n-0.038416\n")[3].startswith("✓ −0.038416")
    blocks = said("mountain-descent", "\n7\n+\n")
    assert "not an answer to this question; +, -, 0" in blocks[2]
    assert blocks[3].startswith("✗ down")


def test_without_a_question_a_number_is_no_command():
    """Numbers and signs mean nothing by themselves."""
    assert "no such command" in said("mountain-descent", "7\n")[1]


def test_a_step_done_by_oneself_with_hints():
    """δ of Mazur's output 1 is 0.138499; a missing σ′ is named; there are three hints."""
    blocks = said("mazur", "do delta2[0,0]\nhint\nhint\nhint\nhint\nanswer 0.741365\n")
    assert [len(block.splitlines()) for block in blocks[1:5]] == [3, 6, 6, 6]
    assert blocks[4].splitlines()[-2].endswith("+0.138499")
    assert "no more hints" in blocks[5]
    assert blocks[6].splitlines()[:2] == ["✗ 0.138499, you said 0.741365", "That looks like: missing σ′."]
    assert "phase 4 of 7" in blocks[7]


@pytest.mark.parametrize(("name", "bug"), [("mazur", "updated-weights-passed-back"), ("bug-hunt-and", "tie")])
def test_a_bug_is_named(name, bug):
    """A wrong name is told so without giving the bug away, the right one with the note of the scenario."""
    note = load_file(library.resolve(name)).as_published.note
    blocks = said(name, f"bug\nbug wrong-sign\nbug {bug}\ncorrected\nbug none\n", is_asking=False)
    assert f"{bug}: " in blocks[1]
    assert blocks[2].startswith("Not that one")
    assert note in blocks[3]
    assert note not in blocks[1] + blocks[2]
    assert blocks[-1] == "Right: this run has no known bug."


def test_score_is_kept_when_wanted():
    """Off at first; then a right and a wrong answer are 1 of 2."""
    assert not any("1 of 1" in block for block in said("mountain-descent", "\nanswer -\n"))
    blocks = said("mountain-descent", "score\n\nanswer -\n\nanswer 5\n")
    scores = [block.splitlines()[-1] for block in blocks if block[0] in "✓✗"]
    assert scores == ["1 of 1", "1 of 2"]


@pytest.mark.parametrize(
    "typed", ["answer 3", "hint", "skip", "ask 99", "ask x", "do 99", "do change.q", "bug", "do stopped"]
)
def test_what_cannot_be_is_explained(typed):
    """No question open, no such number, no such quantity, no bug to find: one line each, and it goes on."""
    blocks = said("mountain-descent", f"next 2\n{typed}\nnext\n")
    assert len(blocks) == 4
    assert len(blocks[2].splitlines()) == 1
    assert blocks[3].startswith("Update 3: ")


def test_ascii():
    """Questions, hints and verdicts are plain ASCII where nothing else can be shown."""
    for block in said("mazur", "\nhint\nanswer +\nanswer +\ndo 1\nhint\nanswer 1\n", ascii_only=True):
        assert block.isascii()
