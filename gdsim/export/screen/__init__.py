"""The screen as a file: a picture, a page to step through, or a recording."""

PICTURES = (".svg", ".html", ".cast")
"""The endings of these files."""
