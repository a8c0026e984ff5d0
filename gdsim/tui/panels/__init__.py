"""The panels of the run screen; each is a function of the screen's state."""
