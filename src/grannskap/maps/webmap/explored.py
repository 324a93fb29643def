"""A map to build on: a real folium map of the layers, to which one adds what one has."""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap.catalogue import GROUPS
from grannskap.language import TIMES, Language, inside_sentence
from grannskap.letters import well_formed
from grannskap.maps.style import Gap, Style, bounded, write_value
from grannskap.maps.webmap.basemap import Basemap
from grannskap.maps.webmap.codes import Rounding, bounds, classes, shown_decimals, with_all_gaps
from grannskap.maps.webmap.content import Layer, reasons
from grannskap.maps.webmap.packing import Ints, Shapes, simplified
from grannskap.maps.webmap.words import STATUSES, WORDS

if TYPE_CHECKING:
    import folium
    import geopandas as gpd

__all__ = ["drawn"]

_ROOM_FOR_LEGEND = 270
_HATCHES = {
    "/": "M0 8L8 0",
    "\\": "M0 0L8 8",
    ".": "M1 2h1.4M5 6h1.4",
    "|": "M4 0V8",
    "-": "M0 4H8",
}
_STYLES = """
.grannskap-legend { position: fixed; left: 10px; bottom: 24px; z-index: 1000; max-height: 60%;
  overflow: auto; width: 240px; padding: 8px 12px; background: #fff; color: #1b1f24;
  border: 1px solid #80868f; border-radius: 4px; font: 13px/1.4 system-ui, sans-serif; }
.grannskap-legend h3 { font-size: 14px; margin: 0 0 4px; }
.grannskap-legend ul { list-style: none; margin: 0; padding: 0; }
.grannskap-legend i { display: inline-block; width: 20px; height: 12px; margin-right: 8px;
  border: 1px solid #80868f; }
.grannskap-legend svg { width: 20px; height: 12px; margin-right: 8px; border: 1px solid #80868f; }
.leaflet-control-layers { font: 13px/1.4 system-ui, sans-serif; max-width: 18rem; }
.grannskap-legend i.dot { width: 9px; height: 9px; border-radius: 50%; margin: 0 13px 0 5px; }
.grannskap-legend small { color: #555d66; }
"""
_LEGENDS = """
{% macro header(this, kwargs) %}<style>{{ this.styles }}</style>{% endmacro %}
{% macro html(this, kwargs) %}{{ this.body }}{% endmacro %}
{% macro script(this, kwargs) %}
{{ this._parent.get_name() }}.on("baselayerchange", (event) => {
  const at = {{ this.names|tojson }}.indexOf(event.name);
  for (const part of document.querySelectorAll(".grannskap-legend [data-layer]")) {
    part.hidden = Number(part.dataset.layer) !== at;
  }
});
{% endmacro %}
"""


@dataclass(frozen=True)
class _Choice:
    """One layer as it is drawn: where each area is in the legend, and what is said of it."""

    title: str
    style: Style
    places: Ints
    bounded: npt.NDArray[np.bool_]
    words: list[str]


def drawn(
    areas: gpd.GeoDataFrame,
    layers: Sequence[Layer],
    *,
    title: str,
    language: Language,
    source: str,
    names: pd.Series[str] | None,
    tolerance: float,
    basemap: Basemap | None,
) -> folium.Map:
    """Return the map of checked areas and layers; see `grannskap.maps.webmap.explore`."""
    import folium

    geometry, called = _in_degrees(areas, tolerance), _called(areas, names)
    choices = [
        _choice(layer, name, areas.index, language)
        for layer, name in zip(layers, _titles(layers, language), strict=True)
    ]
    shown = _map_class()(tiles=None, control_scale=True)
    root: Any = shown.get_root()
    root.title = _safe(title)
    if basemap is not None:
        _add_tiles(shown, basemap)
    for i, choice in enumerate(choices):
        group = folium.FeatureGroup(name=_safe(choice.title), overlay=False, show=i == 0)
        _add_areas(group, choice, geometry, called)
        group.add_to(shown)
    _add_legends(shown, choices, source, language)
    if len(layers) > 1:
        folium.LayerControl(collapsed=False).add_to(shown)
    west, south, east, north = shapely.total_bounds(geometry)
    shown.fit_bounds([[south, west], [north, east]], padding_top_left=(_ROOM_FOR_LEGEND, 8))
    return shown


@functools.cache
def _map_class() -> type[folium.Map]:
    """Folium's map, whose list of layers also holds what is added after the list."""
    import folium

    class Map(folium.Map):
        def render(self, **options: object) -> str:
            for key, child in list(self._children.items()):
                if isinstance(child, folium.LayerControl):
                    self._children.move_to_end(key)
            drawing: Any = super()
            return str(drawing.render(**options))

    return Map


def _safe(text: str) -> str:
    """Text as HTML that shows it; braces too, since folium runs what stands in double ones."""
    return html.escape(well_formed(text)).replace("{", "&#123;").replace("}", "&#125;")


def _in_degrees(areas: gpd.GeoDataFrame, tolerance: float) -> Shapes:
    """Polygons simplified together, in WGS 84 to a metre."""
    import geopandas as gpd

    whole = simplified(np.asarray(areas.geometry.values), tolerance)
    turned = np.asarray(gpd.GeoSeries(whole, crs=3006).to_crs(4326).values)
    return np.asarray(shapely.transform(turned, lambda points: np.round(points, 5)))


def _called(areas: gpd.GeoDataFrame, names: pd.Series[str] | None) -> list[str]:
    """Name and code of each area."""
    given = areas.get("regso_name") if names is None else names.reindex(areas.index)
    if given is None:
        return [str(code) for code in areas.index]
    return [
        str(code) if pd.isna(name) or not name else f"{name} ({code})"
        for code, name in zip(areas.index, given, strict=True)
    ]


def _titles(layers: Sequence[Layer], language: Language) -> list[str]:
    """Return a title for each layer, no two alike."""
    titles = []
    for layer in layers:
        group = "" if layer.group in (None, "all") else str(layer.group)
        words = GROUPS[group](language) if group in GROUPS else group
        parts = [layer.style.title, words, layer.year]
        titles.append(", ".join(str(part) for part in parts if part))
    return [
        f"{title} ({layer.style.name})" if titles.count(title) > 1 else title
        for title, layer in zip(titles, layers, strict=True)
    ]


def _choice(layer: Layer, title: str, index: pd.Index[Any], language: Language) -> _Choice:
    style, values = with_all_gaps(layer.style), layer.values.reindex(index)
    status = reasons(layer, values)
    places = classes(values, style, status, lower=layer.lower, upper=layer.upper) - 1
    inside = np.zeros(len(index), dtype=bool)
    if layer.lower is not None and layer.upper is not None:
        inside = bounded(values, style, lower=layer.lower, upper=layer.upper).to_numpy()
    words = []
    known = (places < len(style.labels)) & ~inside
    ends = _bounds_in_words(layer, values, style, language)
    for value, place, why, some, has in zip(values, places, status, ends, known, strict=True):
        gap = int(place) - len(style.labels)
        reason = style.gaps[gap].label if gap >= 0 else STATUSES[why](language)
        without = f"{some} ({inside_sentence(reason)})" if some else reason
        words.append(write_value(value, style) if has else without)
    return _Choice(title, style, places, inside, words)


def _add_tiles(shown: folium.Map, basemap: Basemap) -> None:
    import folium

    host = basemap.host  # refuses an address that is none
    folium.TileLayer(
        tiles=basemap.url,
        name=_safe(host),
        attr=_safe(basemap.attribution),
        max_zoom=basemap.most_zoom,
        control=False,
    ).add_to(shown)


def _add_areas(
    group: folium.FeatureGroup, choice: _Choice, geometry: Shapes, called: Sequence[str]
) -> None:
    """Add the polygons of one layer, and a dot where only the class is known."""
    import folium

    title = _safe(choice.title)
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": {
                "style": _look(choice.style, int(place)),
                "words": f"<b>{_safe(said)}</b><br>{title}<br>{_safe(name)}",
            },
        }
        for shape, place, said, name in zip(
            geometry, choice.places, choice.words, called, strict=True
        )
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        tooltip=folium.GeoJsonTooltip(fields=["words"], labels=False),
        smooth_factor=0,
    ).add_to(group)
    for point in shapely.point_on_surface(geometry[choice.bounded]):
        dot = folium.CircleMarker(
            [point.y, point.x], radius=3, weight=1.2, color="#111111", fill_color="#ffffff",
            fill_opacity=1.0,
        )  # fmt: skip
        dot.options["interactive"] = False  # folium has no argument for it
        dot.add_to(group)


def _look(style: Style, place: int) -> dict[str, object]:
    """Leaflet's look of one class; what is not known is hatched."""
    gap = place - len(style.labels)
    fill = style.colours[place] if gap < 0 else f"url(#{_pattern_name(style.gaps[gap])})"
    return {
        "color": "#8a8f98",
        "weight": 0.6,
        "fillOpacity": 0.85 if gap < 0 else 1,
        "fillColor": fill,
    }


def _pattern_name(gap: Gap) -> str:
    """Return the same name for the same sign."""
    return "hatch-" + (gap.hatch + gap.colour).encode().hex()


def _patterns(choices: Sequence[_Choice]) -> str:
    """SVG of every hatch that the layers need."""
    found = {_pattern_name(gap): gap for choice in choices for gap in choice.style.gaps}
    drawn = "".join(_pattern(name, gap) for name, gap in found.items())
    return f'<svg width="0" height="0" style="position:absolute"><defs>{drawn}</defs></svg>'


def _pattern(name: str, gap: Gap) -> str:
    letters = set(gap.hatch.replace("+", "|-").replace("x", "/\\"))
    lines = "".join(_HATCHES.get(letter, "") for letter in sorted(letters))
    return (
        f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{_safe(gap.colour)}"/>'
        f'<path d="{lines}" stroke="#8f959d" stroke-width="1.4"/></pattern>'
    )


def _bounds_in_words(
    layer: Layer, values: pd.Series[Any], style: Style, language: Language
) -> list[str]:
    """Return "minst 4", "högst 0,5", "mellan 0,80 och 0,85", or nothing, as the page says it."""
    codes = []
    for side, rounding in _sides(layer):
        if side is None or style.categories:
            codes.append(np.zeros(len(values), dtype=np.int64))
        else:
            ends = side.reindex(values.index).astype(float)
            codes.append(bounds(ends, values, style, rounding))
    said = []
    for least, most in zip(*codes, strict=True):
        low, high = (_bare(code, style) if code else "" for code in (least, most))
        if low and high and low != high:
            said.append(WORDS["between"](language).format(least=low, most=high))
        elif low and not high:
            said.append(WORDS["at_least"](language).format(least=_shorter(low)))
        elif high and not low:
            said.append(WORDS["at_most"](language).format(most=_shorter(high)))
        else:
            said.append(low)
    return said


def _sides(layer: Layer) -> tuple[tuple[pd.Series[Any] | None, Rounding], ...]:
    return (layer.lower, "down"), (layer.upper, "up")


def _bare(code: int, style: Style) -> str:
    """Write a coded number, without the "×" of a ratio."""
    whole = code - 3
    folded = -(whole + 1) // 2 if whole % 2 else whole // 2
    value = folded / 10 ** shown_decimals(style)
    return write_value(value / 100 if style.quantity == "share" else value, style).removesuffix(
        TIMES
    )


def _shorter(text: str) -> str:
    """Write 0,50 as 0,5 and 4,00 as 4."""
    return re.sub(
        r"[.,](\d*?)0+(?=\D*$)", lambda rest: rest[0][0] + rest[1] if rest[1] else "", text
    )


def _add_legends(
    shown: folium.Map, choices: Sequence[_Choice], source: str, language: Language
) -> None:
    """Add a legend per layer, and what shows that of the layer that is shown."""
    from branca.element import MacroElement
    from jinja2 import Template

    blocks = "".join(
        f'<div data-layer="{i}"{" hidden" if i else ""}>{_legend(choice, language)}</div>'
        for i, choice in enumerate(choices)
    )
    under = f"<small>{_safe(source)}</small>" if source else ""
    label = WORDS["legend"](language)
    make: Any = MacroElement  # untyped, and given attributes for its template
    element = make()
    element._name = "Legend"
    element.names = [_safe(choice.title) for choice in choices]
    begin = f'<section class="grannskap-legend" aria-label="{label}">'
    element.body = f"{_patterns(choices)}{begin}{blocks}{under}</section>"
    element.styles = _STYLES
    element._template = Template(_LEGENDS)
    shown.add_child(element)


def _legend(choice: _Choice, language: Language) -> str:
    """HTML of one layer's legend: every class, and what the map lacks; all with their counts."""
    style = choice.style
    counts = np.bincount(choice.places, minlength=len(style.labels) + len(style.gaps))
    rows = [
        _row(f'<i style="background:{_safe(colour)}"></i>', label, count)
        for colour, label, count in zip(style.colours, style.labels, counts, strict=False)
    ]
    rows += [
        _row(
            f'<svg><rect width="20" height="12" fill="url(#{_pattern_name(gap)})"/></svg>',
            gap.label,
            count,
        )
        for gap, count in zip(style.gaps, counts[len(style.labels) :], strict=True)
        if count
    ]
    inside = int(choice.bounded.sum())
    if inside:
        rows.append(_row('<i class="dot"></i>', WORDS["bounded"](language), inside))
    unit = f"<small>{_safe(style.unit)}</small>" if style.unit else ""
    return f"<h3>{_safe(choice.title)}</h3>{unit}<ul>{''.join(rows)}</ul>"


def _row(sign: str, label: str, count: int) -> str:
    return f"<li>{sign}{_safe(label)} <small>{count}</small></li>"
