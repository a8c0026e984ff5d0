"""Measurements beside peers: `python -m tests.benchmarks`. Not part of the test run."""
