"""The screen in files: pictures, pages and recordings show what the terminal shows."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pyte
import pytest

from gdsim.export.screen.cast import cast_lines
from gdsim.export.screen.frame import Cell, Frame, Look
from gdsim.export.screen.svg import svg
from gdsim.export.trace.lines import Steps
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.timeline.position import Position
from gdsim.tui.display import Options
from gdsim.tui.frames import frames
from gdsim.tui.pictures import Shot, page, picture, recording, stops

SVG = "{http://www.w3.org/2000/svg}"
GROUND = Look("#ffffff", "#000000")


def session_of(name, **overrides):
    return Session.open(load_file(resolve(name), overrides=tuple(overrides.items())))


def frame_of(*lines, look=GROUND):
    return Frame(
        tuple(tuple(Cell(letter, look) for letter in line) for line in lines), GROUND, "a <title>", "words & more"
    )


@pytest.fixture(scope="module")
def hill():
    """Four frames of the walk down the hill, at 80 × 24."""
    session = session_of("mountain-descent")
    return frames([session.after(k) for k in (0, 1, 2, 20)], (80, 24))


def test_a_frame_is_the_screen(hill):
    """Its text holds the title, the numbers and the status line of its update, in rows of its size."""
    assert [(frame.width, frame.height) for frame in hill] == [(80, 24)] * 4
    for frame, status in zip(
        hill, ["update 0 · loss 4 ·", "update 1 · loss 3.8416 ·", "update 2", "update 20"], strict=True
    ):
        assert status in frame.text
        assert status in frame.title
        assert "Walk down (x − 2)²" in frame.text
    assert "= 4 − 0.01·4" in hill[1].text
    assert "new x = x − η·f′(x) = 4 − 0.01·4 = 3.96" in hill[1].words


def test_a_recording_replays_to_the_same_screens(hill):
    """A terminal that is fed the recording shows, after each event, exactly the frame of that moment."""
    head, *events = (json.loads(line) for line in cast_lines([(k / 2, frame) for k, frame in enumerate(hill)], "hill"))
    assert (head["version"], head["width"], head["height"], head["title"]) == (2, 80, 24, "hill")
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    for frame, (_time, kind, data) in zip(hill, events[:-1], strict=True):
        assert kind == "o"
        stream.feed(data)
        assert "\n".join(line.rstrip() for line in screen.display) == frame.text
        for row, cells in enumerate(frame.rows):
            for column, cell in enumerate(cells):
                shown = screen.buffer[row][column]
                assert (f"#{shown.fg}", f"#{shown.bg}", shown.bold) == (
                    cell.look.color, cell.look.background, cell.look.bold,
                )  # fmt: skip
    assert [event[0] for event in events] == [0, 0.5, 1, 1.5, 3.5]
    assert len(events[1][2]) < len(events[0][2]) / 2, "only what changed is sent"


def test_a_picture_holds_every_letter_in_its_place(hill):
    """The SVG is well formed, as large as the screen, loads nothing, and its texts stand where the screen has them."""
    source = svg(hill[1])
    root = ElementTree.fromstring(source)
    assert root.get("viewBox") == "0 0 824 504"
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|<script|<image", source)
    rows = hill[1].text.splitlines()
    texts = list(root.iter(f"{SVG}text"))
    assert len(texts) > 20
    for text in texts:
        row = rows[int(float(text.get("y")) // 20)]
        column = float(text.get("x")) / 10 - (0.5 if text.get("text-anchor") else 0)
        assert row[round(column) :].startswith(text.text)
    written = "".join(text.text for text in texts)
    for word in ("3.960000", "gradient", "parameters"):
        assert word in written


def test_a_recording_keeps_wide_letters_whole():
    """What changes beside or inside a letter two cells wide is drawn from that letter on."""
    lines = ["a字b", "ab字", "字字", "a字c"]
    wide = [Frame((tuple(cells_of(line)),), GROUND) for line in lines]
    screen = pyte.Screen(4, 1)
    stream = pyte.Stream(screen)
    for frame, event in zip(wide, list(cast_lines([(k, f) for k, f in enumerate(wide)], "t"))[1:], strict=False):
        stream.feed(json.loads(event)[2])
        assert "".join(screen.display) == frame.text


def cells_of(line):
    for letter in line:
        yield from (Cell(letter, GROUND), *([Cell("", GROUND)] if letter == "字" else []))


@pytest.mark.parametrize(
    ("character", "dots"),
    [("⠁", [(2.5, 2.5)]), ("⢀", [(7.5, 17.5)]), ("⡇", [(2.5, 2.5), (2.5, 7.5), (2.5, 12.5), (2.5, 17.5)])],
)
def test_braille_dots_are_drawn_where_unicode_puts_them(character, dots):
    """Dots 1 2 3 7 are the left column from above, 4 5 6 8 the right one."""
    path = ElementTree.fromstring(svg(frame_of(character))).find(f".//{SVG}path[@stroke-linecap='round']").get("d")
    assert [tuple(map(float, dot)) for dot in re.findall(r"M([\d.]+) ([\d.]+)h0", path)] == dots


def test_lines_of_neighbouring_cells_meet():
    """A frame's sides are joined strokes from edge to edge of the cells."""
    path = ElementTree.fromstring(svg(frame_of("╭─", "│ "))).find(f".//{SVG}path[@stroke-linecap='butt']").get("d")
    assert path == "M5 20V15Q5 10 10 10" + "M15 10h-5M15 10h5" + "M5 30v-10M5 30v10"


def test_titles_and_words_are_escaped():
    """What a scenario says cannot break out of the picture."""
    root = ElementTree.fromstring(svg(frame_of("<&>\"'")))
    assert root.find(f"{SVG}title").text == "a <title>"
    assert root.find(f"{SVG}desc").text == "words & more"
    assert [text.text for text in root.iter(f"{SVG}text")] == ["<&>\"'"]


class _Sections(HTMLParser):
    def __init__(self):
        super().__init__()
        self.titles, self.open, self.scripts = [], [], 0

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.scripts += tag == "script"
        assert not {"src", "href"} & set(values)
        if tag == "section":
            self.titles.append(values["data-title"])


def test_a_page_has_a_frame_for_each_step():
    """Steps 0..1 with phases: the start, two phases, the update; one page, nothing loaded, buttons only for several."""
    source = "".join(page(session_of("mountain-descent"), Shot(steps=Steps(0, 1), has_phases=True, size=(80, 24))))
    parser = _Sections()
    parser.feed(source)
    assert len(parser.titles) == 4
    assert "phase 1 of 3" in parser.titles[1]
    assert parser.scripts == 1
    single = "".join(page(session_of("mountain-descent"), Shot(at=2, size=(80, 24))))
    assert single.count("<section") == 1
    assert "<script" not in single
    assert "<nav" not in single


def test_a_picture_in_another_look():
    """Theme, size and ASCII letters hold for the picture too."""
    shot = Shot(at=1, size=(100, 30), options=Options(theme="light", ascii_only=True))
    source = "".join(picture(session_of("mountain-descent"), shot))
    root = ElementTree.fromstring(source)
    assert root.get("viewBox") == "0 0 1024 624"
    assert root.find(f"{SVG}rect").get("fill") == "#fbfbfa"
    assert root.find(f".//{SVG}path[@stroke-linecap='round']") is None, "no braille"


def test_stops():
    """Steps past the end stop at it; phases lead from the first step to the last; longer runs beside are gone along."""

    def places(session, *arguments):
        return [stop.position for stop in stops(session, *arguments)]

    session = session_of("mountain-descent", **{"stop.max_updates": 3})
    assert places(session, Steps(2, 9)) == [Position(2), Position(3)]
    assert places(session, Steps(7)) == [Position(3)]
    assert places(session, Steps(0, 1), True) == [Position(0), Position(0, 0), Position(0, 1), Position(1)]
    longer = session_of("learning-rates")
    assert len(stops(longer, Steps())) == longer.longest + 1


def test_a_long_run_fits_into_a_minute():
    """Unless a speed is given, no recording lasts longer than a minute, and it ends with the last update."""
    session = session_of("learning-rates", **{"stop.max_updates": 5})
    events = [json.loads(line) for line in recording(session, Shot(size=(80, 24), speed=2.0))][1:]
    assert [event[0] for event in events] == [0, 0.5, 1, 1.5, 2, 2.5, 4.5]
