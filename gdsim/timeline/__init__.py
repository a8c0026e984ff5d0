"""The states of a run by update number, each of them reproduced exactly."""
