"""pydantic-core for a program that only reads scenarios."""

from __future__ import annotations

from gdsim.loading import load_without

_TYPES = {"pydantic_core.core_schema": ("CoreConfig", "CoreSchema", "CoreSchemaType", "ErrorType")}
"""What type checkers know of schemas: nine tenths of the time pydantic-core takes to load, and nothing it does."""


def load_core() -> None:
    """Load pydantic-core without what only type checkers and pydantic itself need.

    Not for a process that is somebody else's, who may import pydantic after gdsim.
    """
    load_without("pydantic_core", _TYPES)
