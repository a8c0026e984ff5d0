"""The arithmetic: models, rules and updates in pure numpy, with no files, clock, printing or screen."""
