"""A picture as bytes: PNG, SVG or PDF, the same bytes every time."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from matplotlib.text import Text as Words

from grannskap.errors import OutputError
from grannskap.language import Language
from grannskap.letters import legible, well_formed
from grannskap.maps.figure import tagged
from grannskap.maps.figure.sheet import FAMILY, typography

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

__all__ = ["FORMATS", "FileFormat", "Rendered", "render", "render_all"]

FileFormat = Literal["png", "svg", "pdf"]

FORMATS: tuple[FileFormat, ...] = ("png", "svg", "pdf")

_MAKER = "grannskap"

_PRINT_DPI = 300


@dataclass(frozen=True)
class Rendered:
    """One picture in every format.

    Attributes
    ----------
    files : mapping of str to bytes
        By format: ``"png"`` (300 dots per inch), ``"svg"``, ``"pdf"``.
    preview : bytes
        A PNG of half the size, for a page.
    """

    files: Mapping[FileFormat, bytes]
    preview: bytes


def render_all(
    figure: Figure,
    *,
    title: str = "",
    alt: str = "",
    language: Language = "sv",
    formats: Sequence[str] = FORMATS,
) -> Rendered:
    """Write a picture in every format that is asked for, each as `render` writes it.

    The pixels are drawn once; packing them, which takes longest, goes on beside the others.

    Parameters
    ----------
    figure, title, alt, language
        As in `render`.
    formats : sequence of {"png", "svg", "pdf"}
        Those that are wanted.

    Returns
    -------
    Rendered
        The files, and a smaller PNG.
    """
    alt, title = _named(figure, alt, title)
    pixels = _pixels(figure, _PRINT_DPI)
    with ThreadPoolExecutor(max_workers=1) as beside:
        png = beside.submit(_packed, pixels, title, alt, _PRINT_DPI)
        preview = beside.submit(_packed, pixels.reduce(2), title, alt, _PRINT_DPI // 2)
        files: dict[FileFormat, bytes] = {}
        if {"svg", "pdf"} & set(formats):
            svg = _svg(figure, title, alt, language)
            files = {
                kind: _of_svg(figure, svg, kind, title=title, alt=alt, language=language)
                for kind in FORMATS
                if kind in formats and kind != "png"
            }
        held = {"png": png.result(), **files} if "png" in formats else files
        return Rendered(held, preview.result())


def render(
    figure: Figure,
    file_format: FileFormat,
    *,
    title: str = "",
    alt: str = "",
    language: Language = "sv",
    dpi: int = 300,
) -> bytes:
    """Write a picture as PNG, SVG or PDF, with its alternative text in the metadata.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From `draw` or another function of this package.
    file_format : {"png", "svg", "pdf"}
        PNG at `dpi`; SVG whose texts are texts and whose areas have their code as id;
        tagged PDF (PDF/UA-1) of the picture's size, with embedded fonts.
    title : str
        Title in the metadata; when empty, the alternative text's first sentence.
    alt : str
        Alternative text; when empty, the figure's own (its label).
    language : {"sv", "en"}
        Language of both, written into the SVG.
    dpi : int
        Dots per inch of a PNG.

    Returns
    -------
    bytes
        Without dates: a rerun gives the same.

    Raises
    ------
    OutputError
        When the format is none of the three, or a PDF would have no alternative text.
    """
    alt, title = _named(figure, alt, title)
    if file_format not in ("png", "svg", "pdf"):
        raise OutputError("no format of pictures", {"format": repr(file_format)})
    if file_format == "png":
        return _packed(_pixels(figure, dpi), title, alt, dpi)
    svg = _svg(figure, title, alt, language)
    return _of_svg(figure, svg, file_format, title=title, alt=alt, language=language)


def _svg(figure: Figure, title: str, alt: str, language: Language) -> str:
    """Write a picture as matplotlib does, but for the spaces in its texts, which stay."""
    into = BytesIO()
    told = {"Title": title, "Description": alt, "Creator": _MAKER, "Language": language}
    with _ready(figure):
        figure.savefig(into, format="svg", facecolor="white", metadata={**told, "Date": None})
    return into.getvalue().decode("utf-8").replace("<svg ", '<svg xml:space="preserve" ', 1)


def _of_svg(
    figure: Figure, svg: str, kind: FileFormat, *, title: str, alt: str, language: Language
) -> bytes:
    if kind == "pdf":
        return tagged.pdf(figure, svg, title=title, alt=alt, language=language)
    return _described(svg, title, alt, language).encode("utf-8")


@contextmanager
def _ready(figure: Figure) -> Iterator[None]:
    """Settings to save a picture under, and no text in it that a file cannot hold."""
    for words in figure.findobj(Words):
        words.set_text(well_formed(words.get_text()))
    with typography():
        yield


def _named(figure: Figure, alt: str, title: str) -> tuple[str, str]:
    """Return the alternative text and the title, from the figure where they are not given."""
    alt = legible(alt).strip() or legible(str(figure.get_label()))
    return alt, legible(title) or alt.split(". ")[0].rstrip(".")


def _pixels(figure: Figure, dpi: int) -> Image:
    from PIL import Image as Images

    into = BytesIO()
    with _ready(figure):
        figure.savefig(into, format="rgba", dpi=dpi, facecolor="white")
    width, height = (int(inches * dpi) for inches in figure.get_size_inches())
    return Images.frombuffer("RGBA", (width, height), into.getvalue()).convert("RGB")


def _packed(pixels: Image, title: str, alt: str, dpi: int) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    for key, text in (("Title", title), ("Description", alt), ("Creator", _MAKER)):
        words.add_itxt(key, text)
    into = BytesIO()
    # Flat colours: a harder level takes twice the time and saves a tenth.
    pixels.save(into, "png", pnginfo=words, dpi=(dpi, dpi), compress_level=2)
    return into.getvalue()


def _described(svg: str, title: str, alt: str, language: Language) -> str:
    """Give the SVG a role, a language and a description; let other fonts stand in."""
    svg = re.sub(r"\s*<title>.*?</title>", "", svg, count=1, flags=re.DOTALL)
    attributes = f' role="img" aria-labelledby="title desc" xml:lang="{language}" lang="{language}"'
    texts = f'\n <title id="title">{escape(title)}</title>\n <desc id="desc">{escape(alt)}</desc>'
    svg = re.sub(r"<svg ([^>]*)>", lambda m: f"<svg {m[1]}{attributes}>{texts}", svg, count=1)
    svg = svg.replace(f"'{FAMILY}', 'DejaVu Sans'", f"'{FAMILY}', 'Source Sans 3', sans-serif")
    return svg.replace("</desc>", f"</desc>\n <style>{_faces(svg)}</style>", 1)


def _faces(svg: str) -> str:
    """The weights of the typeface that an SVG uses, in it: it looks the same everywhere."""
    folder = resources.files("grannskap.maps.figure") / "fonts"
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/woff2;base64,"
        f"{b64encode((folder / f'GrannskapSans-{name}.woff2').read_bytes()).decode()})"
        "format('woff2')}"
        for name, weight in (("Regular", 400), ("Bold", 700))
        if weight == 400 or re.search(rf"font(?:-weight)?: {weight}\b", svg)
    )
