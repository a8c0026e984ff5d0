"""From a timeline and a position to charts as plain values; draws nothing."""
