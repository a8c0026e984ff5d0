"""Programs of learners: the right ones agree, and the mistakes planted in them are named."""

from collections import Counter

import pytest

from gdsim.explain.mistakes import FLOAT32, MISTAKES
from tests.interop.learners import trials
from tests.interop.plants import PLANTS


def test_every_mistake_is_planted_in_two_programs():
    """Each of the table, but for those that only one published source has or one scenario can have."""
    planted = Counter(mistake for _program, mistake, _lines in PLANTS)
    expected = {mistake.name for mistake in (*MISTAKES, FLOAT32)} - {"tie", "bias-trained"}
    assert {name for name, count in planted.items() if count >= 2} == expected


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # learners do not close files
@pytest.mark.parametrize("digits", [None, 4])
def test_mistakes_are_found_and_named(digits):
    """Right programs agree; of the others nine in ten are named, and none by another mistake."""
    found = list(trials(digits))
    right = [trial for trial in found if not trial.mistakes]
    planted = [trial for trial in found if trial.mistakes]
    assert all(trial.found.agrees and not trial.named for trial in right)
    assert all(trial.found.first is not None for trial in planted if trial.mistakes != ("float32",))
    assert [
        (t.program, t.mistakes, t.named) for t in planted if t.named and not (t.is_named or t.is_told_as_well)
    ] == []
    assert sum(trial.is_found for trial in planted) >= 0.95 * len(planted)
    assert sum(trial.is_named for trial in planted) >= 0.9 * len(planted)
