"""Samples: read from their source, made into features, split and scaled."""
