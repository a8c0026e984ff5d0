"""Limits of a scenario, checked before memory is allocated, because a scenario may come from a stranger."""

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
"""Characters of a line of a data file, and of the beginning of the file read to detect the separator."""

COMPUTED_NUMBERS = 10_000_000
"""Samples × columns that a scenario's own text makes gdsim compute: generated data, features, data of compared runs."""

EXPRESSION_WORK = 50_000_000
"""Samples × characters of all expressions evaluated over them, so that loading takes about a second."""

FEATURES_CHARACTERS = 10_000
"""Characters of all features together: parsing an expression takes time."""

LAYER_OUTPUTS = 50_000_000
"""Samples × units of all layers: the outputs that a forward pass over all samples keeps."""

NAMED_PARAMETERS = 100_000
"""Parameters of a network whose weights or biases have names."""

FIGURES = 1_000
"""Expected figures, questions or goals."""

EDITS = 1_000
"""Edits on the way to a place in a run."""

LISTED = 100
"""Items of a short list: those under [show], starting points, keys and edits of a goal, chapters."""

SEED = 2**63 - 1
KEY_PARTS = 32
"""Parts of a dotted key; TOML parsers take quadratic time over them."""

MISTAKES = 50
"""Mistakes reported at once; nobody reads more of them."""

NAME_CHARACTERS = 60
LINE_CHARACTERS = 200
PROSE_CHARACTERS = 20_000
