"""The page itself: folium's map, Leaflet, our scripts and styles, one file, no network."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from grannskap.language import Language, Text
from grannskap.maps.webmap.basemap import Basemap
from grannskap.maps.webmap.words import WORDS

__all__ = ["SCRIPTS", "Sheet", "written"]

SCRIPTS = (
    "decode", "numbers", "interval", "sweref", "shapes", "colours", "paint", "vectors", "canvas",
    "marks", "card", "legend", "table", "search", "selection", "histogram", "scatter", "save",
    "picture", "link", "state", "page",
)  # fmt: skip
"""Our scripts, in the order in which they are read."""

_MAP = "grannskap"


@dataclass(frozen=True)
class Sheet:
    """What the page says outside of the payload."""

    title: str
    language: Language
    payload: str
    basemap: Basemap | None = None


def written(sheet: Sheet) -> str:
    """Return the whole page; the same sheet gives the same text."""
    styles = [_leaflet_css(), _source("page.css")]
    scripts = [_leaflet_js(), _folium_map(sheet.basemap), _page_js()]
    tiles = "" if sheet.basemap is None else f" {sheet.basemap.host}"
    return _filled(
        _source("page.html"),
        {
            "language": sheet.language,
            "policy": _policy(styles, scripts, f"data: blob:{tiles}"),
            # Providers of tiles want to know which site asks.
            "referrer": "strict-origin-when-cross-origin" if tiles else "no-referrer",
            "title": html.escape(sheet.title),
            "styles": "\n".join(f"<style>{text}</style>" for text in styles),
            "payload": sheet.payload,
            "scripts": "\n".join(f"<script>{text}</script>" for text in scripts),
            **{f"word-{key}": _word(text, sheet.language) for key, text in WORDS.items()},
        },
    )


def _word(text: Text, language: Language) -> str:
    return html.escape(text(language))


def _filled(template: str, parts: Mapping[str, str]) -> str:
    """Fill ``[[name]]`` in one pass, so that what is filled in is never read again."""
    return re.sub(r"\[\[([a-z_-]+)\]\]", lambda match: parts[match[1]], template)


def _policy(styles: list[str], scripts: list[str], images: str) -> str:
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(_digest(text) for text in scripts),
        "style-src": " ".join(_digest(text) for text in styles),
        "img-src": images,
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _source(name: str) -> str:
    folder = resources.files("grannskap.maps.webmap") / "page"
    return (folder / name).read_text(encoding="utf-8")


def _vendored(name: str) -> str:
    text = (resources.files("grannskap.maps") / "vendor" / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def _leaflet_js() -> str:
    licence = _vendored("LICENSE-leaflet.txt")
    code = _vendored("leaflet.js").replace("//# sourceMappingURL=leaflet.js.map", "")
    return f"/*\n{licence}*/\n{code}"


def _leaflet_css() -> str:
    """Leaflet's styles without the pictures of controls that the page does not use."""
    return re.sub(r"url\(images/[^)]*\)", "none", _vendored("leaflet.css"))


def _page_js() -> str:
    code = "\n".join(_source(f"{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{code}\n}})();\n'


def _folium_map(basemap: Basemap | None) -> str:
    """Return folium's script for the map, under a fixed name and without data, tiles or links.

    Without tiles the map is in metres: zoom 0 is one pixel per metre.
    """
    import folium

    page_map = folium.Map(
        location=[0, 0],
        zoom_start=0,
        crs="Simple" if basemap is None else "EPSG3857",
        tiles=None,
        zoom_control=False,
        attributionControl=False,
        minZoom=-14 if basemap is None else 0,
        maxZoom=3 if basemap is None else basemap.most_zoom,
        zoomSnap=0 if basemap is None else 1,
        zoomDelta=0.5 if basemap is None else 1,
        wheelPxPerZoomLevel=120,
    )
    page_map._id = _MAP  # folium draws a random one, and the page must be the same every time
    figure: Any = page_map.get_root()
    figure.render()
    return str(figure.script.render()) + f"\nwindow.grannskapMap = {page_map.get_name()};\n"
