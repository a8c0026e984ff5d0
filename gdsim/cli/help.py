"""``gdsim help``: the manual, printed."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from gdsim.i18n import language_for, use_language
from gdsim.manual import TOPICS, heading
from gdsim.session.commands import COMMANDS
from gdsim.session.manual import topic_text


def help_command(options: Namespace) -> int:
    """Print a topic, or the list of topics."""
    use_language(language_for(options.lang, os.environ, sys.stdout.encoding))
    sys.stdout.write(topic_list() if options.topic is None else topic_text(options.topic, COMMANDS))
    return 0


def topic_list() -> str:
    """Return the topics with a line each, and how to read one."""
    width = max(map(len, TOPICS))
    return "".join(("gdsim help TOPIC\n\n", *(f"  {topic:<{width}}  {heading(topic)}\n" for topic in TOPICS)))
