"""Runs and screens as files and streams."""
