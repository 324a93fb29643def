"""Tables of the report for those who write reports of their own: as Markdown and as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.letters import well_formed
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.language import Language
    from grannskap.outputs.report.cells import Cell, Grid

__all__ = ["latex", "markdown"]

_MARKS = {
    "*": "report.method.star",
    "†": "report.method.chance_mark",
    "‡": "report.method.unknown_mark",
}
_IN_MARKDOWN = str.maketrans({"|": r"\|", "*": r"\*", "_": r"\_", "<": "&lt;", "\n": " "})
_IN_LATEX = str.maketrans(
    {
        **{sign: rf"\{sign}" for sign in "&%$#_{}"},
        **{"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"},
        **{"<": r"\textless{}", ">": r"\textgreater{}", "\xa0": "~", "\u202f": "~"},
        **{"−": "$-$", "∞": r"$\infty$", "†": r"\textdagger{}", "‡": r"\textdaggerdbl{}"},
    }
)


def markdown(tables: Sequence[Grid], language: Language) -> str:
    r"""Return tables as Markdown, each under its caption, and what their signs mean.

    Examples
    --------
    >>> from grannskap.outputs.report.cells import Column, grid
    >>> two = grid("Andelar", [Column("Plats", number=False), Column("Låg")], [["A|B", "12 %†"]])
    >>> print(markdown([two], "sv").partition("†")[0])
    **Andelar**
    <BLANKLINE>
    | Plats | Låg |
    | :-- | --: |
    | A\|B | 12 %
    """
    return "\n\n".join([*map(_markdown, tables), *_signs(tables, language, _IN_MARKDOWN)]) + "\n"


def latex(tables: Sequence[Grid], language: Language) -> str:
    r"""Return tables as LaTeX, which needs the package booktabs, and what their signs mean.

    Examples
    --------
    >>> from grannskap.outputs.report.cells import Column, grid
    >>> two = grid("Andelar", [Column("Plats", number=False), Column("Låg")], [["A & B", "12 %"]])
    >>> print(*latex([two], "sv").splitlines()[3:7], sep="\n")
    \toprule
    Plats & Låg \\
    \midrule
    A \& B & 12 \% \\
    """
    return "\n\n".join([*map(_latex, tables), *_signs(tables, language, _IN_LATEX)]) + "\n"


def _markdown(table: Grid) -> str:
    heads = [column.heading for column in table.columns]
    sides = ["--:" if column.number else ":--" for column in table.columns]
    rows = [[_text(cell).translate(_IN_MARKDOWN) for cell in row] for row in table.rows]
    lines = (f"| {' | '.join(row)} |" for row in (heads, sides, *rows))
    return "\n".join([f"**{table.caption.translate(_IN_MARKDOWN)}**", "", *lines])


def _latex(table: Grid) -> str:
    heads = [well_formed(column.heading) for column in table.columns]
    frame = pd.DataFrame([[_text(cell) for cell in row] for row in table.rows], columns=heads)
    styled = frame.style.hide(axis="index").format(_in_latex).format_index(_in_latex, axis=1)
    sides = "".join("r" if column.number else "l" for column in table.columns)
    caption = _in_latex(table.caption)
    found: str = styled.to_latex(column_format=sides, hrules=True, caption=caption)
    return found.rstrip("\n")


def _in_latex(text: object) -> str:
    return well_formed(str(text)).translate(_IN_LATEX)


def _text(cell: Cell) -> str:
    return well_formed(f"{cell.text} ({cell.detail})" if cell.detail else cell.text)


def _signs(tables: Sequence[Grid], language: Language, escaped: dict[int, str]) -> list[str]:
    """Say what the signs mean that stand in the tables."""
    texts = "".join(cell.text for table in tables for row in table.rows for cell in row)
    told = [say(key, language) for mark, key in _MARKS.items() if mark in texts]
    return [one.translate(escaped) for one in told]
