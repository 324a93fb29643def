"""What the page is given: the head (words, names, styles) and the columns of numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from grannskap.catalogue import GROUPS, Status
from grannskap.errors import DataError
from grannskap.language import Language
from grannskap.maps.marks import Highlight, Overlay
from grannskap.maps.style import Style, classify
from grannskap.maps.webmap.basemap import Basemap
from grannskap.maps.webmap.borders import Grid, Shapes, arcs_of, grid_for, simplified
from grannskap.maps.webmap.layer import Layer, Scatter, shown, shown_decimals
from grannskap.maps.webmap.packing import Ints, deltas, pack
from grannskap.maps.webmap.words import WORDS, marks
from grannskap.measures.balance import STATUSES

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Content", "packed"]

# "value" stands first: the page reads 0 as "nothing to say".
_STATUSES = {**{status.value: status.label() for status in Status}, **STATUSES}


@dataclass(frozen=True)
class Content:
    """Everything that the page shows, checked."""

    areas: gpd.GeoDataFrame
    layers: tuple[Layer, ...]
    start: int
    rings: tuple[Highlight, ...]
    overlays: tuple[Overlay, ...]
    language: Language
    source: str
    names: pd.Series[str] | None
    counts: pd.DataFrame | None
    scatter: tuple[Scatter, ...]
    tolerance: float
    basemap: Basemap | None


def packed(content: Content) -> str:
    """Text of the page's payload: nothing in it can be read as HTML or script."""
    geometry = np.asarray(content.areas.geometry.values)
    grid = grid_for(geometry, content.tolerance)
    whole = simplified(geometry, content.tolerance)
    columns: dict[str, Ints] = {}
    _add_borders(columns, whole, geometry, grid)
    head = {
        "words": {
            **{key: text(content.language) for key, text in WORDS.items()},
            **marks(content.language),
        },
        "language": content.language,
        "source": content.source,
        "grid": [grid.x, grid.y, grid.step],
        "basemap": None if content.basemap is None else asdict(content.basemap),
        "start": content.start,
        **_areas(content),
        **_layers(content, columns),
        "rings": [_ring(ring, i, content, columns, grid) for i, ring in enumerate(content.rings)],
        "overlays": [
            _overlay(overlay, i, columns, grid) for i, overlay in enumerate(content.overlays)
        ],
        "counts": _counts(content, columns),
        "scatter": [_scatter(plot, i, content, columns) for i, plot in enumerate(content.scatter)],
    }
    return pack(head, columns)


def _add_borders(columns: dict[str, Ints], whole: Shapes, geometry: Shapes, grid: Grid) -> None:
    borders = arcs_of(whole, grid)
    columns["border.x"] = deltas(borders.points[:, 0])
    columns["border.y"] = deltas(borders.points[:, 1])
    columns["border.lengths"] = borders.lengths
    columns["border.rings"] = borders.rings
    columns["border.parts"] = borders.parts
    columns["border.arcs"] = deltas(borders.arcs)
    columns["border.backwards"] = borders.backwards
    inside = grid.steps(shapely.get_coordinates(shapely.point_on_surface(geometry)))
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
    styles = list(dict.fromkeys(layer.style for layer in content.layers))
    layers = []
    grouped = any(layer.group is not None for layer in content.layers)
    for i, layer in enumerate(content.layers):
        _add_layer(columns, f"layer{i}", layer, content.areas.index)
        layers.append(
            {
                "style": styles.index(layer.style),
                "name": layer.style.name,
                "year": layer.year,
                # Among layers of groups, one without is of everybody.
                **_group(layer.group or ("all" if grouped else None), content.language),
                "interval": layer.interval is not None,
            }
        )
    return {
        "styles": [_style(style) for style in styles],
        "layers": layers,
        "statuses": [words(content.language) for words in _STATUSES.values()],
    }


def _group(group: str | None, language: Language) -> dict[str, object]:
    words = GROUPS[group](language) if group in GROUPS else group or ""
    return {"group": words, "special": group not in (None, "all")}


def _style(style: Style) -> dict[str, object]:
    fields = (
        "name", "title", "subtitle", "unit", "quantity", "scale", "source", "caption", "alt",
    )  # fmt: skip
    gap = style.gaps[style.missing]
    lists = ("edges", "labels", "colours", "categories", "hatches", "poles")
    told = {field: getattr(style, field) for field in fields}
    return {
        **told,
        **{field: list(getattr(style, field)) for field in lists},
        "missing_label": gap.label,
        "missing_colour": gap.colour,
        "missing_hatch": gap.hatch,
        "decimals": shown_decimals(style),
    }


def _add_layer(columns: dict[str, Ints], key: str, layer: Layer, index: pd.Index[Any]) -> None:
    style = layer.style
    values = layer.values.reindex(index)
    classes = classify(values, style).to_numpy(dtype=np.int64)
    columns[f"{key}.class"] = np.maximum(classes, -1) + 1
    if style.quantity != "category":
        columns[f"{key}.value"] = shown(values, style)
    if layer.interval is not None:
        bounds = layer.interval.reindex(index)
        columns[f"{key}.lower"] = shown(bounds["lower"], style)
        columns[f"{key}.upper"] = shown(bounds["upper"], style)
    words = list(_STATUSES)
    codes = np.where(classes < 0, words.index("missing"), words.index("value"))
    if style.quantity == "ratio":
        infinite = np.isposinf(values.to_numpy(dtype=float, na_value=np.nan))
        codes = np.where(infinite, words.index("nobody high"), codes)
    if layer.status is not None:
        given = pd.Categorical(layer.status.reindex(index).astype(object), categories=words).codes
        codes = np.where(given > 0, given, codes)
    columns[f"{key}.status"] = codes.astype(np.int64)


def _ring(
    ring: Highlight, i: int, content: Content, columns: dict[str, Ints], grid: Grid
) -> dict[str, object]:
    """A ring of shown areas is drawn from their own borders; another from its own geometry."""
    places = content.areas.index.get_indexer(pd.Index(ring.codes, dtype=object))
    shown_areas = np.sort(places[places >= 0]).astype(np.int64)
    columns[f"ring{i}.areas"] = shown_areas
    whole = len(places) > 0 and len(shown_areas) == len(places)
    if not whole:
        _add_lines(columns, f"ring{i}", np.array([ring.geometry], dtype=object), grid)
    return {"name": ring.name, "label": ring.label, "whole": whole}


def _overlay(overlay: Overlay, i: int, columns: dict[str, Ints], grid: Grid) -> dict[str, object]:
    geometry = np.asarray(overlay.geometry.values)
    _add_lines(columns, f"overlay{i}", geometry, grid)
    return {
        "label": overlay.label,
        "kind": overlay.kind,
        "colour": overlay.colour,
        "names": [str(name) for name in overlay.names],
    }


def _add_lines(columns: dict[str, Ints], key: str, geometry: Shapes, grid: Grid) -> None:
    """Add rings, lines or points one after the other, and the shape each belongs to."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    if (shapely.get_type_id(parts) == 3).any():
        rings, part = shapely.get_rings(parts, return_index=True)
        straight = shapely.get_dimensions(parts) < 2
        parts = np.concatenate([rings, parts[straight]])
        owner = np.concatenate([owner[part], owner[straight]])
    coordinates, line = shapely.get_coordinates(parts, return_index=True)
    points = grid.steps(coordinates * 1.0)
    columns[f"{key}.x"] = deltas(points[:, 0])
    columns[f"{key}.y"] = deltas(points[:, 1])
    columns[f"{key}.lengths"] = np.bincount(line, minlength=len(parts)).astype(np.int64)
    columns[f"{key}.owner"] = owner.astype(np.int64)


def _counts(content: Content, columns: dict[str, Ints]) -> list[dict[str, object]]:
    """Counts for the balance of a selection: one set, or one per year and group."""
    if content.counts is None:
        return []
    sets: list[dict[str, object]] = []
    for i, (year, group, frame) in enumerate(_count_sets(content.counts)):
        rows = frame.reindex(content.areas.index)
        for side in ("low", "high"):
            values = rows[side].to_numpy(dtype=float, na_value=np.nan)
            whole = np.where(np.isnan(values), -1, values)
            if (whole != np.round(whole)).any() or (whole < -1).any():
                raise DataError(
                    expected=f"whole, not negative counts in {side}",
                    came="fractions or negative numbers",
                    remedy="pass counts, not shares",
                )
            columns[f"counts{i}.{side}"] = whole.astype(np.int64) + 1
        sets.append({"year": year, **_group(group, content.language)})
    return sets


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
        whole[there] = np.rint(values[there] * 1000).astype(np.int64) * 2
        whole[there] = np.where(whole[there] < 0, -whole[there] - 1, whole[there]) + 1
        columns[f"scatter{i}.{side}"] = whole
    return {
        "title": plot.title,
        "x": plot.x_label,
        "y": plot.y_label,
        "slope": None if plot.slope is None else float(plot.slope),
    }
