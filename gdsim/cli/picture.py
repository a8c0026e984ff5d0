"""``gdsim export`` of the screen, apart from that of text, which does without Textual."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from gdsim.cli.export import write_export
from gdsim.export.trace.lines import Steps
from gdsim.session import Session
from gdsim.tui.display import Options
from gdsim.tui.pictures import SCREENS, Shot


def picture_command(options: Namespace) -> int:
    """Write a picture of the screen, a page to step through, or a recording."""

    def lines(session: Session, steps: Steps | None) -> Iterator[str]:
        look = Options(ascii_only=options.ascii, theme=options.theme)
        shot = Shot(options.at or 0, steps, options.phases, options.size or Shot().size, options.speed, look)
        return SCREENS[Path(options.file).suffix](session, shot)

    return write_export(options, lines)
