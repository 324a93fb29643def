"""The report: an analysis and its pictures as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from grannskap.language import Language, Text
from grannskap.outputs.report import (
    clusters,
    distances,
    extremes,
    findings,
    grids,
    remarks,
    scoring,
    students,
    summary,
    testing,
)

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["Picture", "build"]

_SECTIONS = ("balance", "change", "living-conditions", "clusters")

# What explains the test stands after what it found.
_BESIDE = ("clusters-neighbours", "clusters-reference", "clusters-correlogram")


@dataclass(frozen=True)
class Picture:
    """A map or a diagram as it stands in the report.

    Attributes
    ----------
    name : str
        File stem; its beginning tells the section it belongs to.
    title, caption, alt : str
        Its heading, the line under it, and its alternative text.
    png : bytes
        The picture.
    page : str
        Address of its interactive page from the report, where it has one.
    """

    name: str
    title: str
    caption: str
    alt: str
    png: bytes
    page: str = ""

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
        In the order of the report. Those whose name begins as a section's (``balance``,
        ``change``, ``living-conditions``, ``clusters``) stand there, the others by themselves.

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
        pictures=_by_section(pictures),
        key_figures=findings.key_figures(analysis),
        said=_sentences(analysis),
        grids=_grids(analysis),
        remarks={"data": remarks.of_data(analysis), "test": remarks.of_test(analysis)},
        sources=findings.sources(analysis),
    )
    return page


def _by_section(pictures: Sequence[Picture]) -> dict[str, list[Picture]]:
    sections: dict[str, list[Picture]] = {name: [] for name in (*_SECTIONS, "beside", "other")}
    for picture in pictures:
        found = [name for name in _SECTIONS if picture.name.startswith(name)]
        section = "beside" if picture.name in _BESIDE else found[0] if found else "other"
        sections[section].append(picture)
    return sections


def _sentences(analysis: Analysis) -> dict[str, Any]:
    return {
        "summary": summary.sentences(analysis),
        "students": students.in_clusters(analysis),
        "basis": findings.basis(analysis),
        "conditions": scoring.conditions(analysis),
        "warnings": findings.warnings(analysis),
        "heading": testing.heading(analysis),
        "overall": testing.overall(analysis),
        "scope": testing.scope(analysis),
        "method": testing.method(analysis),
        "sensitivity": clusters.sensitivity(analysis),
        "correlogram": distances.reach(analysis),
    }


def _grids(analysis: Analysis) -> dict[str, Any]:
    from grannskap.maps import atlas

    styles = atlas.styles_by_column(atlas.maps(analysis))
    style = styles["cluster"]
    return {
        "balance": grids.balance(analysis),
        "lowest": extremes.table(analysis, "lowest"),
        "highest": extremes.table(analysis, "highest"),
        "index": grids.index(analysis),
        "classes": clusters.classes(analysis, style),
        "within": clusters.within(analysis),
        "stayed": clusters.stayed(analysis, style),
        "core": clusters.core(analysis, style),
        "influence": clusters.influence(analysis),
        "distances": distances.table(analysis),
        "options": clusters.options(analysis),
        "indicators": grids.indicators(analysis),
    }


def _text_of(name: str) -> str:
    folder = resources.files("grannskap.outputs.report")
    return (folder / name).read_text(encoding="utf-8")


def _translator(language: Language) -> Callable[[str, str], str]:
    return lambda sv, en: Text(sv, en)(language)
