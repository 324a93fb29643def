"""What the page can show, and how it is handed to it: a head of words and columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from grannskap.catalogue import GROUPS, Status
from grannskap.errors import DataError
from grannskap.language import Language
from grannskap.maps.marks import Frontier, Highlight, Overlay
from grannskap.maps.style import Style, bounded, doubtful
from grannskap.maps.webmap.basemap import Basemap
from grannskap.maps.webmap.codes import bounds, classes, rest, shown, shown_decimals, with_all_gaps
from grannskap.maps.webmap.lines import Shared, add_frontier, add_lines
from grannskap.maps.webmap.packing import (
    Ints,
    Shapes,
    Steps,
    arcs_of,
    deltas,
    pack,
    simplified,
    steps_for,
    zigzag,
)
from grannskap.maps.webmap.words import STATUSES, WORDS, marks

if TYPE_CHECKING:
    import geopandas as gpd

_FINE_AT_MOST = 2000
"""Areas; on larger maps two more decimals would weigh a tenth of the page."""

__all__ = ["Content", "Layer", "Scatter", "checked", "packed", "reasons"]


@dataclass(frozen=True)
class Layer:
    """One choice of the page: a quantity of one year and one group.

    Attributes
    ----------
    style : Style
        Classes, colours and words. Layers of one indicator share the style's name.
    values : pandas.Series
        Numbers (shares in 0–1), or category names; index `deso`.
    year : int or None
        The year, where there are several or it is worth saying.
    group : str or None
        A key of `catalogue.GROUPS`, or words of one's own.
    interval : pandas.DataFrame or None
        What chance could do: columns `lower` and `upper`, in the unit of the values; index
        `deso`.
    status : pandas.Series or None
        Values of `catalogue.Status` and `catalogue.BALANCE_STATUSES`; index `deso`. Without
        it a NaN is "missing". Each reason has a class of its own.
    lower, upper : pandas.Series or None
        Bounds, what is not shown to us: the least and the most that the value can be, in its
        unit; index `deso`; NaN or infinite where there is none. An area without a value whose
        bounds lie in one class has that class's colour, and a mark.
    confidence : float or None
        Of the interval, 0–1; the page's without it.
    """

    style: Style
    values: pd.Series[Any]
    year: int | None = None
    group: str | None = None
    interval: pd.DataFrame | None = None
    status: pd.Series[str] | None = None
    lower: pd.Series[Any] | None = None
    upper: pd.Series[Any] | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Scatter:
    """A scatterplot to brush, such as Moran's: each area's value and its neighbours' mean.

    Attributes
    ----------
    title, x_label, y_label : str
        Words beside the plot; no number that the plot does not draw.
    x, y : pandas.Series
        Numbers on `deso`; areas without both are left out.
    slope : float or None
        The slope of the line that is drawn through the origin, and written beside it.
    """

    title: str
    x: pd.Series[float]
    y: pd.Series[float]
    x_label: str = ""
    y_label: str = ""
    slope: float | None = None


@dataclass(frozen=True)
class Content:
    """Everything that the page shows, checked."""

    areas: gpd.GeoDataFrame
    layers: tuple[Layer, ...]
    start: int
    highlights: tuple[Highlight, ...]
    overlays: tuple[Overlay, ...]
    frontiers: tuple[Frontier, ...]
    language: Language
    source: str
    names: pd.Series[str] | None
    counts: pd.DataFrame | None
    scatter: tuple[Scatter, ...]
    tolerance: float
    confidence: float
    basemap: Basemap | None
    frame: tuple[float, float, float, float] | None = None


def checked(layers: Sequence[Layer], codes: pd.Index[Any]) -> tuple[Layer, ...]:
    """Refuse no layers, two of the same choice, and layers that lack an area.

    Raises
    ------
    DataError
        When there is nothing to show, or nothing to tell two layers apart.
    """
    if not layers:
        raise DataError("no layer")
    choices = [(layer.style.name, layer.year, layer.group) for layer in layers]
    twice = [choice for choice in dict.fromkeys(choices) if choices.count(choice) > 1]
    if twice:
        raise DataError("layers alike", {"names": twice})
    for layer in layers:
        absent = codes.difference(layer.values.index)
        if len(absent):
            raise DataError(
                "areas without a value", {"name": layer.style.name, "codes": list(absent)}
            )
    return tuple(layers)


def packed(content: Content) -> str:
    """Text of the page's payload: nothing in it can be read as HTML or script."""
    geometry = np.asarray(content.areas.geometry.values)
    steps = steps_for(geometry, content.tolerance)
    whole = simplified(geometry, content.tolerance)
    columns: dict[str, Ints] = {}
    _add_borders(columns, whole, geometry, steps)
    areas_of = Shared(content.areas.index, whole, content.tolerance)
    head = {
        "words": {
            **{key: text(content.language) for key, text in WORDS.items()},
            **marks(content.language),
        },
        "language": content.language,
        "source": content.source,
        "grid": [steps.x, steps.y, steps.step],
        "basemap": None if content.basemap is None else asdict(content.basemap),
        "start": content.start,
        "frame": _frame(content, steps),
        **_areas(content),
        **_layers(content, columns),
        "highlights": [
            _highlight(highlight, i, content, columns, steps)
            for i, highlight in enumerate(content.highlights)
        ],
        "overlays": [
            _overlay(overlay, i, columns, steps) for i, overlay in enumerate(content.overlays)
        ],
        "frontiers": [
            add_frontier(columns, f"frontier{i}", one, areas_of, steps)
            for i, one in enumerate(content.frontiers)
        ],
        "counts": _counts(content, columns),
        "scatter": [_scatter(plot, i, content, columns) for i, plot in enumerate(content.scatter)],
    }
    return pack(head, columns)


def _frame(content: Content, steps: Steps) -> list[int] | None:
    """West, south, east and north of the start, in steps."""
    if content.frame is None:
        return None
    west, south, east, north = content.frame
    corners = steps.of(np.array([[west, south], [east, north]]))
    return [int(edge) for edge in corners.ravel()]


def _add_borders(columns: dict[str, Ints], whole: Shapes, geometry: Shapes, steps: Steps) -> None:
    borders = arcs_of(whole, steps)
    columns["border.x"] = deltas(borders.points[:, 0])
    columns["border.y"] = deltas(borders.points[:, 1])
    columns["border.lengths"] = borders.lengths
    columns["border.rings"] = borders.rings
    columns["border.parts"] = borders.parts
    columns["border.arcs"] = deltas(borders.arcs)
    columns["border.backwards"] = borders.backwards
    inside = steps.of(shapely.get_coordinates(shapely.point_on_surface(geometry)))
    columns["inside.x"] = deltas(inside[:, 0])
    columns["inside.y"] = deltas(inside[:, 1])


def _areas(content: Content) -> dict[str, object]:
    """Codes, names and the places that areas belong to, each place named once."""
    areas = content.areas
    head: dict[str, object] = {"codes": areas.index.astype(str).tolist()}
    names = content.names
    if names is not None:
        head["names"] = _texts(names.reindex(areas.index))
    for key, column in (("municipality", "municipality_name"), ("regso", "regso_name")):
        if column in areas:
            codes, unique = pd.factorize(pd.Series(_texts(areas[column])))
            head[key] = {"names": [str(name) for name in unique], "of": codes.tolist()}
    return head


def _texts(values: pd.Series[Any]) -> list[str]:
    return ["" if pd.isna(value) else str(value) for value in values]


def _layers(content: Content, columns: dict[str, Ints]) -> dict[str, object]:
    styles = list(dict.fromkeys(with_all_gaps(layer.style) for layer in content.layers))
    layers = []
    grouped = any(layer.group is not None for layer in content.layers)
    for i, layer in enumerate(content.layers):
        _add_layer(columns, f"layer{i}", layer, content.areas.index)
        confidence = layer.confidence
        layers.append(
            {
                "style": styles.index(with_all_gaps(layer.style)),
                "name": layer.style.name,
                "year": layer.year,
                # Among layers of groups, one without is of everybody.
                **_group(layer.group or ("all" if grouped else None), content.language),
                "interval": layer.interval is not None,
                "confidence": content.confidence if confidence is None else confidence,
            }
        )
    return {
        "styles": [_style(style) for style in styles],
        "layers": layers,
        "statuses": [words(content.language) for words in STATUSES.values()],
    }


def _group(group: str | None, language: Language) -> dict[str, object]:
    words = GROUPS[group](language) if group in GROUPS else group or ""
    return {"group": words, "special": group not in (None, "all")}


def _style(style: Style) -> dict[str, object]:
    fields = (
        "name", "title", "subtitle", "unit", "quantity", "scale", "source", "caption", "alt",
    )  # fmt: skip
    lists = ("edges", "labels", "colours", "categories", "hatches", "poles")
    return {
        **{field: getattr(style, field) for field in fields},
        **{field: list(getattr(style, field)) for field in lists},
        "gaps": [asdict(gap) for gap in style.gaps],
        "decimals": shown_decimals(style),
    }


def _add_layer(columns: dict[str, Ints], key: str, layer: Layer, index: pd.Index[Any]) -> None:
    style = with_all_gaps(layer.style)
    values = layer.values.reindex(index)
    numbers = style.quantity != "category"
    status = reasons(layer, values)
    lower, upper = (
        side.reindex(index).astype(float) if numbers and side is not None else None
        for side in (layer.lower, layer.upper)
    )
    columns[f"{key}.class"] = classes(values, style, status, lower=lower, upper=upper)
    if numbers:
        columns[f"{key}.value"] = shown(values, style)
        if len(index) <= _FINE_AT_MOST:
            columns[f"{key}.rest"] = rest(values, style)
    if lower is not None and upper is not None:
        sure = bounded(values, style, lower=lower, upper=upper).to_numpy(dtype=np.int64)
        marks = sure + 2 * doubtful(values, style, lower=lower, upper=upper).to_numpy(np.int64)
        if marks.any():
            columns[f"{key}.marks"] = marks
    if lower is not None:
        columns[f"{key}.least"] = bounds(lower, values, style, "down")
    if upper is not None:
        columns[f"{key}.most"] = bounds(upper, values, style, "up")
    if layer.interval is not None:
        interval = layer.interval.reindex(index)
        columns[f"{key}.lower"] = shown(interval["lower"], style)
        columns[f"{key}.upper"] = shown(interval["upper"], style)
    codes = pd.Categorical(status, categories=list(STATUSES)).codes
    columns[f"{key}.status"] = np.where(codes > 0, codes, 0).astype(np.int64)


def reasons(layer: Layer, values: pd.Series[Any]) -> pd.Series[Any]:
    """Why each area has its value, or has none; words that are not known count as none."""
    missing = values.isna().to_numpy()
    words = np.where(missing, Status.MISSING.value, Status.VALUE.value).astype(object)
    if layer.style.quantity == "ratio":
        words[np.isposinf(values.to_numpy(dtype=float, na_value=np.nan))] = "nobody high"
    if layer.status is not None:
        given = layer.status.reindex(values.index).astype(object).to_numpy()
        said = pd.Series(given).isin([word for word in STATUSES if word != Status.VALUE.value])
        words = np.where(said, given, words)
    return pd.Series(words, index=values.index)


def _highlight(
    highlight: Highlight, i: int, content: Content, columns: dict[str, Ints], steps: Steps
) -> dict[str, object]:
    """One of shown areas is drawn from their own borders; another from its own geometry."""
    places = content.areas.index.get_indexer(pd.Index(highlight.codes, dtype=object))
    shown_areas = np.sort(places[places >= 0]).astype(np.int64)
    columns[f"highlight{i}.areas"] = shown_areas
    whole = len(places) > 0 and len(shown_areas) == len(places)
    if not whole:
        add_lines(columns, f"highlight{i}", np.array([highlight.geometry], dtype=object), steps)
    if highlight.polygon is not None:
        add_lines(
            columns, f"highlight{i}.polygon", np.array([highlight.polygon], dtype=object), steps
        )
    return {
        "name": highlight.name,
        "label": highlight.label,
        "whole": whole,
        "polygon": highlight.polygon is not None,
    }


def _overlay(overlay: Overlay, i: int, columns: dict[str, Ints], steps: Steps) -> dict[str, object]:
    geometry = np.asarray(overlay.geometry.values)
    add_lines(columns, f"overlay{i}", geometry, steps)
    return {
        "label": overlay.label,
        "kind": overlay.kind,
        "colour": overlay.colour,
        "names": [str(name) for name in overlay.names],
    }


def _counts(content: Content, columns: dict[str, Ints]) -> list[dict[str, object]]:
    """Counts for the balance of a selection: one set, or one per year and group."""
    if content.counts is None:
        return []
    sets: list[dict[str, object]] = []
    for i, (year, group, frame) in enumerate(_count_sets(content.counts)):
        rows = frame.reindex(content.areas.index)
        for side in ("low", "high"):
            _add_counts(columns, f"counts{i}.{side}", rows, side)
        sets.append({"year": year, **_group(group, content.language)})
    return sets


def _add_counts(columns: dict[str, Ints], key: str, rows: pd.DataFrame, side: str) -> None:
    """Add one side's least and most, each plus one; 0 where there is none.

    Where nothing is hidden the two are one column.
    """
    values = rows[side].to_numpy(dtype=float, na_value=np.nan)
    if (values != np.round(values))[~np.isnan(values)].any() or (values < 0).any():
        raise DataError("no counts", {"side": side})
    least, most = values, values
    if f"{side}_lower" in rows and f"{side}_upper" in rows:
        bounds = rows[[f"{side}_lower", f"{side}_upper"]].to_numpy(dtype=float, na_value=np.nan)
        least = np.floor(np.where(np.isnan(bounds[:, 0]), values, bounds[:, 0]))
        most = np.ceil(np.where(np.isnan(bounds[:, 1]), values, bounds[:, 1]))
    without = ~(np.isfinite(least) & np.isfinite(most))
    columns[key] = np.where(without, -1, least).astype(np.int64) + 1
    if not np.array_equal(least[~without], most[~without]):
        columns[f"{key}_most"] = np.where(without, -1, most).astype(np.int64) + 1


def _count_sets(counts: pd.DataFrame) -> list[tuple[int | None, str | None, pd.DataFrame]]:
    if counts.index.nlevels == 1:
        return [(None, None, counts)]
    years = counts.index.get_level_values("year")
    groups = counts.index.get_level_values("group")
    sets: list[tuple[int | None, str | None, pd.DataFrame]] = []
    for year, group in sorted(set(zip(years, groups, strict=True))):
        rows = counts.loc[(years == year) & (groups == group)]
        sets.append((int(year), str(group), rows.droplevel(["year", "group"])))
    return sets


def _scatter(
    plot: Scatter, i: int, content: Content, columns: dict[str, Ints]
) -> dict[str, object]:
    """Points in thousandths of the widest range: enough for a plot, small to carry."""
    for side, series in (("x", plot.x), ("y", plot.y)):
        values = series.reindex(content.areas.index).to_numpy(dtype=float, na_value=np.nan)
        there = np.isfinite(values)
        whole = np.zeros(len(values), dtype=np.int64)
        whole[there] = zigzag(np.rint(values[there] * 1000).astype(np.int64)) + 1
        columns[f"scatter{i}.{side}"] = whole
    return {
        "title": plot.title,
        "x": plot.x_label,
        "y": plot.y_label,
        "slope": None if plot.slope is None else float(plot.slope),
    }
