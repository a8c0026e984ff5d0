"""Numbers and models from elsewhere: a learner's own program, and other libraries."""
