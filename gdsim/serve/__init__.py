"""Workshops over SSH: a room of learners, each with a run screen, and an instructor they can follow."""
