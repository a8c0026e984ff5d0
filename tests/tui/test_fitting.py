"""A line that is too long leaves out its least needed pieces."""

from hypothesis import given
from hypothesis import strategies as st

from gdsim.tui.strips import Piece, cells_of, fitting

PIECES = st.lists(st.builds(Piece, st.text(alphabet="ab中", min_size=1, max_size=9), rank=st.integers(0, 4)))


@given(PIECES, st.integers(0, 40))
def test_the_least_needed_pieces_go_first(pieces, width):
    """Whole ranks are left out, from the highest on, until the line fits; no more than needed, and never rank 0."""
    shown = fitting(pieces, width)
    highest = max((piece.rank for piece in shown), default=0)
    assert shown == [piece for piece in pieces if piece.rank <= highest]
    assert cells_of(shown) <= width or highest == 0
    left_out = [piece.rank for piece in pieces if piece not in shown]
    if left_out:
        assert cells_of(piece for piece in pieces if piece.rank <= min(left_out)) > width
