"""How much a scenario may ask for; checked before memory is taken, for a scenario may come from a stranger."""

from __future__ import annotations

FILE_BYTES = 1_000_000
DATA_FILE_BYTES = 64_000_000
SAMPLES = 1_000_000
INPUTS = 4_096
LAYERS = 16
UNITS = 4_096
PARAMETERS = 5_000_000
VARIABLES = 8
UPDATES = 10_000_000
COMPARED_RUNS = 16

DATA_NUMBERS = 50_000_000
"""Samples × inputs of a data set read from files: MNIST's 47 million fit."""

TABLE_LINE_CHARACTERS = 1_000_000
"""Characters of a line of a data file, and of its beginning that is looked at to recognise the separator."""

COMPUTED_NUMBERS = 10_000_000
"""Samples × columns that a scenario's own text makes gdsim compute (generated data, features)."""

EXPRESSION_WORK = 50_000_000
"""Samples × characters of all expressions evaluated over them, so that loading stays a matter of a second."""

FEATURES_CHARACTERS = 10_000
"""Characters of all features together: reading an expression takes time."""

LAYER_OUTPUTS = 50_000_000
"""Samples × units of all layers: what one pass over all samples keeps."""

NAMED_PARAMETERS = 100_000
"""Parameters of a network whose weights or biases are given names."""

FIGURES = 1_000
"""Expected figures, and questions."""

LISTED = 100
"""Charts, panels or keys listed under [show], and starting points."""

SEED = 2**63 - 1
KEY_PARTS = 32
"""Parts of a dotted key; TOML readers take quadratic time over them."""

MISTAKES = 50
"""Mistakes reported at once; a file with more is not read further by anybody."""

NAME_CHARACTERS = 60
LINE_CHARACTERS = 200
PROSE_CHARACTERS = 20_000
