"""Maps that follow from others: change, two variables, links between neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.language import Language, Text
from grannskap.maps import style as styles
from grannskap.maps.figure.choropleth import draw
from grannskap.maps.figure.extent import shown
from grannskap.maps.marks import Overlay

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from grannskap.maps.figure.extent import Selection
    from grannskap.maps.figure.sheet import PageName
    from grannskap.maps.marks import Highlight, Label
    from grannskap.maps.style import Style

__all__ = ["bivariate", "change", "links"]

_NEIGHBOURS = Text("Grannar", "Neighbours")
_BEYOND = Text("Grannar utanför", "Neighbours outside")
_ACROSS_WATER = Text("Grannar över vatten", "Neighbours across water")
_SOFT = "#8d939a"


def change(
    areas: gpd.GeoDataFrame,
    table: pd.DataFrame,
    *,
    style: Style | None = None,
    view: Selection | None = None,
    page: PageName = "page",
    highlights: Sequence[Highlight] = (),
    land: gpd.GeoSeries | None = None,
    counts: bool = True,
) -> Figure:
    """Draw how the balance changed; areas whose change is within chance are grey.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index ``deso``; the same areas in both years.
    table : pandas.DataFrame
        ``estimate`` and ``within_chance`` on ``deso``, as
        `grannskap.measures.balance.change` returns them.
    style : Style, optional
        From `style.change`, with your own texts.
    view, page, highlights, land, counts
        As in `draw`.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`.
    """
    classes = styles.changes(table["estimate"], within_chance=table["within_chance"])
    look = style or styles.change()
    return draw(
        areas,
        classes,
        look,
        view=view,
        page=page,
        highlights=highlights,
        land=land,
        counts=counts,
    )


def bivariate(
    areas: gpd.GeoDataFrame,
    first: pd.Series[Any],
    second: pd.Series[Any],
    *,
    first_style: Style,
    second_style: Style,
    style: Style | None = None,
    view: Selection | None = None,
    page: PageName = "page",
    highlights: Sequence[Highlight] = (),
    labels: Sequence[Label] = (),
    land: gpd.GeoSeries | None = None,
) -> Figure:
    """Draw two variables at once, 3 × 3, with a square legend.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index ``deso``.
    first, second : pandas.Series
        Numbers on ``deso``.
    first_style, second_style : Style
        Of three classes each; their titles name the axes of the legend.
    style : Style, optional
        From `style.bivariate`, with your own texts.
    view, page, highlights, labels, land
        As in `draw`.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`.
    """
    classes = styles.cross(first, second, first_style=first_style, second_style=second_style)
    look = style or styles.bivariate(first_style, second_style)
    return draw(
        areas,
        classes,
        look,
        view=view,
        page=page,
        highlights=highlights,
        labels=labels,
        land=land,
    )


def links(
    areas: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
    *,
    title: str = "",
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    view: Selection | None = None,
    page: PageName = "page",
    land: gpd.GeoSeries | None = None,
    language: Language = "sv",
) -> Figure:
    """Draw who counts as a neighbour of whom, as lines between areas.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index ``deso``.
    lines : geopandas.GeoDataFrame
        As `grannskap.measures.neighbours.links` returns them; where ``crosses_water`` is a
        column, those lines have a colour of their own.
    title, subtitle, caption, source : str
        Texts; the title has a default.
    view, page, land
        As in `draw`.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`.
    """
    look = styles.neighbourhoods(
        title=title, subtitle=subtitle, caption=caption, source=source, language=language
    )
    linked = set(lines["focal"]) | set(lines["neighbor"])
    values = areas.index.to_series().isin(linked).map({True: "linked", False: "alone"})
    inside = areas.index[shown(areas, view)]
    within = lines["focal"].isin(inside) & lines["neighbor"].isin(inside)
    marks = _marks(lines, within.to_numpy(dtype=bool), language)
    return draw(areas, values, look, view=view, page=page, land=land, overlays=marks)


def _marks(
    lines: gpd.GeoDataFrame, within: npt.NDArray[np.bool_], language: Language
) -> list[Overlay]:
    """Links across water, those between areas that are shown, and the others, fainter."""
    wet = lines.get("crosses_water")
    over = np.zeros(len(lines), dtype=bool) if wet is None else wet.to_numpy(dtype=bool)
    kinds = (
        (_BEYOND, ~over & ~within, _SOFT, 0.25),
        (_NEIGHBOURS, ~over & within, "#1a1c1f", 0.4),
        (_ACROSS_WATER, over, "#2166ac", 0.9),
    )
    return [
        Overlay(words(language), "lines", lines.geometry[which], colour=colour, width=width)
        for words, which, colour, width in kinds
        if which.any()
    ]
