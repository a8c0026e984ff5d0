"""Stepping line by line, without cursor addressing or colour."""
