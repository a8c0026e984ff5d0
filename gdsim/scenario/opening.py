"""How a scenario's file is opened: with settings laid over it, and more kept from the learner than it keeps itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gdsim.records import dataclass
from gdsim.scenario.load import Overrides, load_file, with_settings
from gdsim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Opening:
    """Settings laid over a file, and names locked and hidden beside its own."""

    overrides: Overrides = ()
    lock: Sequence[str] = ()
    hide: Sequence[str] = ()

    def read(self, path: Path | str) -> Scenario:
        """Return the scenario in a file. Raises ScenarioError with every mistake found."""
        scenario = load_file(path, self.overrides)
        more = [
            (f"show.{key}", [*dict.fromkeys((*own, *names))])
            for key, own, names in (("lock", scenario.show.lock, self.lock), ("hide", scenario.show.hide, self.hide))
            if names
        ]
        return with_settings(scenario, more) if more else scenario
