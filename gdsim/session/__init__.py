"""What one learner is doing, and everything one can do: the floor below every screen, plain mode and the workshop."""

from gdsim.session.session import Session, lock_of

__all__ = ["Session", "lock_of"]
