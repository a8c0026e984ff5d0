"""A learner's session and its commands: the layer below the screen, plain mode and the workshop."""

from gdsim.session.session import Session, lock_of

__all__ = ["Session", "lock_of"]
