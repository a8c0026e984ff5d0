"""Views that explain: activations with a movable z, a perceptron's margin, a published slip, a run that is over."""

import pytest
from driving import press, running, text_of, until
from textual.geometry import Region

from gdsim.scenario.place import Place
from gdsim.timeline.position import Position
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.equation import EquationPanel

SIZES = [(80, 24), (120, 40)]


def words_of(widget):
    return " ".join(text_of(widget).split())


@pytest.mark.parametrize("size", SIZES)
async def test_z_moves_with_the_arrow_keys_inside_the_panel(size):
    """Two quarters and one: z = 1.5, where σ = 0.817574 (table); the run stays, and its next step lets z go."""
    async with running("activations", size=size) as (app, pilot):
        await press(pilot, "tab", "right", "right", "up")
        panel, page = app.screen.query_one("#chart", ChartPanel), app.screen.query_one(EquationPanel)
        assert "x = 1.5" in panel.border_subtitle
        assert page.border_title == "activations at z = 1.5"
        assert "0.817574" in text_of(page)
        assert app.screen.session.position == Position()
        await press(pilot, "space")
        assert app.screen.session.focus.z is None


async def test_values_and_slopes_stand_side_by_side():
    """On a wide screen both charts show all three activations at z."""
    async with running("activations") as (app, pilot):
        await press(pilot, "tab", *["up"] * 6)
        assert "tanh = 1" in text_of(app.screen.query_one("#chart"))
        assert "σ′ = 0.00247" in text_of(app.screen.query_one("#loss"))
        assert "2·σ(2z) − 1" in text_of(app.screen.query_one(EquationPanel))


@pytest.mark.parametrize("size", SIZES)
async def test_a_correction_shows_line_and_margin_before_and_after(size):
    """m goes from correction to correction; the chart has the margin, and where there is room names both lines."""
    async with running("perceptron", size=size) as (app, pilot):
        await press(pilot, "m", "m", "m")
        assert app.screen.session.timeline.update(app.screen.session.position.update).is_mistake
        chart = text_of(app.screen.query_one("#chart"))
        assert "margin" in chart
        if size[1] >= 40:
            assert "before" in chart
            assert "Margin: " in words_of(app.screen.query_one(EquationPanel))


async def test_the_proof_of_xor_is_told_in_words_and_stays():
    """At the end the page says which epochs repeat each other and what that means; it does not vanish."""
    async with running("perceptron-xor") as (app, pilot):
        await press(pilot, "end")
        shown = words_of(app.screen.query_one(EquationPanel))
        assert "The weights after epoch 3 repeat those after epoch 2" in shown
        assert "no line separates the points" in shown


@pytest.mark.parametrize("corrected", [False, True])
async def test_a_published_slip_is_told_with_both_results(corrected):
    """The page has the change as published, 0.01249998, and corrected, 8.37e-08 (admissions), under either rule."""
    async with running("admissions-neuron", place=Place("", 1, is_corrected=corrected)) as (app, pilot):
        shown = words_of(app.screen.query_one(EquationPanel))
        assert "+0.012500 as published, +8.37242e−08 corrected" in shown
        assert ("evaluates σ′ at the output, not at z" in shown) is not corrected
        sign = "✓" if corrected else "✗"
        await until(pilot, lambda: f"gradient {sign}" in text_of(app.screen.query_one("#title")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["mountain-surface", "steepest-ascent"])
async def test_the_mountain_from_above_with_its_cut(name, size):
    """The contour has path and arrow; the cut along the step is the next chart."""
    async with running(name, size=size) as (app, pilot):
        await press(pilot, "space", "full_stop", "full_stop")
        chart = app.screen.query_one("#chart", ChartPanel)
        assert chart.shown == "contour"
        assert "next" in text_of(chart)
        await press(pilot, "v")
        assert chart.shown in ("cross-section", "loss")


async def test_a_gradient_says_which_input_matters_how_much():
    """(3, 1): x matters 3 times as much, and a nudge of 0.01 is worth 0.03 and 0.01."""
    async with running("steepest-ascent") as (app, pilot):
        await press(pilot, "full_stop", "full_stop")
        shown = words_of(app.screen.query_one(EquationPanel))
        assert "Here x matters 3 times as much as y." in shown
        assert "x by 0.01: +0.03; y by 0.01: +0.01" in shown
        assert "The gradient (3, 1) points uphill" in shown


@pytest.mark.parametrize("size", SIZES)
async def test_the_four_views_of_the_quadratic_fit(size):
    """Fit, loss, parameters against their true values, and the loss surface over b and c with the path."""
    async with running("quadratic-fit", at=5, size=size) as (app, pilot):
        chart, seen = app.screen.query_one("#chart", ChartPanel), {}
        for _ in range(6):
            seen[chart.shown] = text_of(chart)
            await press(pilot, "v")
        assert {"fit", "parameters", "surface"} <= set(seen)
        assert "true" in seen["parameters"]
        assert "◉" in seen["surface"]


@pytest.mark.parametrize("width", range(76, 92, 3))
async def test_the_title_of_the_equations_is_never_cut(width):
    """Where the long title does not fit into the frame the short one is taken: number, phase of how many, its name."""
    async with running("mountain-descent", at=3, size=(width, 24)) as (app, _pilot):
        panel = app.screen.query_one("#equation")
        top = panel.render_lines(Region(0, 0, panel.outer_size.width, 1))[0].text
        assert "…" not in top
        assert "3/3 update" in top or "phase 3 of 3: update" in top
