"""Formulas: parsed, computed, differentiated and written out."""
