"""Packages loaded without parts of them: they work as ever, and the parts come whole to whoever wants them later."""

import subprocess
import sys

import pytest

BEGIN = "from gdsim.loading import load_without; import sys; part = 'pydantic_core.core_schema'; "
TAKEN = "('CoreConfig', 'CoreSchema', 'CoreSchemaType', 'ErrorType')"


def said(program: str) -> str:
    """Return what a program says, run in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", BEGIN + program], capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout.strip()


def test_a_part_left_out_is_loaded_when_somebody_wants_it() -> None:
    """At first it is nowhere; imported later it is the real one, found as ever."""
    program = f"""
package = load_without("pydantic_core", {{part: {TAKEN}}})
print(part in sys.modules)
from pydantic_core import core_schema
print(package.SchemaValidator(core_schema.int_schema()).validate_python("3"))
"""
    assert said(program).split() == ["False", "3"]


@pytest.mark.parametrize("taken", ["()", "('CoreConfig',)"])
def test_a_package_that_needs_a_part_is_loaded_whole(taken: str) -> None:
    """A later version may take more from a part than is known here: then nothing is left out."""
    program = f"""
package = load_without("pydantic_core", {{part: {taken}}})
print(part in sys.modules, package.SchemaValidator(package.core_schema.int_schema()).validate_python("3"))
"""
    assert said(program).split() == ["True", "3"]


def test_a_package_that_is_loaded_stays_as_it_is() -> None:
    """Whoever loaded it before may use all of it."""
    program = f"""
import pydantic_core
package = load_without("pydantic_core", {{part: {TAKEN}}})
print(package is pydantic_core, package.CoreSchema is sys.modules[part].CoreSchema)
"""
    assert said(program).split() == ["True", "True"]


def test_reading_scenarios_from_python_leaves_nothing_out() -> None:
    """A notebook may import pydantic after gdsim; `gdsim run` alone has its process for itself."""
    program = "import gdsim; gdsim.load('mountain-descent'); print(part in sys.modules)"
    assert said(program) == "True"
