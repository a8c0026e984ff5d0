"""The panels of the run screen; each is a function of a view."""
