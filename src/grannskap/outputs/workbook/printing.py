"""How a sheet is printed: across A4, in letters that can be read, its columns by the group."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["SMALLEST", "lay", "pages"]

SMALLEST = 7 / 11
"""Scale below which letters of 11 points would have less than 7."""

_A4 = 9
_SIDE, _TOP = 0.4, 0.75
"""Margins in inches; header and footer stand in those above and below."""

_ROOM = (11.69 - 2 * _SIDE) * 96 * 0.98
"""Pixels across a page of A4 at full scale, with some to spare: programs measure differently."""


def lay(
    into: Worksheet, widths: Sequence[int], *, still: int = 0, groups: Sequence[int] = ()
) -> None:
    """Lay a sheet out for print.

    Parameters
    ----------
    into : Worksheet
        Its first row is repeated on every page.
    widths : sequence of int
        Of its columns, in letters.
    still : int
        Columns at the left that are repeated where it needs several pages across.
    groups : sequence of int
        Columns with which something else begins: the best places to go to the next page.
    """
    into.set_landscape()
    into.set_paper(_A4)
    into.set_margins(left=_SIDE, right=_SIDE, top=_TOP, bottom=_TOP)
    into.repeat_rows(0)
    if sum(map(_pixels, widths)) <= _ROOM / SMALLEST:
        into.fit_to_pages(1, 0)
        return
    into.set_print_scale(ceil(100 * SMALLEST))
    if still:
        into.repeat_columns(0, still - 1)
    into.print_across()
    into.set_v_pagebreaks(pages(widths, still=still, groups=groups))


def pages(widths: Sequence[int], *, still: int, groups: Sequence[int]) -> list[int]:
    """Columns with which a page begins, the first page left out.

    A page that is half full already ends where another group begins, if that does not fit too.

    Examples
    --------
    >>> pages([30] * 12, still=1, groups=[5, 11])
    [5, 11]
    >>> pages([30] * 12, still=1, groups=[2])
    [7]
    """
    room = _ROOM / SMALLEST - sum(map(_pixels, widths[:still]))
    edges = sorted({still, *(one for one in groups if one > still), len(widths)})
    found: list[int] = []
    filled = 0.0
    for start, end in pairwise(edges):
        whole = sum(map(_pixels, widths[start:end]))
        if filled > room / 2 and filled + whole > room:
            found.append(start)
            filled = 0.0
        for column in range(start, end):
            if filled and filled + _pixels(widths[column]) > room:
                found.append(column)
                filled = 0.0
            filled += _pixels(widths[column])
    return found


def _pixels(width: int) -> int:
    """Pixels of a column of so many letters, as Excel draws them."""
    return 7 * width + 5
