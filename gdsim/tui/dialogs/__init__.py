"""Dialogs over the run screen: each is opened with what it shows and closes with one result."""
