"""Edits written and read: a list of them replays a session."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.engine.batches import Batches
from gdsim.engine.edits import Edit, Edited, edited_updates, next_rate, parse_edit
from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Stop, start_state
from gdsim.errors import UsageError


def hill(rule="gradient-descent", updates_at_most=30, **stop):
    model = FunctionModel(parse("(x - 2)**2", ["x"]), (parse("2*(x - 2)", ["x"]),))
    rule = make_rule(rule)
    start = start_state(model, rule, np.array([4.0]))
    return Run(model, rule, 0.01, Batches(), start, Stop(updates_at_most, **stop))


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("12:update.learning_rate=0.5", Edit(12, "update.learning_rate", 0.5)),
        ("20:x=3.0", Edit(20, "x", 3.0)),
        (" 20 : x = −3 ", Edit(20, "x", -3.0)),
        ("5:update.rule=adam", Edit(5, "update.rule", "adam")),
        ("5:update.momentum=0.5", Edit(5, "update.momentum", 0.5)),
        ("7:corrected=true", Edit(7, "corrected", True)),
        ("7:corrected=false", Edit(7, "corrected", False)),
        ("9:seed=3", Edit(9, "seed", 3)),
        ("0:W1[0,1]=1e-3", Edit(0, "W1[0,1]", 0.001)),
        ("0:a=b:c=2", Edit(0, "a=b:c", 2.0)),
    ],
)
def test_edits_are_read(text, edit):
    """An edit is AFTER:KEY=VALUE; what reads as a number is one, true and false are truths, all else is a word."""
    assert parse_edit(text) == edit
    assert type(parse_edit(text).value) in (type(edit.value), float)


@given(
    st.integers(0, 10_000_000),
    st.sampled_from(["x", "W1[0,1]", "update.learning_rate", "seed", "b=c"]),
    st.one_of(st.floats(allow_nan=False), st.booleans(), st.sampled_from(["adam", "gradient-descent"])),
)
def test_what_is_written_reads_back_equal(after, key, value):
    """Every edit reads back from its own text as the same edit, to the last bit."""
    edit = Edit(after, key, value)
    assert parse_edit(str(edit)) == edit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it must start with an update number and a colon; AFTER:KEY=VALUE"),
        ("x=3", "it must start with an update number and a colon"),
        ("-1:x=3", "it must start with an update number and a colon"),
        ("²:x=3", "it must start with an update number and a colon"),
        ("5:x", "no KEY=VALUE"),
        ("5:=3", "no KEY=VALUE"),
        ("5:x=", "no KEY=VALUE"),
        ("9" * 5000 + ":x=1", "the update number is too large"),
    ],
)
def test_what_is_no_edit_is_told(text, message):
    """A text that is no edit is answered with the form of one, in a short line without control characters."""
    with pytest.raises(UsageError, match=message) as raised:
        parse_edit(text)
    assert len(str(raised.value)) < 200


@given(st.text(max_size=60))
def test_any_text_is_an_edit_or_a_usage_error(text):
    """No text makes anything but an edit or a message of one printable line."""
    said = ""
    try:
        parse_edit(text)
    except UsageError as error:
        said = str(error)
    assert not said or said.isprintable()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("update.momentum", 1.0, "found 1; a number at least 0 and below 1"),
        ("update.momentum", "much", "a finite number"),
        ("update.beta1", 0.5, "no such parameter or setting"),
        ("seed", 1.5, "a whole number, at least 0"),
        ("seed", float("nan"), "a whole number, at least 0"),
        ("seed", 3, "the seed has no effect from here on"),
        ("seed", float("inf"), "found inf; a whole number, at least 0"),
        ("corrected", 1.0, "true or false"),
        ("y", 1.0, "no such parameter or setting; parameters: x"),
        ("x", "three", "found 'three'; a finite number"),
        ("x", float("inf"), "found inf; a finite number"),
        ("update.learning_rate", -1.0, "found -1; a number above 0"),
        ("update.rule", "adamm", "one of gradient-descent, momentum"),
        ("update.rule", "momentum lookahead", "momentum textbook, nesterov lookahead"),
        ("update.form", "lookahead", "momentum textbook, nesterov lookahead"),
        ("update.schedule", "stepp 3", r"constant, step EVERY \[FACTOR\], exponential FACTOR"),
        ("update.schedule", "step", r"found 'step'; step EVERY \[FACTOR\]"),
        ("update.schedule", "step 1.5", r"step EVERY \[FACTOR\]"),
        ("update.schedule", "exponential much", "exponential FACTOR"),
        ("update.schedule", "exponential 0", "exponential FACTOR"),
        ("update.schedule", "warmup 5 6", "warmup UPDATES"),
        ("update.clip", "norm", "norm NUMBER, value NUMBER, none"),
        ("update.clip", "norm 0", "norm NUMBER, value NUMBER, none"),
        ("update.clip", 1.0, "norm NUMBER, value NUMBER, none"),
    ],
)
def test_values_that_cannot_be(key, value, message):
    """What a run does not take is told with what is allowed."""
    with pytest.raises(UsageError, match=message):
        list(edited_updates(hill("momentum"), [Edit(1, key, value)]))


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        # From 4 with μ = ½ and η = 0.1, by hand: v = −0.4, then −0.2 − 0.1·3.2; ahead, the slope is taken at 3.4.
        (["0:update.rule=momentum textbook", "0:update.momentum=0.5"], [3.6, 3.08]),
        (["0:update.rule=momentum", "0:update.momentum=0.5", "0:update.form=textbook"], [3.6, 3.08]),
        (["0:update.rule=nesterov lookahead", "0:update.momentum=0.5"], [3.6, 3.12]),
        (["0:update.rule=nesterov", "0:update.momentum=0.5"], [3.4, 2.88]),
        # η is 0.1 for one update, then 0.05: 4 − 0.1·4 = 3.6, then 3.6 − 0.05·3.2.
        (["0:update.schedule=step 1"], [3.6, 3.44]),
        (["0:update.schedule=exponential 0.5", "1:update.schedule=constant"], [3.6, 3.28]),
        (["0:update.clip=norm 1"], [3.9, 3.8]),
        (["0:update.clip=value 1", "1:update.clip=none"], [3.9, 3.52]),
    ],
)
def test_form_schedule_and_clip_are_changed_on_the_way(edits, expected):
    """Down (x − 2)² from 4 with η = 0.1, the first two places worked out by hand."""
    run = edited_updates(hill(), [Edit(0, "update.learning_rate", 0.1), *map(parse_edit, edits)])
    places = {each.number: each.after.theta.item() for each, _reason in run if not isinstance(each, Edited)}
    assert [places[1], places[2]] == pytest.approx(expected)


def test_edits_hold_from_their_update_on():
    """With η = 0.5 from update 12 on, x₁₃ = x₁₂ − 0.5·2(x₁₂ − 2) = 2; from x = 3 at 20 it is 2 again at 21."""
    edits = [Edit(12, "update.learning_rate", 0.5), Edit(20, "x", 3.0)]
    x, reasons = {}, []
    for update, reason in edited_updates(hill(), edits):
        state = update.state if isinstance(update, Edited) else update.after
        x.setdefault(state.update, []).append(state.theta.item())
        reasons.append(reason)
    assert x[12] == pytest.approx([2 + 2 * 0.98**12] * 2, rel=1e-12)
    assert x[13] == pytest.approx([2.0])
    assert x[20] == pytest.approx([2.0, 3.0])
    assert x[21] == pytest.approx([2.0])
    assert reasons[:-1] == [None] * (len(reasons) - 1)
    assert reasons[-1] == "max_updates"


def test_an_edit_where_the_run_is_over_lets_it_go_on():
    """A run that stopped at update 12 goes on when something is changed there; one that stopped before cannot."""
    stop = {"min_gradient": 2 * 2 * 0.98**11 + 1e-9}
    numbers = [u.number for u, _ in edited_updates(hill(**stop), [])]
    assert numbers[-1] == 12
    going_on = list(edited_updates(hill(**stop), [Edit(12, "x", 9.0)]))
    assert going_on[-1][0].number == 30
    with pytest.raises(UsageError, match=r"13:x=9.0: the run is over after update 12 \(min_gradient\)"):
        list(edited_updates(hill(**stop), [Edit(13, "x", 9.0)]))


def test_rates_step_by_1_2_5():
    """0.01 → 0.02 → 0.05 → 0.1, and back."""
    assert next_rate(0.01, up=True) == 0.02
    assert next_rate(0.05, up=True) == 0.1
    assert next_rate(0.1, up=False) == 0.05
    assert next_rate(0.03, up=False) == 0.02
