"""Traces as JSON lines, CSV and a table."""
