"""From an update to equations with numbers put in, and plain sentences."""
