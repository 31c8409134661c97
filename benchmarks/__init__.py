"""Measurements: what is printed here stands in the documentation."""
