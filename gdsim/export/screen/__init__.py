"""The screen in a file: a picture, a page to step through, a recording."""

PICTURES = (".svg", ".html", ".cast")
"""The extensions of such files."""
