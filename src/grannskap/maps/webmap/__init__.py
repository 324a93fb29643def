"""The interactive map: one HTML page that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grannskap.errors import DataError
from grannskap.language import Language
from grannskap.maps.marks import Frontier, Highlight, Overlay
from grannskap.maps.webmap.basemap import (
    OPENSTREETMAP,
    Basemap,
    bounds_in_mercator,
    frontier_in_mercator,
    highlight_in_mercator,
    in_mercator,
    overlay_in_mercator,
)
from grannskap.maps.webmap.content import Content, Layer, Scatter, checked, packed
from grannskap.maps.webmap.page import Notebook, Sheet, embed, notebook, written

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd

__all__ = [
    "OPENSTREETMAP",
    "Basemap",
    "Layer",
    "Notebook",
    "Scatter",
    "build",
    "check",
    "embed",
    "explore",
    "notebook",
]


def build(
    areas: gpd.GeoDataFrame,
    layers: Sequence[Layer],
    *,
    title: str,
    start: str | None = None,
    highlights: Sequence[Highlight] = (),
    overlays: Sequence[Overlay] = (),
    frontiers: Sequence[Frontier] = (),
    language: Language = "sv",
    source: str = "",
    names: pd.Series[str] | None = None,
    counts: pd.DataFrame | None = None,
    scatter: Sequence[Scatter] = (),
    tolerance: float = 10.0,
    confidence: float = 0.95,
    basemap: Basemap | None = None,
    frame: tuple[float, float, float, float] | None = None,
) -> str:
    """HTML page that shows the layers on a map, in a table and in plots; text.

    One page holds every measure, year and group. Its address says which it opens at:
    ``map.html#m=change`` the newest layer of the style ``change``, with ``&y=2017`` and
    ``&g=…`` that year and group; what it does not know in an address, it leaves out. With
    ``#embed&m=change``, and in another page's frame, it shows the map and its legend alone.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index `deso`; polygons in EPSG:3006; columns `municipality_name` and `regso_name`
        are searched and shown where they are there. Areas may overlap.
    layers : sequence of Layer
        What can be chosen: indicators (told apart by ``style.name``) × years × groups.
        Every layer has a value or NaN for every area.
    title : str
        The page's title.
    start : str or None
        The name of the style that is shown first; the first layer without it.
    highlights, overlays : sequences of Highlight and Overlay
        Drawn over the areas; each can be switched off.
    frontiers : sequence of Frontier
        Lines between areas, by width; they can be switched on, all together.
    language : {"sv", "en"}
        The language of the page's own words.
    source : str
        The source line; without it that of each layer's style.
    names : pandas.Series or None
        A name per area, where it has one; index `deso`.
    counts : pandas.DataFrame or None
        Columns `low` and `high`, index `deso` or (`deso`, `year`, `group`): the counts from
        which the page computes the balance of selected areas, with an exact interval. Where a
        count is NaN, `low_lower`, `low_upper`, `high_lower` and `high_upper` may bound it;
        areas that nothing bounds are left out of sums, and counted.
    scatter : sequence of Scatter
        Scatterplots to brush.
    tolerance : float
        How far borders may be simplified, and the step of their coordinates, metres.
    confidence : float
        Of intervals, 0–1: of selected areas, and of layers that do not say theirs.
    basemap : Basemap or None
        Tiles under the areas. The page then calls out to their provider, says so, and is in
        Web Mercator instead of SWEREF 99 TM.
    frame : tuple of float or None
        West, south, east and north, EPSG:3006, that the page opens at; all areas without it.

    Returns
    -------
    str
        One file: no link, no request, nothing that differs between identical calls.

    Raises
    ------
    DataError
        When there are no areas or layers, an area lacks a value, `start` is no layer's name,
        a confidence is not between 0 and 1, or the coordinates are not in EPSG:3006.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, shapely
    >>> from grannskap.maps import style
    >>> areas = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(0, 0, 900, 900)],
    ...     index=pd.Index(["9999C1010"], name="deso"),
    ...     crs="EPSG:3006",
    ... )
    >>> layer = Layer(style.balance(), pd.Series([1.5], index=areas.index))
    >>> build(areas, [layer], title="Balans").count("<title>Balans</title>")
    1
    """
    _check_areas(areas)
    ready = checked(layers, areas.index)
    for own in (confidence, *(layer.confidence for layer in ready)):
        if own is not None:
            _check_confidence(own)
    content = Content(
        areas=areas if basemap is None else in_mercator(areas),
        layers=ready,
        start=_start(ready, start),
        highlights=tuple(highlights if basemap is None else map(highlight_in_mercator, highlights)),
        overlays=tuple(overlays if basemap is None else map(overlay_in_mercator, overlays)),
        frontiers=tuple(frontiers if basemap is None else map(frontier_in_mercator, frontiers)),
        language=language,
        source=source,
        names=names,
        counts=counts,
        scatter=tuple(scatter),
        tolerance=tolerance,
        confidence=confidence,
        basemap=basemap,
        frame=frame if basemap is None or frame is None else bounds_in_mercator(frame),
    )
    sheet = Sheet(title=title, language=language, payload=packed(content), basemap=basemap)
    return written(sheet)


def explore(
    areas: gpd.GeoDataFrame,
    layers: Sequence[Layer],
    *,
    title: str,
    language: Language = "sv",
    source: str = "",
    names: pd.Series[str] | None = None,
    tolerance: float = 10.0,
    basemap: Basemap | None = None,
) -> folium.Map:
    """Map to build on, a `folium.Map`: coloured areas, their numbers at the pointer, a legend.

    One layer is shown at a time; where there are several, one chooses. What is added to the
    map afterwards (markers, other layers) lies over them. Every text is shown as text, also
    where folium would have run it. Notebooks show the map; it fetches Leaflet from the
    network, as folium's maps do, and no tiles unless they are asked for. For a page that
    fetches nothing, and can do more, see `build`.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index `deso`; polygons in EPSG:3006, drawn in WGS 84; `regso_name` names them where
        `names` does not.
    layers : sequence of Layer
        As in `build`: the first is shown first.
    title : str
        The page's title, where the map is saved.
    language : {"sv", "en"}
        The language of the map's own words.
    source : str
        The line under the legend.
    names : pandas.Series or None
        A name per area, where it has one; index `deso`.
    tolerance : float
        How far borders may be simplified, as a coverage, metres.
    basemap : Basemap or None
        Tiles under the areas.

    Returns
    -------
    folium.Map
        To add to, to save, or to be a notebook cell's result.

    Raises
    ------
    DataError
        As for `build`.

    Examples
    --------
    >>> import folium, geopandas as gpd, pandas as pd, shapely
    >>> from grannskap.maps import style
    >>> areas = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(600_000, 6_600_000, 600_900, 6_600_900)],
    ...     index=pd.Index(["9999C1010"], name="deso"),
    ...     crs="EPSG:3006",
    ... )
    >>> layer = Layer(style.balance(), pd.Series([1.5], index=areas.index))
    >>> page = explore(areas, [layer], title="Balans")
    >>> _ = folium.Marker([59.53, 16.77], tooltip="Skola").add_to(page)
    >>> isinstance(page, folium.Map)
    True
    """
    from grannskap.maps.webmap import explored

    _check_areas(areas)
    return explored.drawn(
        areas,
        checked(layers, areas.index),
        title=title,
        language=language,
        source=source,
        names=names,
        tolerance=tolerance,
        basemap=basemap,
    )


def check(areas: gpd.GeoDataFrame, layers: Sequence[Layer]) -> None:
    """Refuse areas and layers that `build` would refuse.

    Raises
    ------
    DataError
        When there is no area or layer, two layers cannot be told apart, or values are missing.
    """
    _check_areas(areas)
    checked(layers, areas.index)


def _check_areas(areas: gpd.GeoDataFrame) -> None:
    if not len(areas):
        raise DataError("no area on page")
    crs = areas.crs
    if crs is None or crs.to_epsg() != 3006:
        raise DataError(
            "page in another system", {"system": None if crs is None else crs.to_string()}
        )


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise DataError("confidence out of range", {"confidence": repr(confidence)})


def _start(layers: Sequence[Layer], start: str | None) -> int:
    """Return the layer shown first: of the style named `start`, the latest year."""
    if start is None:
        return 0
    named = [i for i, layer in enumerate(layers) if layer.style.name == start]
    if not named:
        raise DataError(
            "start of no layer",
            {"start": start, "names": list(dict.fromkeys(layer.style.name for layer in layers))},
        )
    return max(named, key=lambda i: (layers[i].year or 0, -i))
