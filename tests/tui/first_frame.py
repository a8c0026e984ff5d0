"""gdsim on a terminal: writes the modules loaded so far to the file named first, when the first frame is to be sent."""

import sys
from pathlib import Path

from gdsim.cli import main
from gdsim.tui.driver import TerminalDriver

LEAST = 2000
"""Characters a frame has at least; what sets up the terminal before it is shorter."""

write = TerminalDriver.write


def noting(driver: TerminalDriver, data: str) -> None:
    """Note what is loaded when the first frame comes, then write as always."""
    if len(data) > LEAST:
        TerminalDriver.write = write  # type: ignore[method-assign]
        Path(sys.argv[1]).write_text("\n".join(sys.modules))
    write(driver, data)


TerminalDriver.write = noting  # type: ignore[method-assign]
sys.exit(main(sys.argv[2:]))
