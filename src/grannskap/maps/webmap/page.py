"""The page: Leaflet, our scripts and styles in one file; and in others' frames."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from urllib.parse import quote

from grannskap.language import Language, Text
from grannskap.letters import well_formed
from grannskap.maps.webmap.basemap import Basemap
from grannskap.maps.webmap.words import WORDS

__all__ = ["SCRIPTS", "Notebook", "Sheet", "embed", "notebook", "written"]

SCRIPTS = (
    "decode", "numbers", "bounds", "interval", "sweref", "shapes", "colours", "paint", "vectors",
    "canvas", "marks", "frontiers", "card", "legend", "table", "search", "polygons", "selection",
    "histogram", "scatter", "names", "compare", "multiples", "keep", "save", "picture", "link",
    "state", "embed", "page",
)  # fmt: skip
"""Our scripts, in the order in which they are read."""

_SANDBOX = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox allow-modals"


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
    scripts = [_leaflet_js(), _map_js(sheet.basemap), _page_js()]
    tiles = "" if sheet.basemap is None else f" {sheet.basemap.host}"
    return _filled(
        _source("page.html"),
        {
            "language": sheet.language,
            "policy": _policy(styles, scripts, f"data: blob:{tiles}"),
            # Providers of tiles want to know which site asks.
            "referrer": "strict-origin-when-cross-origin" if tiles else "no-referrer",
            "title": html.escape(well_formed(sheet.title)),
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
    code = "\n".join(_spare(_source(f"{name}.js")) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{code}\n}})();\n'


def _spare(code: str) -> str:
    """Leave out what is for the code's readers: imports, indents and comments.

    The page has all modules in one script, in which every name is known to every other; no two
    have the same name, and no string goes over several lines (tests hold both).
    """
    alone = re.sub(r"^import \{[^}]*\} from [^\n]*;$|^/\*\*.*?\*/$", "", code, flags=re.M | re.S)
    lines = (line.strip().removeprefix("export ") for line in alone.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _map_js(basemap: Basemap | None) -> str:
    """Return the script that makes Leaflet's map, without data, tiles or links.

    Without tiles the map is in metres: zoom 0 is one pixel per metre.
    """
    options = {
        "center": [0, 0],
        "zoom": 0,
        "zoomControl": False,
        "attributionControl": False,
        "minZoom": -14 if basemap is None else 0,
        "maxZoom": 3 if basemap is None else basemap.most_zoom,
        "zoomSnap": 0 if basemap is None else 1,
        "zoomDelta": 0.5 if basemap is None else 1,
        "wheelPxPerZoomLevel": 120,
    }
    system = "Simple" if basemap is None else "EPSG3857"
    told = f"{{crs: L.CRS.{system}, ...{json.dumps(options)}}}"
    return f'window.grannskapMap = L.map("map_grannskap", {told});\n'


def embed(
    page_name: str, name: str, *, title: str, caption: str = "", language: Language = "sv"
) -> str:
    """HTML to paste into a web page: a figure that frames the page at one of its maps.

    The page knows that it is framed: it shows its title, legend, map, source and a link to
    the whole of it, and nothing scrolls in it from 320 × 400 pixels up.

    Parameters
    ----------
    page_name : str
        The page's file name, beside which the figure is to stand ("map.html").
    name : str
        The name of the style that is shown ("change").
    title : str
        The frame's title, which screen readers say.
    caption : str
        One sentence under the map; without it there is none.
    language : {"sv", "en"}
        The language of title and caption.

    Returns
    -------
    str
        A `<figure>`; it needs no script and no style sheet. Where a site's policy ignores
        `style`, the frame is as wide as the text and 600 pixels high.

    Examples
    --------
    >>> embed("map.html", "change", title="Förändring").count("#embed&amp;m=change")
    1
    """
    address = html.escape(f"{quote(page_name)}#embed&m={quote(name, safe='')}")
    under = f"  <figcaption>{html.escape(caption)}</figcaption>\n" if caption else ""
    return well_formed(
        f'<figure lang="{language}" style="margin: 0">\n'
        f'  <iframe src="{address}" title="{html.escape(title)}" loading="lazy" allowfullscreen\n'
        f'    sandbox="{_SANDBOX}"\n'
        '    width="100%" height="600"\n'
        '    style="width: 100%; height: min(37.5rem, max(25rem, 80vw)); border: 0"></iframe>\n'
        f"{under}</figure>\n"
    )


@dataclass(frozen=True)
class Notebook:
    """A page that a notebook shows when it is a cell's result.

    Attributes
    ----------
    html : str
        The whole page, as `build` returned it.
    height : int
        The frame's height in pixels.
    """

    html: str
    height: int = 640

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="{_SANDBOX}" allowfullscreen title="grannskap" '
            f'width="100%" height="{self.height}" '
            f'style="width: 100%; height: {self.height}px; border: 0" '
            f'srcdoc="{html.escape(self.html)}"></iframe>'
        )


def notebook(page: str, *, height: int = 640) -> Notebook:
    """Page as an object that notebooks show, in a frame `height` pixels high.

    Examples
    --------
    >>> notebook("<p>hej</p>")._repr_html_().startswith("<iframe")
    True
    """
    return Notebook(page, height)
