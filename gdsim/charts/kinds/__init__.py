"""The kinds of charts, one module each or a few in one."""
