"""Exact time travel: whatever keys are pressed, in whatever order, the state is the one a straight run comes to.

Random scenarios of every kind and rule, with mini-batches shuffled or not, are walked through with the very commands of
plain mode; the keys of the screen call the same steps. Beside them runs a fresh build of the scenario with the same
edits, straight from update 0, and both must agree to the last bit: parameters, what the rule remembers, corrections.
"""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_lines import after

from gdsim.engine.edits import Edited, edited_updates
from gdsim.engine.rules import RULES
from gdsim.errors import GdsimError
from gdsim.scenario.build import build
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file, load_text
from gdsim.scenario.place import Place
from gdsim.session import Session
from gdsim.session.commands import command_named
from gdsim.session.steps import way_to
from gdsim.timeline.position import phases_revealed, update_on_view
from gdsim.timeline.timeline import DEFAULT_BUDGET, Timeline
from gdsim.tui.app import GdsimApp
from gdsim.tui.display import Options
from gdsim.tui.run_screen import RunScreen

BUDGETS = (2_000, 12_000, DEFAULT_BUDGET)
"""Bytes for states: for two or three of them, for about fifteen, for all."""

HEAD = 'format = 1\ntitle = "t"\nsummary = "s"\n'


@st.composite
def functions(draw):
    text = draw(st.sampled_from(["(x - 2)**2", "x**4 - 3*x**3 + 2", "sin(x) + x**2/9", "tanh(x)**2"]))
    start = draw(st.floats(-3, 3))
    rule, rate = draw(st.sampled_from(sorted(RULES))), draw(st.sampled_from([0.001, 0.05, 0.4]))
    return (
        f'{HEAD}[function]\nexpression = "{text}"\nstart = {{ x = {start} }}\nstarts = [{{ x = 1.5 }}]\n'
        f'[update]\nrule = "{rule}"\nlearning_rate = {rate}\n[stop]\nmax_updates = {draw(st.integers(1, 40))}\n'
    )


@st.composite
def networks(draw):
    samples, size = draw(st.integers(2, 9)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    inputs, targets = rng.normal(size=(samples, 2)).tolist(), rng.integers(0, 2, samples).tolist()
    batch = draw(st.sampled_from(['"all"', str(min(size, samples))]))
    order = draw(st.sampled_from(["given", "shuffled"])) if batch != '"all"' else "given"
    return (
        f'{HEAD}seed = {draw(st.integers(0, 9))}\n[network]\nloss = "{draw(st.sampled_from(["mse", "half-sse"]))}"\n'
        '[[network.layers]]\nunits = 3\nactivation = "tanh"\ninit = { method = "normal" }\n'
        '[[network.layers]]\nunits = 1\nactivation = "sigmoid"\ninit = { method = "xavier" }\n'
        '[as_published]\nslope_at = "output"\nnote = "a slip"\n'
        f"[data]\ninputs = {inputs}\ntargets = {targets}\n"
        f'[update]\nrule = "{draw(st.sampled_from(sorted(RULES)))}"\nlearning_rate = 0.1\n'
        f'batch = {batch}\norder = "{order}"\n[stop]\nmax_updates = {draw(st.integers(1, 40))}\n'
    )


@st.composite
def perceptrons(draw):
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    count = draw(st.integers(2, 7))
    inputs, targets = rng.normal(size=(count, 2)).round(1).tolist(), rng.integers(0, 2, count).tolist()
    order = draw(st.sampled_from(["given", "shuffled"]))
    return (
        f"{HEAD}seed = 3\n[perceptron]\nweights = [0.0, 0.5]\n[data]\ninputs = {inputs}\ntargets = {targets}\n"
        f'[update]\nlearning_rate = 1.0\norder = "{order}"\n[stop]\nmax_updates = {draw(st.integers(1, 60))}\n'
    )


MOVES = st.one_of(
    st.sampled_from(["n", "b", ".", ",", "home", "end", "m", "r", "[", "]", "c", "o", "restart", "branches", "y"]),
    st.builds("n {}".format, st.integers(2, 20)),
    st.builds("b {}".format, st.integers(2, 20)),
    st.builds("go {}".format, st.integers(0, 60)),
    st.builds("play {}".format, st.integers(1, 5)),
    st.builds("rate {}".format, st.sampled_from([0.002, 0.1, 3])),
    st.builds("w {}".format, st.sampled_from(["rate 0.2", "rule adam", "rule nesterov", "seed 4", "corrected", "x 1"])),
    st.builds(
        "set {} {}".format, st.sampled_from(["x", "W1[0,0]", "w[0]", "b"]), st.floats(-2, 2).map("{:.3f}".format)
    ),
    st.builds("u {}".format, st.sampled_from(sorted(RULES))),
    st.builds("switch {}".format, st.integers(1, 4)),
    st.builds("drop {}".format, st.integers(1, 4)),
)


def bits(state):
    slots = b"".join(slot.tobytes() for slot in state.rule_state.slots)
    return state.update, state.theta.tobytes(), slots, state.rule_state.steps, state.corrections


def straight(session, timeline):
    """Return the states of a fresh run with the same edits, from update 0 to its end: the last one at each update."""
    run = build(session.scenario, start_index=session.start, corrected=session.is_corrected)
    states = {0: run.start}
    for each, _reason in edited_updates(run, timeline.edits):
        state = each.state if isinstance(each, Edited) else each.after
        states[state.update] = state
    return states


def check(session):
    """Check the place a session is at, and the branches beside it at the same update, against straight runs."""
    place = session.position
    for timeline in (session.timeline, *(ghost.timeline for ghost in session.ghosts)):
        states = straight(session, timeline)
        reached = timeline.reach(place.update)
        assert bits(timeline.state(reached)) == bits(states[reached])
        if timeline.stopped is not None:
            assert timeline.last == max(states)
    update = update_on_view(session.timeline, place)
    if place.phase is not None:
        assert update.number == place.update + 1
        assert 1 <= phases_revealed(session.timeline, place) < len(update.phases)
        assert bits(update.before) == bits(session.timeline.state(place.update))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(functions(), networks(), perceptrons()),
    st.lists(MOVES, min_size=3, max_size=16),
    st.sampled_from(BUDGETS),
)
def test_any_commands_lead_to_the_state_of_a_straight_run(text, typed, budget):
    """After every command, refused or not, state and branches equal a straight run's, bit for bit.

    Short of memory, most states are forgotten and made anew.
    """
    session = Session.open(load_text(text, "random.toml"))
    session = replace(session, timeline=Timeline(build(session.scenario), budget), trees={})
    for line in typed:
        with suppress(GdsimError):
            session = after(session, line)
        check(session)


@settings(max_examples=60, deadline=None)
@given(st.one_of(functions(), networks(), perceptrons()), st.lists(MOVES, min_size=1, max_size=14))
def test_the_command_written_down_leads_to_the_same_state(text, typed):
    """Edits, start, correction and update, as the screen writes them down, replay the session bit for bit."""
    session = Session.open(load_text(text, "random.toml"))
    for line in typed:
        with suppress(GdsimError):
            session = after(session, line)
    edits = tuple(str(edit) for edit in session.timeline.edits)
    place = Place("", session.position.update, None, session.start, session.is_corrected, edits)
    again = way_to(Session.open(session.scenario, place), place).session()
    assert bits(again.timeline.state(again.position.update)) == bits(session.timeline.state(session.position.update))


SHUFFLED = [("update.order", "shuffled"), ("stop.max_updates", 80)]
SCREEN_SCENARIOS = {
    "local-minima": [("update.rule", "adam"), ("stop.max_updates", 80)],
    "quadratic-fit": [("update.rule", "momentum"), ("update.batch", 3), *SHUFFLED],
    "perceptron": SHUFFLED,
}
"""Scenarios of each kind, the first with starting points, the second with a published slip, and their changes."""

PRESSED = ["space", "left", "full_stop", "comma", "home", "m", "c", "o", "left_square_bracket", "right_square_bracket"]


async def arrive(pilot):
    """Wait until a way that takes a while is over, and what has come of it is shown."""
    await pilot.pause()
    while not isinstance(pilot.app.screen, RunScreen):
        await pilot.pause(0.05)
    await pilot.pause()


@pytest.mark.parametrize("name", SCREEN_SCENARIOS)
@pytest.mark.parametrize("seed", range(3))
async def test_any_keys_of_the_screen_do_too(name, seed):
    """The same through the real screen: sixty random keys, then the end and back to where we were."""
    rng = np.random.default_rng(seed)
    app = GdsimApp(load_file(resolve(name), SCREEN_SCENARIOS[name]), Options())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for key in rng.choice(PRESSED, 60).tolist():
            await pilot.press(key)
        await pilot.pause()
        check(app.screen.session)
        before = app.screen.session
        await pilot.press("end")
        await arrive(pilot)
        check(app.screen.session)
        app.screen.perform(command_named("go"), str(before.position.update))
        await arrive(pilot)
        there = app.screen.session
        assert bits(there.timeline.state(there.position.update)) == bits(before.timeline.state(before.position.update))
