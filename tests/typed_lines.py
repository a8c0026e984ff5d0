"""Commands typed on a session, and what has come of them, long ways walked to their end."""

from gdsim.session import Session
from gdsim.session.command import Ask, Effect, Text
from gdsim.session.commands import run_command, understand


def result_of(session, line):
    """Return what a typed line comes to: a session, a text, a question or what is left to the surface."""
    command, argument = understand(line)
    result = run_command(command, session, argument)
    while not isinstance(result, Session | Text | Ask | Effect):
        while not result.walk(1.0):
            pass
        result = result.result()
    return result


def after(session, line):
    """Return the session to go on with after a typed line."""
    result = result_of(session, line)
    return result if isinstance(result, Session) else result.session or session
