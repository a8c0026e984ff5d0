"""Changing a run in plain mode: parameters, the corrected rule, whose numbers are shown; and that no line breaks it."""

import io
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from plain_talk import HILL, LARGE, NEURON, opened, said

from gdsim.plain.repl import run_plain
from gdsim.session.commands import COMMANDS
from gdsim.timeline.position import Position


def test_a_step_leaves_the_session_as_it_was() -> None:
    """Sessions are values: going on or editing gives another one."""
    session = opened()
    further = session.forward(3).edited("x", 1.0)
    assert session.position == Position(0)
    assert session.timeline.state(0).theta.tolist() == [4.0]
    assert further.timeline.state(3).theta.tolist() == [1.0]
    assert further.restarted().timeline.state(0).theta.tolist() == [4.0]


def test_corrected_stays_at_the_update_and_changes_the_gradient() -> None:
    """The published bias gradient is half the corrected one, by hand −3.2 and −6.4; the update stays the same."""
    # z = (1·1 + 0.5·2 + 0.2·3, 1·2 + 0.2·1) = (2.6, 2.2); 2·((2.6 − 3) + (2.2 − 5)) = −6.4
    assert "b = 0.032 (change 0.032, gradient −3.2)" in said("n\nparams b\n", NEURON)[-1]
    *_opening, block, parameter = said("n\nc\nparams b\n", NEURON)
    assert block.startswith("Update 1: ")
    assert "b = 0.064 (change 0.064, gradient −6.4)" in parameter


def test_many_parameters_are_counted_and_listed_on_demand() -> None:
    """Of more than eight a block tells the largest changes and how many more there are; `params` lists twelve."""
    opening, after = said("n\n", NEURON)
    assert "12 parameters; params lists them" in opening
    assert "9 more parameters; params lists them" in after
    assert len(said("params\n", NEURON)[-1].splitlines()) == 12


def test_a_large_network_is_summed_up() -> None:
    """Of 2 → 20 → 1, 81 parameters, `params` tells the blocks and ten of the largest changes; names come either way."""
    summary = said("n\nparams\n", LARGE)[-1].splitlines()
    assert [line.split(" ·")[0] for line in summary[:4]] == ["W1 20×2", "b1 20", "W2 1×20", "b2 1"]
    changes = [abs(float(line.split("change ")[1].split(",")[0].replace("−", "-"))) for line in summary[4:14]]
    assert changes == sorted(changes, reverse=True)
    assert summary[14].startswith("71 more parameters; params NAME lists")
    ten = {f"w¹₁₀,{below}" for below in "₁₂"}
    for typed in ("w¹₁₀", "w1[10", "W1[9"):
        assert {line.split(" = ")[0] for line in said(f"params {typed}\n", LARGE)[-1].splitlines()} == ten
    by_change, by_name = (said(f"n\nparams by {what}\n", LARGE)[-1].splitlines() for what in ("change", "name"))
    assert sorted(by_change) == sorted(by_name)
    assert by_change[:10] == summary[4:14]
    assert by_name[0].startswith("w¹₁,₁ = ")


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.builds(
            lambda word, argument: f"{word} {argument}",
            st.sampled_from([word for command in COMMANDS for word in command.words]),
            st.one_of(st.text(max_size=12), st.integers(-5, 40).map(str), st.floats().map(repr)),
        ),
        st.builds("set {} {}".format, st.sampled_from(["x", "y", "p", "corrected", "seed"]), st.floats().map(repr)),
    ),
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(LINES, st.sampled_from([HILL, NEURON]))
def test_no_line_breaks_plain_mode(lines: list[str], text: str) -> None:
    """Whatever is typed, plain mode answers and goes on until quit or the end, with status 0."""
    stream = io.StringIO()
    with patch("gdsim.session.files.write_file", lambda _path, lines: list(lines)):  # nothing is left on the disk
        assert run_plain(opened(text), io.StringIO("\n".join(lines)), stream, ascii_only=True) == 0
    assert stream.getvalue().isascii()


def test_the_end_of_a_run_with_huge_numbers_is_told() -> None:
    """A gradient whose length is beyond all numbers is told as infinite, without a warning on the terminal."""
    assert "The numbers have grown without bound" in said("set x 10e153\nn\nn\n")[-1]
