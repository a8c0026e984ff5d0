"""A build hook of hatch: the wheel brings the completion scripts, and installs them where shells look for them."""

import shutil
import sys
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACES = {
    "bash": "share/bash-completion/completions/gdsim",
    "zsh": "share/zsh/site-functions/_gdsim",
    "fish": "share/fish/vendor_completions.d/gdsim.fish",
}
"""Where each shell looks, under the prefix the wheel is installed in."""


class CompletionHook(BuildHookInterface):
    """Writes a script for each shell from the parser of the command line."""

    def initialize(self, version, build_data):
        """Write the scripts into a folder of their own, and name them as data to install."""
        sys.dont_write_bytecode = True
        sys.path.insert(0, self.root)
        from gdsim.cli.completion import script

        self.folder = Path(tempfile.mkdtemp())
        for shell, place in PLACES.items():
            written = self.folder / shell
            written.write_text(script(shell), encoding="utf-8")
            build_data["shared_data"][str(written)] = place

    def finalize(self, version, build_data, artifact_path):
        """Remove the folder."""
        shutil.rmtree(self.folder)
