"""Exports of runs and screens to files and streams."""
