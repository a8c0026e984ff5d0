"""What is asked and told while followers share a screen."""

import contextlib

import pytest
from over_ssh import INSTRUCTOR_CODE, Workshop, needs_ssh, until

pytestmark = needs_ssh

FOLLOWERS = 5


@pytest.fixture
def room(tmp_path):
    with Workshop(tmp_path, "mazur") as made:
        yield made


@contextlib.contextmanager
def followers(room, count=FOLLOWERS, **options):
    """An instructor on air at update 2, and followers who share a screen."""
    with contextlib.ExitStack() as stack:
        ada = stack.enter_context(room.ssh(name="ada", code=INSTRUCTOR_CODE))
        ada.until("off air")
        ada.send("  f")
        ada.until("on air")
        ada.until("update 2 ·")
        learners = [stack.enter_context(room.ssh(name=f"n{number}", **options)) for number in range(count)]
        for learner in learners:
            learner.until("following ada")
            learner.until("update 2 ·")
        settle(room, 2, [ada, *learners])
        yield ada, learners


def settle(room, count, terminals):
    """Wait until there are so many screens; terminals are read meanwhile."""
    until(lambda: [each.pump(0) for each in terminals] and len(room.children) == count, what=lambda: room.children)


def test_answers_at_a_shared_screen_are_one_s_own(room):
    """Each is told what they said, and whether it was right; two steps later those who answered share one again."""
    with followers(room) as (ada, learners):
        ada.send("Q")
        ada.until("what do you ask everybody?")
        ada.send("\r")
        for learner in learners:
            learner.until("Which way will w5 move?")
        learners[0].send("-")
        learners[1].send("\x1b[A")
        learners[2].send("\x1b[45;;45u")
        learners[3].send("h")
        learners[0].until("you said down")
        learners[1].until("you said up")
        learners[2].until("you said down")
        ada.until("2 have not answered yet")
        settle(room, 6, [ada, *learners])  # so many keys, so many screens of one's own
        learners[3].until("Which way will w5 move?")
        ada.send("\r")
        for number, said in enumerate(["✓ down", "✗ down", "✓ down", "It is down", "It is down"]):
            learners[number].until(said)
            learners[number].until("update 3 ·")
        learners[0].send("\r")
        ada.send("\r ")
        for learner in learners:
            learner.until("update 4 ·")
            learner.until("following ada")
        ada.send(" ")
        for learner in learners:
            learner.until("update 5 ·")
        settle(room, 3, [ada, *learners])  # who pressed h, which is no answer, keeps a screen of their own


def test_the_end_of_a_broadcast_leaves_everybody_where_it_was(room):
    """Off air the shared screen stays until a key; then everybody walks from there."""
    with followers(room) as (ada, learners):
        ada.send("f")
        for learner in learners:
            learner.until("is off air")
        learners[0].send(" ")
        learners[0].until("update 3 ·")
        assert "update 2 ·" in learners[1].text
        ada.send("f")
        learners[0].until("update 2 ·")
