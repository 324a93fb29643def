"""The areas of the lowest and of the highest balance, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from grannskap.language import Text, count
from grannskap.outputs import headings
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Analysis

__all__ = ["table"]

_ROWS = 10

End = Literal["lowest", "highest"]


def table(analysis: Analysis, end: End) -> Grid | None:
    """The ten areas at one end; fewer where the ends would meet, None where there are no two."""
    project, language = analysis.project, analysis.project.language
    low, high = project.balance.low, project.balance.high
    chosen = _chosen(analysis, end)
    if chosen.empty:
        return None
    names = cells.area_names(analysis)
    columns = [
        Column(Text("Område", "Area")(language), number=False),
        Column(Text("Balans", "Balance")(language)),
        Column(headings.pole(project, "low")),
        Column(headings.pole(project, "high")),
    ]
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(str(code), names),
            cells.balance(float(row["balance"]), language),
            count(row[low], language),
            count(row[high], language),
        )
        for code, row in chosen.iterrows()
    ]
    words = {
        "lowest": Text("Områden med lägst balans", "Areas of the lowest balance"),
        "highest": Text("Områden med högst balans", "Areas of the highest balance"),
    }
    return cells.grid(words[end](language), columns, rows, file="")


def _chosen(analysis: Analysis, end: End) -> pd.DataFrame:
    """Areas by balance; of equal ones those with most people at that end first."""
    project = analysis.project
    low, high = project.balance.low, project.balance.high
    known = analysis.shown[analysis.shown["balance"].notna()]
    by = ["balance", high] if end == "lowest" else ["balance", low]
    ascending = [end == "lowest", False]
    ordered = known.sort_index().sort_values(by, ascending=ascending, kind="stable")
    chosen: pd.DataFrame = ordered.head(min(_ROWS, len(known) // 2))
    return chosen
