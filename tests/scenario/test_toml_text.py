"""Where keys stand in a TOML text."""

from __future__ import annotations

import pytest

from gdsim.scenario.mistakes import Path
from gdsim.scenario.toml_text import line_finder

TEXT = '''title = "t"
lesson = """
seed = 9
[update]
"""

[update]   # how
learning_rate = 0.1
 rule="adam"
[[network.layers]]
units = 1
weights = [
  [1, 2],
]
init.scale = 1
[[network.layers]]
units = 2
[network.layers.init]
method = "he"
["a b"]
'c.d' = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("lesson",), 2),
        (("seed",), None),
        (("update",), 7),
        (("update", "learning_rate"), 8),
        (("update", "rule"), 9),
        (("update", "missing"), 7),
        (("network",), None),
        (("network", "layers"), 10),
        (("network", "layers", 0), 10),
        (("network", "layers", 0, "weights", 0, 1), 12),
        (("network", "layers", 0, "init", "scale"), 15),
        (("network", "layers", 1), 16),
        (("network", "layers", 1, "units"), 17),
        (("network", "layers", 1, "init", "method"), 19),
        (("a b", "c.d"), 21),
        ((), None),
    ],
)
def test_finds_the_line_of_a_key(path: Path, line: int | None) -> None:
    """Keys at the start of a line exactly, what is inside a value at its key, what is missing at its table."""
    assert line_finder(TEXT)(path) == line


def test_what_a_setting_changed_has_no_line() -> None:
    """A mistake in a setting does not point at the file."""
    find = line_finder(TEXT, (("update", "rule"),))
    assert find(("update", "rule")) is None
    assert find(("update", "learning_rate")) == 8
