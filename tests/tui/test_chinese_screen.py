"""The screen in Chinese: every text of it, in lines whose cells end where the frames do."""

from __future__ import annotations

import re
from contextvars import copy_context

import pytest
from driving import notices, running, text_of
from rich.cells import cell_len
from textual.widgets import Static

from gdsim.explain.wrapping import broken, broken_markdown
from gdsim.i18n import use_language
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.tui._textual import strips_of
from gdsim.tui.panels.bars import KeyBar, StatusBar, TitleBar
from gdsim.tui.panels.part import Panel, Part
from gdsim.tui.strips import wrapped

SIZES = ((80, 24), (120, 40))
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z]{4,}")
_KNOWN_WORDS = {"gdsim", "sigmoid", "tanh", "relu", "softmax", "space", "enter", "esc", "ctrl", "home", "tilde"}
"""Words that are the same in Chinese: names, functions, keys."""


def in_chinese(test):
    """Run an async test in a context of its own that speaks Chinese."""

    async def run(*arguments, **named):
        import asyncio

        context = copy_context()
        context.run(use_language, "zh")
        await asyncio.create_task(test(*arguments, **named), context=context)

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    run.__signature__ = __import__("inspect").signature(test)
    return run


def rows(app) -> list[str]:
    """Return what the terminal shows, row by row."""
    width, height = app.size
    screen = app.screen
    return ["".join(segment.text for segment in strip)[: 2 * width] for strip in strips_of(screen)][:height]


def are_aligned(app) -> None:
    """Assert that every row is as wide as the terminal, and the frame at the right closes in its last column."""
    width, _height = app.size
    for row in rows(app):
        assert cell_len(row) == width, row
    for panel in (each for each in app.screen.query(Part) if each.content_size.width):
        for strip in map(panel.render_line, range(panel.content_size.height)):
            assert strip.cell_length == cell_len(strip.text) == panel.content_size.width, strip.text


def english_words(text: str) -> set[str]:
    """Return words left in English: longer ones in small letters that are no names of the formulas."""
    return {word for word in _LATIN_WORD.findall(text) if word not in _KNOWN_WORDS}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["mountain-descent", "perceptron", "feedforward", "learning-rates", "quadratic-fit"])
@in_chinese
async def test_rows_end_where_the_frame_does(name: str, size: tuple[int, int]):
    """At the start, inside an update, after it, and with every chart: wide characters shift nothing."""
    async with running(name, size=size) as (app, pilot):
        for key in ("full_stop", "full_stop", "space", "v", "v", "end", "tab", "tab", "z"):
            await pilot.press(key)
            await pilot.pause()
            are_aligned(app)


@pytest.mark.parametrize("ascii_only", [False, True])
@in_chinese
async def test_title_status_keys_and_panels_are_chinese(ascii_only: bool):
    """Every line around the panels, every panel's title and the sentence of a phase are in Chinese, no word English."""
    async with running("mazur", ascii_only=ascii_only) as (app, pilot):
        for _step in range(8):
            await pilot.press("full_stop")
            await pilot.pause()
            for bar in (TitleBar, StatusBar, KeyBar):
                assert _CHINESE.search(app.screen.query_one(bar).render_line(0).text), bar
            for panel in app.screen.query(Panel):
                assert _CHINESE.search(str(panel.border_title)), panel
            texts = [row for row in rows(app) if "mazur" not in row]
            assert english_words(" ".join(texts)) <= {"delta", "sigma", "alpha"}, texts


@in_chinese
async def test_lesson_help_and_palette_are_chinese():
    """The lesson is the scenario's Chinese one, broken between characters; help lists every key in Chinese."""
    scenario = load_file(resolve("mountain-descent"))
    async with running(scenario, size=(80, 24)) as (app, pilot):
        await pilot.press("i")
        await pilot.pause()
        lesson = text_of(app.screen.query_one("#equation"))
        assert "走下山坡" in lesson
        assert max(map(cell_len, lesson.splitlines())) > 30  # broken between characters, not before the first full stop
        are_aligned(app)
        await pilot.press("question_mark")
        await pilot.pause()
        help_text = str(app.screen.query_one(".dialog Static", Static).content)
        lines = help_text.splitlines()
        assert all(_CHINESE.search(line) for line in lines)
        starts = {cell_len(line[: _CHINESE.search(line).start()]) for line in lines if line.isascii() is False}
        assert len(starts) <= 3  # all in one column, but for texts that begin with a Latin word
        await pilot.press("escape", "ctrl+p")
        await pilot.pause()
        assert "查找操作" in app.screen.query_one("CommandInput").placeholder


@in_chinese
async def test_questions_mistakes_and_long_ways_are_chinese():
    """A dialog that asks, the mistake it answers with, and what a worker thread reports are in Chinese."""
    async with running("perceptron", size=(80, 24), notifications=True) as (app, pilot):
        await pilot.press("l")
        await pilot.pause()
        await pilot.press(*"x", "enter")
        await pilot.pause()
        assert _CHINESE.search(str(app.screen.query_one(".prompt-error", Static).content))
        assert _CHINESE.search(str(app.screen.query_one(".dialog").border_title))
        await pilot.press("escape", "end")
        for _turn in range(100):
            await pilot.pause(0.05)
            if notices(app):
                break
        assert "每个点都在直线自己的一侧" in notices(app).replace("\n", "")


@in_chinese
async def test_the_picker_lists_titles_in_chinese():
    """Titles and summaries of all scenarios, and the keys of the footer."""
    async with running(None) as (app, _pilot):
        shown = "\n".join(rows(app))
        assert "走下" in shown or "激活函数" in shown
        assert "退出" in shown
        are_aligned(app)
        prompts = [str(option.prompt) for option in app.screen.query_one("#path-list").options]
        assert len(prompts) == len(names())
        assert sum(bool(_CHINESE.search(prompt)) for prompt in prompts) >= 22


@in_chinese
async def test_summaries_stay_in_their_column_in_the_picker():
    """In a narrow terminal a summary goes on below itself, not below the name."""
    async with running(None, size=(80, 24)) as (app, pilot):
        await pilot.pause()
        column = max(map(len, names())) + 2
        for option in app.screen.query_one("#path-list").options:
            for line in str(option.prompt).replace("[dim]", "").replace("[/dim]", "").splitlines()[1:]:
                assert line[:column].isspace(), line
                assert cell_len(line) <= 76, line


async def test_another_context_stays_english():
    """A screen of the same process whose context chose no language is English."""
    async with running() as (app, pilot):
        await pilot.press("full_stop")
        await pilot.pause()
        assert not any(_CHINESE.search(row) for row in rows(app))


@pytest.mark.parametrize("keys", [("end",), ("question_mark",), ("a", "1", "enter"), ("d", "h")])
@pytest.mark.parametrize("width", [80, 87, 94, 101])
@in_chinese
async def test_no_line_of_a_dialog_or_notice_begins_with_closing_punctuation(keys, width):
    """Whatever the width, a comma or full stop stays with the character before it."""
    async with running("perceptron", at=1, size=(width, 30), notifications=True) as (app, pilot):
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        front = [*app.screen.query(".dialog"), *app.screen.query("Toast")]
        assert front
        for place in (widget.region for widget in front):
            for strip in strips_of(app.screen)[place.y : place.bottom]:
                assert strip.crop(place.x, place.right).text.strip(" │▌")[:1] not in tuple("，。、；：！？）")


def test_chinese_is_broken_between_characters_but_not_before_a_comma():
    """No line is wider than asked, none begins with closing punctuation, and nothing is lost."""
    text = "目标是 0.01，答案却是 0.751365：损失说明这有多糟。按空格键做第一次更新，或按 . 逐个阶段地看。"
    for width in range(12, 60):
        lines = broken(text, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(cell_len(line) <= width for line in lines)
        assert not any(line[0] in "，。：" for line in lines)
    assert wrapped("a plain line of English", 12) == ("a plain line", "of English")


def test_paragraphs_of_markdown_are_broken_and_the_rest_is_kept():
    """Lines of a paragraph are joined without a space between characters; code, headings and tables stay."""
    source = "# 标题\n\n一二三四五\n六七八九十。\n\n    code = 代码\n\n* `x` 一二三四五六\n  七八\n\n| 甲 | 乙 |\n"
    assert broken_markdown(source, 12).splitlines() == [
        "# 标题",
        "",
        "一二三四五六\\",
        "七八九十。",
        "",
        "    code = 代码",
        "",
        "* `x` 一二三\\",
        "  四五六七\\",
        "  八",
        "",
        "| 甲 | 乙 |",
    ]
    assert broken_markdown("# English\n\nstays\nas it is\n", 12) == "# English\n\nstays\nas it is\n"
