"""A picture as bytes: PNG, SVG or PDF, the same bytes every time."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape

from grannskap.errors import OutputError
from grannskap.language import Language
from grannskap.maps.figure.sheet import typography

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FileFormat", "render"]

FileFormat = Literal["png", "svg", "pdf"]

_MAKER = "grannskap"


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
        PDF with embedded fonts.
    title : str
        Title in the metadata; when empty, the alternative text's first sentence.
    alt : str
        Alternative text; when empty, the figure's own (its label).
    language : {"sv", "en"}
        Language of both, told in the SVG.
    dpi : int
        Dots per inch of a PNG.

    Returns
    -------
    bytes
        Without dates: a rerun gives the same.

    Raises
    ------
    OutputError
        When the format is none of the three.
    """
    alt = alt or str(figure.get_label())
    title = title or alt.split(". ")[0].rstrip(".")
    if file_format not in ("png", "svg", "pdf"):
        raise OutputError(
            expected="png, svg or pdf", came=repr(file_format), remedy="choose one of the three"
        )
    into = BytesIO()
    with typography():
        figure.savefig(
            into,
            format=file_format,
            dpi=dpi,
            facecolor="white",
            metadata=_metadata(file_format, title, alt, language),
            **_png(file_format),
        )
    if file_format == "svg":
        return _described(into.getvalue().decode("utf-8"), title, alt, language).encode("utf-8")
    return into.getvalue()


def _png(file_format: FileFormat) -> dict[str, Any]:
    # Flat colours: a harder level takes twice the time and saves a tenth.
    return {"pil_kwargs": {"compress_level": 2}} if file_format == "png" else {}


def _metadata(
    file_format: FileFormat, title: str, alt: str, language: Language
) -> dict[str, str | None]:
    if file_format == "png":
        return {"Software": None, "Title": title, "Description": alt, "Creator": _MAKER}
    if file_format == "pdf":
        return {
            "Title": title,
            "Subject": alt,
            "Creator": _MAKER,
            "Producer": _MAKER,
            "CreationDate": None,
        }
    return {
        "Title": title,
        "Description": alt,
        "Creator": _MAKER,
        "Date": None,
        "Language": language,
    }


def _described(svg: str, title: str, alt: str, language: Language) -> str:
    """Give the SVG a role, a language and a description; let other fonts stand in."""
    svg = re.sub(r"\s*<title>.*?</title>", "", svg, count=1, flags=re.DOTALL)
    attributes = f' role="img" aria-labelledby="title desc" xml:lang="{language}" lang="{language}"'
    texts = f'\n <title id="title">{escape(title)}</title>\n <desc id="desc">{escape(alt)}</desc>'
    svg = re.sub(r"<svg ([^>]*)>", lambda m: f"<svg {m[1]}{attributes}>{texts}", svg, count=1)
    return svg.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
