"""Dialogs over the run screen: each opens with its content and closes with one result."""
