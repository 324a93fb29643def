"""How far clustering reaches: the bands of distance that hold pairs, in words and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Language, Text, count, number
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Column, Grid

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Analysis

__all__ = ["reach", "table"]


def reach(analysis: Analysis) -> str:
    """Say how far areas are alike; empty where not asked for.

    Bands without pairs say nothing. All bands are tested at once, hence q and not the envelope,
    which holds for one band at a time.
    """
    bands, language = _with_pairs(analysis), analysis.project.language
    if bands is None:
        return ""
    if bands.empty:
        return Text(
            "Inget avstånd har par av områden att jämföra.",
            "No distance has pairs of areas to compare.",
        )(language)
    larger = bands["statistic"] > bands["expected"]
    alike = larger & (bands["q"] <= analysis.project.autocorrelation.fdr)
    unbroken = int(alike.cumprod().sum())
    nearest = _bounds(bands.iloc[0], language)
    if not unbroken:
        return Text(
            f"Redan på det kortaste avståndet med par av områden ({nearest} km) går likheten "
            "inte att skilja från slumpen.",
            f"Even at the shortest distance with pairs of areas ({nearest} km) likeness cannot "
            "be told from chance.",
        )(language)
    furthest = _kilometres(float(bands["to"].iloc[unbroken - 1]), language)
    level = cells.level(analysis.project.autocorrelation.fdr, language)
    return Text(
        f"Områden liknar varandra mer än slumpen ger upp till {furthest} km från varandra "
        f"(q ≤ {level} på alla avstånd dit som har par av områden).",
        f"Areas are more alike than chance gives up to {furthest} km from each other "
        f"(q ≤ {level} at all distances so far that have pairs of areas).",
    )(language)


def _with_pairs(analysis: Analysis) -> pd.DataFrame | None:
    bands = analysis.clustering.correlogram
    return None if bands is None else bands[bands["pairs"] > 0]


def _bounds(row: pd.Series, language: Language) -> str:
    return "–".join(_kilometres(float(row[name]), language) for name in ("from", "to"))


def _kilometres(metres: float, language: Language) -> str:
    return number(metres / 1000, decimals=1, language=language)


def table(analysis: Analysis) -> Grid | None:
    """Moran's I by distance between areas; None where not asked for."""
    bands, language = _with_pairs(analysis), analysis.project.language
    if bands is None:
        return None
    head = Text(
        "Avstånd (km)|Par av områden|Morans I|Slumpens gränser, ett avstånd i taget|q (rättat p)",
        "Distance (km)|Pairs of areas|Moran's I|Bounds of chance, one distance at a time|"
        "q (adjusted p)",
    )
    first, *others = cells.whole(head, language)
    rows = [
        (
            _bounds(row, language),
            count(row["pairs"], language),
            number(row["statistic"], decimals=3, language=language),
            Text("{low} till {high}", "{low} to {high}")(language).format(
                low=number(row["lower"], decimals=3, language=language),
                high=number(row["upper"], decimals=3, language=language),
            ),
            cells.p_value(row["q"], language),
        )
        for _, row in bands.iterrows()
    ]
    caption = Text("Morans I efter avstånd mellan områden", "Moran's I by distance between areas")
    return cells.grid(
        caption(language),
        [Column(first, number=False), *map(Column, others)],
        rows,
        file="tables/correlogram.csv",
    )
