"""A quick look with hypothesis at all that comes from outside; tests/README.md tells how to look for longer."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from targets import TARGETS


def changed(seed, words, changes):
    """A seed with pieces of it removed, doubled, swapped for words or for random bytes."""
    data = bytearray(seed)
    for number in changes:
        die = random.Random(number)
        start = die.randrange(len(data) + 1)
        end = min(len(data), start + die.choice((0, 1, 1, 2, 5, 20)))
        piece = (
            die.choice(words).encode()
            if words and die.random() < 0.6
            else bytes(die.choices(range(256), k=die.randrange(4)))
        )
        data[start:end] = piece if die.random() < 0.8 else data[start:end] * 2
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_right(name):
    """What the search starts from is taken."""
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_from_outside_breaks_it(name):
    """Any bytes, and good ones changed here and there, are taken or refused as documented."""
    target = TARGETS[name]
    near = st.builds(
        changed, st.sampled_from(target.seeds), st.just(target.words), st.lists(st.integers(0, 2**32), max_size=8)
    )

    @settings(max_examples=target.quick, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(near | st.binary(max_size=60))
    def look(data):
        target.run(data)

    look()
