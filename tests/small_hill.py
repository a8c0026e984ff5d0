"""A small scenario that many tests begin with: down (x − 2)² from 4."""

HILL = """
format = 1
title = "A hill"
summary = "(x - 2)²"
[function]
expression = "(x - 2)**2"
start = { x = 4.0 }
[update]
learning_rate = 0.01
[stop]
max_updates = 20
"""

STARTING_ANYWHERE = HILL.replace("x = 4.0 }", "x = 4.0 }\nstarts = [{ x = 0.0 }]")
"""The same with another starting point."""
