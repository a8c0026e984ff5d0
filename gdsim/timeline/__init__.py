"""States of a run by update number: go to any of them exactly."""
