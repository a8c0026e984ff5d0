"""Charts as plain values, built from a timeline and a position; draws nothing."""
