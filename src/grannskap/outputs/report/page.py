"""The report: an analysis and its pictures as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from grannskap.language import Language, Text
from grannskap.outputs.report import clusters, findings, grids, remarks, scoring, testing

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.maps.style import Style

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


def build(
    results: Results,
    view: View,
    pictures: Sequence[Picture],
    *,
    cluster_styles: Mapping[str, Style],
) -> str:
    """Return the report as one HTML page that asks for nothing outside itself.

    Parameters
    ----------
    results : Results
        Everything that was measured.
    view : View
        What of it is shown, and in which words.
    pictures : sequence of Picture
        In the order of the report. Those whose name begins as a section's (``balance``,
        ``change``, ``living-conditions``, ``clusters``) stand there, the others by themselves.
    cluster_styles : mapping of str to Style
        Classes of clusters as on their maps, by the variable that was tested.

    Returns
    -------
    str
        HTML; every text from the data is escaped, and no script runs in it.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    style = _text_of("page.css")
    environment = Environment(
        loader=PackageLoader("grannskap.outputs.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page: str = environment.get_template("page.html.j2").render(
        t=_translator(view.language),
        language=view.language,
        view=view,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        pictures=_by_section(pictures, results),
        key_figures=findings.key_figures(results, view),
        said=_sentences(results, view),
        grids=_grids(results, view),
        tests=_tests(results, view, cluster_styles),
        remarks={"data": remarks.of_data(results, view), "test": remarks.of_test(results, view)},
        sources=findings.sources(results),
    )
    return page


def _by_section(pictures: Sequence[Picture], results: Results) -> dict[str, list[Picture]]:
    more = [f"clusters-{one.variable}" for one in results.clusterings[1:]]
    names = (*_SECTIONS[:-1], *more, _SECTIONS[-1])  # the longer name is tried first
    sections: dict[str, list[Picture]] = {name: [] for name in (*names, "beside", "other")}
    for picture in pictures:
        found = [name for name in names if picture.name.startswith(name)]
        section = "beside" if picture.name in _BESIDE else found[0] if found else "other"
        sections[section].append(picture)
    return sections


def _sentences(results: Results, view: View) -> dict[str, Any]:
    return {
        "summary": findings.summary(results, view),
        "basis": findings.basis(results, view),
        "conditions": scoring.conditions(results, view),
        "warnings": scoring.warnings(results, view),
    }


def _tests(results: Results, view: View, styles: Mapping[str, Style]) -> list[dict[str, Any]]:
    """What is told of each tested variable."""
    alpha = results.options.autocorrelation.fdr
    return [
        {
            "pictures": "clusters" if not number else f"clusters-{one.variable}",
            "heading": testing.heading(view, one),
            "overall": testing.overall(results, view, one),
            "scope": testing.scope(results, view, one),
            "students": scoring.students(results, view, one),
            "method": testing.method(results, view, one),
            "sensitivity": clusters.sensitivity(view, one),
            "reach": grids.reach(view, one, alpha),
            "classes": clusters.classes(results, view, one, styles[one.variable]),
            "core": clusters.core(results, view, one, styles[one.variable]),
            "stayed": clusters.stayed(results, view, one, styles[one.variable]),
            "within": clusters.within(results, view, one),
            "distances": grids.distances(view, one),
            "influence": clusters.influence(results, view, one),
        }
        for number, one in enumerate(results.clusterings)
    ]


def _grids(results: Results, view: View) -> dict[str, Any]:
    return {
        "balance": grids.balance(results, view),
        "lowest": grids.extremes(results, view, "lowest"),
        "highest": grids.extremes(results, view, "highest"),
        "index": grids.index(results, view),
        "options": clusters.options(results, view),
        "indicators": grids.indicators(results, view),
    }


def _text_of(name: str) -> str:
    folder = resources.files("grannskap.outputs.report")
    return (folder / name).read_text(encoding="utf-8")


def _translator(language: Language) -> Callable[[str, str], str]:
    return lambda sv, en: Text(sv, en)(language)
