"""From a TOML file to a run: schema, data, limits, bundled scenarios."""
