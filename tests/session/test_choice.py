"""Questions with answers to choose from: put, answered by a number, and told why a wrong one is wrong."""

import pytest
from plain_talk import HILL, talk

from gdsim.errors import GdsimError
from gdsim.scenario.load import load_text
from gdsim.scenario.scenario import in_language
from gdsim.session import Session
from gdsim.session.commands import command_named, run_command

CHOICE = """
[[ask]]
before = 1
form = "choice"
question = "What happens to the steps?"
options = ["they grow", "they shrink", "they stay"]
right = 2
words = ["The slope gets smaller.", "Yes.", "Only on a straight slope."]
[translations.zh]
options = [["变大", "变小", "不变"]]
words = [["斜率变小。", "-", "只有直坡才会。"]]
"""


def asked():
    return run_command(command_named("ask"), Session.open(load_text(HILL + CHOICE, "hill.toml")))


def answered(number):
    return run_command(command_named("answer"), asked(), number)


def test_the_right_option_counts():
    """The right number is right, and counts as a question answered."""
    result = answered("2")
    assert result.lines[0].text == "✓ they shrink"
    assert result.session.answered == {0}


def test_a_word_is_said_to_a_wrong_option():
    """A wrong one is told why, and does not count; what is right is not given away."""
    result = answered("3")
    assert "Only on a straight slope." in result.text
    assert "shrink" not in result.text
    assert not result.session.answered


@pytest.mark.parametrize("typed", ["0", "4", "shrink", "-1"])
def test_another_answer_is_refused(typed):
    """Only the numbers of options are answers."""
    with pytest.raises(GdsimError, match="1 … 3"):
        answered(typed)


def test_plain_mode_lists_the_options():
    """The options stand under the question with their numbers."""
    _start, asked, answered, _block = talk(Session.open(load_text(HILL + CHOICE, "hill.toml")), "ask\n1\n")
    assert "2 they shrink" in asked
    assert "The slope gets smaller." in answered


def test_options_are_translated():
    """Options and words come in the language spoken."""
    [ask] = in_language(load_text(HILL + CHOICE, "hill.toml"), "zh").ask
    assert ask.options[1] == "变小"
    assert ask.words[0] == "斜率变小。"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("right = 2", "right = 4", "ask.0.right"),
        (', "they shrink", "they stay"', "", "ask.0.options"),
        (', "Only on a straight slope."]', "]", "ask.0.words"),
        ('form = "choice"', 'form = "sign"', "ask.0.quantity: missing"),
    ],
)
def test_mistakes_are_named(old, new, path):
    """Too few options, a right one there is not, words for others, and no quantity elsewhere are mistakes."""
    with pytest.raises(GdsimError, match=path):
        load_text(HILL + CHOICE.replace(old, new, 1), "hill.toml")
