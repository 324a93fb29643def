"""The maps: one style, drawn on paper and on screen."""
