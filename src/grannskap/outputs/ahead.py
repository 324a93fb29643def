"""What a run is going to write, and about how long it takes: for `grannskap check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["tell"]

_MOST = 8
"""Titles that are told, so that the whole fits on a screen."""

_FIXED = 3.4
_PICTURE = 0.1
_PICTURE_AREA = 0.0047
_SIMPLIFIED = 1000
_SETTING = 0.1
"""Seconds of page, tables and report; of a picture, of each area in it up to so many (outlines of
more are simplified), and of a year and group: fitted to runs of 91 to 1,287 areas, see
docs/cost.md."""


def tell(results: Results, view: View, *, taken: float) -> list[str]:
    """Say what a run draws and writes, and about how long it takes.

    Parameters
    ----------
    results : Results
        What was measured, however few draws its tests took.
    view : View
        What is asked for.
    taken : float
        Seconds that reading and measuring took, which a run takes too.

    Returns
    -------
    list of str
        A line each.

    Raises
    ------
    GrannskapError
        Where a map, a picture or the page cannot be made.
    """
    from grannskap.maps.atlas import asked
    from grannskap.outputs import tables

    titles = asked.titles(results, view)
    left = len(titles) - _MOST
    values = {"maps": len(titles), "left": left, "tables": len(tables.named(results, view))}
    seconds = taken + _writing(results, view, len(titles))
    return [
        say("program.ahead.maps", view.language, values),
        *(f"  {title}" for title in titles[:_MOST]),
        *([f"  {say('program.ahead.more', view.language, values)}"] if left > 0 else []),
        say("program.ahead.rest", view.language, values),
        _about(seconds, view),
    ]


def _writing(results: Results, view: View, pictures: int) -> float:
    shown = int(view.mask(results.areas.index).sum())
    settings = len(results.dataset.years_and_groups())
    return (
        _FIXED
        + _SETTING * settings
        + pictures * (_PICTURE + _PICTURE_AREA * min(shown, _SIMPLIFIED))
    )


def _about(seconds: float, view: View) -> str:
    """Write seconds by fives, and what is longer in minutes."""
    if seconds < 87.5:
        about = 5 * max(1, round(seconds / 5))
        return say("program.ahead.seconds", view.language, {"seconds": about})
    return say("program.ahead.minutes", view.language, {"minutes": max(2, round(seconds / 60))})
