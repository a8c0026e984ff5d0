"""Views drawn before anybody looks: found where they are looked at, and nothing else is seen than without them."""

import pytest
from driving import open_app, press

from gdsim.tui.ahead import draw_ahead
from gdsim.tui.lines import Lines
from gdsim.tui.panel import Panel

KEYS = ("space", "space", "full_stop", "full_stop", "space", "left", "tab", "space", "v", "space", "home", "space")
ELSEWHERE = ("z", "space", "z", "left_square_bracket", "space", "W", "3", "enter", "space", "r", "space")


def seen(app):
    """All that stands in the lines of a screen, with its colours, and the titles of its frames."""
    return [
        (each.id, [*each._strips], str(each.border_title), str(each.border_subtitle))
        for each in app.screen.query(Lines)
    ]


async def walked(name, keys, size, *, is_ahead, **options):
    """What is seen after each of some keys; and how many panels were drawn anew meanwhile."""
    app = open_app(name, **options)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if is_ahead:
            for _view in draw_ahead(app.screen, 32):
                pass
        drawn = []
        for panel in app.screen.query(Panel):
            panel.drawn = lambda *what, draw=panel.drawn: (drawn.append(what), draw(*what))[1]
        found = []
        for key in keys:
            await press(pilot, key)
            found.append(seen(app))
        return found, len(drawn)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("mountain-descent", {}),
        ("mountain-descent", {"ascii_only": True, "theme": "light"}),
        ("learning-rates", {}),
        ("backprop", {}),
        ("perceptron-xor", {}),
        ("activations", {}),
    ],
)
async def test_a_walk_looks_the_same_with_views_drawn_ahead(name, options):
    """Steps, phases, ways back, another chart, a zoomed panel, a change and another start, at every key."""
    keys = (*KEYS, *ELSEWHERE)
    plain, _all = await walked(name, keys, (120, 40), is_ahead=False, **options)
    ahead, _few = await walked(name, keys, (120, 40), is_ahead=True, **options)
    for key, one, other in zip(keys, plain, ahead, strict=True):
        assert one == other, key


@pytest.mark.parametrize("name", ["mountain-descent", "backprop", "perceptron", "quadratic-fit", "digits"])
async def test_first_steps_draw_no_panel_again(name):
    """After views were drawn ahead, a walk of eight updates and one of two in phases take them as they are."""
    for keys in (("space",) * 8, ("full_stop",) * 8):
        _seen, count = await walked(name, keys, (80, 24), is_ahead=True)
        assert count == 0


async def test_a_run_that_ends_early_is_drawn_to_its_end():
    """A walk ends where the run is over."""
    app = open_app("perceptron-learning-rate")
    async with app.run_test(size=(120, 40)):
        steps = list(app.screen.session.walk(10_000))
        assert steps[-1].is_over
        assert not any(session.is_over for session in steps[:-1])
        assert app.screen.session.timeline.last <= 1, "the run on screen has not been walked"
