"""Readers of what people have: polygons and register counts."""
