"""Numbers and models from outside: from a learner's own program and from other libraries."""
