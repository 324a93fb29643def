"""Files of polygons that were once, or could be, read wrongly: each with what must become of it.

A case changes the small town's folder; then the town must be refused in one line, read with a note
of the stated kind, or read as if nothing had happened.
"""

import shapes_in_geopackage
import shapes_in_text
import shapes_named
import shapes_packed
import shapes_placed
from cases import Case

__all__ = ["CASES", "Case"]

CASES = [
    *shapes_placed.CASES,
    *shapes_in_text.CASES,
    *shapes_in_geopackage.CASES,
    *shapes_packed.CASES,
    *shapes_named.CASES,
]
