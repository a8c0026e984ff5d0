"""Screens: the run, the picker, and the sheets that lie over them."""
