"""Every sign that is drawn is explained: in the glossary that help shows, in both languages."""

import re

import pytest
from driving import press, running, shown
from test_room_screens import ALONE, in_room, receive

from gdsim.charts.table import charts_for
from gdsim.i18n import LANGUAGES, use_language
from gdsim.manual import source
from gdsim.scenario.library import names
from gdsim.session.commands import commands_for
from gdsim.tui.dialogs.keys import keys_text
from gdsim.tui.palettes import MARKS
from gdsim.tui.panels.equation import EquationPanel

_PROSE = "–\N{NO-BREAK SPACE}"
"""What is no sign of its own."""


@pytest.fixture(autouse=True)
def english():
    """Leave no test in another language than it began in."""
    yield
    use_language("en")


def explained(language):
    """Return the letters of everything the glossary has an entry for."""
    use_language(language)
    return set("".join(re.findall(r"`([^`]+)`", source("glossary")))) | {*_PROSE}


def unexplained(signs):
    """Return the signs beyond ASCII that a glossary leaves out; parts of frames, lines and pictures are none."""
    drawn = {sign for sign in signs if not sign.isascii() and not _is_stroke(sign)}
    return {(language, sign) for language in LANGUAGES for sign in drawn - explained(language)}


def _is_stroke(sign):
    """Whether it is a part of a frame, a line, a bar or a field."""
    return "\u2500" <= sign <= "\u259f" or "\u2800" <= sign <= "\u28ff" or "\U0001fb00" <= sign <= "\U0001fbff"


@pytest.mark.parametrize("name", names())
async def test_the_glossary_has_every_sign_of_a_scenario(name):
    """At the start, inside an update and after some, with every chart, the chain rule, the lesson and a branch."""
    signs = set()
    async with running(name) as (app, pilot):

        async def look(*keys):
            await press(pilot, *keys)
            signs.update(shown(app))

        await look()
        await look("full_stop", "full_stop")
        await look("space", "space")
        for _chart in charts_for(app.screen.session.view):
            await look("v")
        app.screen.query_one(EquationPanel).focus()
        await look("v", "full_stop")
        await look("v")
        await look("v", "x")
    assert {"●", "η"} <= signs
    assert unexplained(signs) == set()


async def test_the_glossary_has_the_signs_of_path_workshop_and_roster():
    """The list of scenarios, the bar of a workshop for both sides, and who is in it."""
    signs = {mark.unicode for mark in MARKS.values()}
    async with running(None) as (app, _pilot):
        signs |= set(shown(app))
    for is_instructor in (False, True):
        async with in_room(is_instructor=is_instructor) as (app, pilot, client):
            await receive(client, pilot, ALONE)
            signs |= set(shown(app))
            await press(pilot, "t" if is_instructor else "f")
            signs |= set(shown(app))
    assert {"☐", "○", "●"} <= signs
    assert unexplained(signs) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_of_ascii_and_the_bars_are_explained(language):
    """Those that stand beside numbers and names, and on the bars."""
    assert set("*!?[]@") | set("✓✗☐◐☑●○▶↑↓") <= explained(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_on_screen_has_the_whole_glossary(language):
    """Whoever presses ? reads every entry, below the keys, in lines that fit a dialog of 80 columns."""
    use_language(language)
    lines = keys_text(commands_for()).text.splitlines()
    told = re.sub(r"\s+", "", "".join(lines))
    entries = re.findall(r"^- ((?:.|\n )+)", source("glossary"), re.MULTILINE)
    assert len(entries) > 80
    for entry in entries:
        assert re.sub(r"\s+", "", entry.replace("`", "").replace("**", "")) in told
