"""The report: an analysis and its pictures as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from grannskap.language import Language, Text
from grannskap.outputs.report import findings, grids

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["Picture", "build"]


@dataclass(frozen=True)
class Picture:
    """A map or a diagram as it stands in the report.

    Attributes
    ----------
    name : str
        File stem, and the section it belongs to.
    title, caption, alt : str
        Its heading, the line under it, and its alternative text.
    png : bytes
        The picture.
    """

    name: str
    title: str
    caption: str
    alt: str
    png: bytes

    @property
    def address(self) -> str:
        """The picture as a data URI."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


def build(analysis: Analysis, pictures: Sequence[Picture]) -> str:
    """Return the report as one HTML page that asks for nothing outside itself.

    Parameters
    ----------
    analysis : Analysis
        Everything that was measured.
    pictures : sequence of Picture
        In the order of the report; those of one section share the beginning of their name.

    Returns
    -------
    str
        HTML; every text from the data is escaped, and no script runs in it.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    project = analysis.project
    style = _text_of("page.css")
    environment = Environment(
        loader=PackageLoader("grannskap.outputs.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page: str = environment.get_template("page.html.j2").render(
        t=_translator(project.language),
        language=project.language,
        project=project,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        pictures={
            section: [picture for picture in pictures if picture.name.startswith(section)]
            for section in ("balance", "change", "living-conditions", "low-income", "other")
        },
        findings=findings.of(analysis),
        grids=grids.of(analysis),
    )
    return page


def _text_of(name: str) -> str:
    folder = resources.files("grannskap.outputs.report")
    return (folder / name).read_text(encoding="utf-8")


def _translator(language: Language) -> Callable[[str, str], str]:
    return lambda sv, en: Text(sv, en)(language)
