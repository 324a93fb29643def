"""What a view asks to be drawn: refused where it cannot be, before the long work of drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.maps.atlas import interactive, pictures, printed

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["titles"]


def titles(results: Results, view: View) -> list[str]:
    """Titles of every map and picture that a view asks for, in the report's order.

    Parameters
    ----------
    results : Results
        What was measured, however few draws its tests took.
    view : View
        What is asked for.

    Returns
    -------
    list of str
        The maps' first, then the pictures'.

    Raises
    ------
    GrannskapError
        Where one of them, or the page, cannot be made.
    """
    maps = printed.maps(results, view)
    printed.extent(results, view)
    interactive.check(results, view)
    return [
        *(which.style.title for which in maps),
        *(extra.title for extra in pictures.extras(results, view)),
    ]
