"""The room of a workshop: who is in it, what is broadcast, asked and answered, and how hosts share it."""
