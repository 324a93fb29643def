"""How wide the columns of a table are on paper, where no browser reckons it."""

from __future__ import annotations

from grannskap.outputs.report.cells import Cell, Grid

__all__ = ["shares"]

_LETTERS, _EDGES = 112, 4
"""Of a line of a table, from edge to edge, and of the empty edges of a cell."""

_LINES_OF_HEADING = 3


def shares(grid: Grid) -> list[float]:
    """Return the share of the width that each column takes, which sum to 1.

    Each holds its longest word, and its heading in three lines; what room is left goes to those
    with longer lines.

    Examples
    --------
    >>> from grannskap.outputs.report.cells import Column, grid
    >>> two = grid("", [Column("Plats"), Column("Områden")], [["Uppsala", "150"]])
    >>> shares(two)
    [0.5, 0.5]
    """
    words = [
        max(_third(one.heading), *map(len, _words(grid, place))) + _EDGES
        for place, one in enumerate(grid.columns)
    ]
    lines = [_longest(grid, place) + _EDGES for place in range(len(grid.columns))]
    wanted = [max(line - word, 0) for line, word in zip(lines, words, strict=True)]
    room = max(_LETTERS - sum(words), 0)
    more = min(1.0, room / sum(wanted)) if any(wanted) else 0.0
    letters = [word + more * want for word, want in zip(words, wanted, strict=True)]
    return [one / sum(letters) for one in letters]


def _third(heading: str) -> int:
    return -(-len(heading) // _LINES_OF_HEADING)


def _words(grid: Grid, place: int) -> list[str]:
    cells = [part for row in grid.rows for part in _parts(row[place])]
    return [word for text in (grid.columns[place].heading, *cells) for word in text.split(" ")]


def _longest(grid: Grid, place: int) -> int:
    return max((len(part) for row in grid.rows for part in _parts(row[place])), default=0)


def _parts(cell: Cell) -> tuple[str, str]:
    return ("■ " if cell.colour else "") + cell.text, cell.detail
