"""Plain mode: stepping through a run line by line, without cursor addressing or colour."""
