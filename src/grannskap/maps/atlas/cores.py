"""Cores of clusters and their neighbours, told apart; and what a picture on request is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.language import Text
from grannskap.maps.atlas import words
from grannskap.maps.atlas.printed import maps

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from grannskap.analysis import Analysis

__all__ = ["Extra", "draw_cores"]


@dataclass(frozen=True)
class Extra:
    """A picture beside the main maps.

    Attributes
    ----------
    name : str
        File stem; its beginning tells the section of the report it belongs to.
    title, caption : str
        Its heading and the line under it.
    figure : matplotlib.figure.Figure
        To be rendered.
    """

    name: str
    title: str
    caption: str
    figure: Figure


_CORES = {
    "core of high": Text("Kärna: högt, även hos grannarna", "Core: high, as its neighbours"),
    "beside high": Text("Granne till hög kärna", "Beside a high core"),
    "core of low": Text("Kärna: lågt, även hos grannarna", "Core: low, as its neighbours"),
    "beside low": Text("Granne till låg kärna", "Beside a low core"),
    "neither": Text("Varken eller", "Neither"),
}


def draw_cores(analysis: Analysis) -> Extra:
    """A significant area is the core of a cluster; the cluster takes in its neighbours."""
    from grannskap.maps import figure

    clusters, language = maps(analysis)[1].style, analysis.project.language
    high, low, paler_high, paler_low, quiet = (clusters.colours[i] for i in (0, 1, 2, 3, 4))
    style = replace(
        clusters,
        name="clusters-cores",
        title=Text("Klustrens kärnor och deras grannar", "Cores of clusters and neighbours")(
            language
        ),
        categories=tuple(_CORES),
        labels=tuple(text(language) for text in _CORES.values()),
        colours=(high, paler_high, low, paler_low, quiet),
        hatches=(),
        caption="",
    )
    drawn = figure.draw(
        analysis.areas,
        _core_classes(analysis),
        style,
        view=analysis.areas["in_view"],
        page=analysis.project.map.page,
        overlays=words.overlays(analysis),
    )
    return Extra(style.name, style.title, "", drawn)


def _core_classes(analysis: Analysis) -> pd.Series[Any]:
    cluster = analysis.clustering.local["cluster"].astype(object)
    links = analysis.clustering.graph.adjacency.reset_index()
    links = links[links["weight"] > 0]
    classes = pd.Series("neither", index=cluster.index, dtype=object)
    for kind, word in (("low-low", "low"), ("high-high", "high")):
        cores = cluster.index[(cluster == kind).to_numpy()]
        beside = links.loc[links["focal"].isin(cores).to_numpy(), "neighbor"]
        classes[classes.index.isin(beside) & (classes == "neither").to_numpy()] = f"beside {word}"
    for kind, word in (("low-low", "low"), ("high-high", "high")):
        classes[(cluster == kind).to_numpy()] = f"core of {word}"
    classes[(cluster == "no data").to_numpy()] = "no data"
    return classes.reindex(analysis.areas.index).where(lambda c: c.notna(), np.nan)
