"""``gdsim schema``: the JSON Schema of scenario files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from gdsim.cli.command import Command


def _options(_parser: ArgumentParser) -> None:
    """Add nothing: there is one format."""


def _act(_options: Namespace) -> int:
    import json

    from gdsim.scenario.schema import json_schema

    sys.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")
    return 0


COMMAND = Command(
    "schema",
    "print the JSON Schema of the scenario format, for editors",
    ("gdsim schema > gdsim.schema.json",),
    _options,
    _act,
)
