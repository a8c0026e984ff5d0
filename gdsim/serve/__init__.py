"""Workshops over SSH: a room of learners, each with the run screen, and an instructor they can follow."""
