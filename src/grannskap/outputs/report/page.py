"""The report: an analysis and its pictures as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from grannskap.catalogue import BASES
from grannskap.language import Language, inside_sentence
from grannskap.letters import well_formed
from grannskap.outputs.report import (
    clusters,
    evenness,
    findings,
    grids,
    remarks,
    scoring,
    summary,
    testing,
    widths,
)
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.maps.style import Style

__all__ = ["Picture", "build"]

# What explains the test stands beside what it found.
_BESIDE = ("clusters-neighbours", "clusters-reference", "clusters-correlogram")


@dataclass(frozen=True)
class Picture:
    """A map or a diagram as it stands in the report.

    Attributes
    ----------
    name : str
        File stem.
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
        In the order of the report: maps (which have a page) in its main part, the others in its
        appendix.
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
    environment.filters["lower_first"] = inside_sentence
    remarked = remarks.of_data(results, view), remarks.of_test(results, view)
    tables = _tables(results, view, cluster_styles)
    page: str = environment.get_template("page.html.j2").render(
        say=_speaker(view.language),
        language=view.language,
        view=view,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        pictures=_parted(pictures),
        key_figures=findings.key_figures(results, view),
        summary=summary.summary(results, view),
        method=_method(results, view),
        signs=_signs(results, view, tables),
        warnings=scoring.warnings(results, view),
        evenness=evenness.words(results, view),
        tables=tables,
        tests=_tests(results, view, cluster_styles),
        remarks={"data": remarked[0], "test": remarked[1]},
        notes=len(remarked[0]) + len(remarked[1]),
        sources="; ".join(findings.sources(results)),
    )
    return well_formed(page)


def _parted(pictures: Sequence[Picture]) -> dict[str, list[Picture]]:
    """Maps stand in the main part, what explains or adds to them in the appendix."""
    return {
        "maps": [one for one in pictures if one.page],
        "beside": [one for one in pictures if not one.page and one.name in _BESIDE],
        "more": [one for one in pictures if not one.page and one.name not in _BESIDE],
    }


def _method(results: Results, view: View) -> tuple[str, ...]:
    """How the figures were made."""
    language, (low, high) = view.language, view.poles(results)
    unit = BASES[results.options.balance.basis]
    parts = (
        say("report.method.places", language),
        say("report.method.interval", language, {"unit": unit}),
        say("report.method.rows", language),
    )
    areas = say("report.method.areas", language, {"level": results.dataset.level})
    return (
        f"{say('report.method.relation', language)} {areas}",
        say("report.method.balance", language, {"unit": unit, "low": low, "high": high}),
        " ".join(parts),
        *widths.told(results, view),
        scoring.conditions(results, view),
    )


def _signs(results: Results, view: View, tables: Mapping[str, Any]) -> str:
    """Say what the signs in the tables mean: each once, and only those that are there."""
    rounded = results.sums.get("areas_rounded_to_zero")
    marks = (
        ("report.method.star", grids.has_mark(tables, "*")),
        ("report.method.infinite", grids.has_mark(tables, "∞")),
        ("report.method.between", grids.has_between(tables)),
        ("report.method.rounded", rounded is not None and bool((rounded > 0).any())),
    )
    return " ".join(say(key, view.language) for key, there in marks if there)


def _tables(results: Results, view: View, styles: Mapping[str, Style]) -> dict[str, Any]:
    """The tables of the main part and of the appendix, by what they tell of."""
    return {
        "balance": grids.balance(results, view, every=False),
        "balance_all": grids.balance(results, view, every=True),
        "lowest": grids.extremes(results, view, "lowest"),
        "highest": grids.extremes(results, view, "highest"),
        "index": grids.index(results, view),
        "evenness": evenness.by_place(results, view),
        "clusters": [
            clusters.by_place(results, view, one, styles[one.variable])
            for one in results.clusterings
        ],
        "indicators": grids.indicators(results, view),
        "options": clusters.options(results, view),
    }


def _tests(results: Results, view: View, styles: Mapping[str, Style]) -> list[dict[str, Any]]:
    """What is told of each tested variable in the appendix."""
    alpha = results.options.autocorrelation.fdr
    return [
        {
            "heading": testing.heading(view, one),
            "overall": testing.overall(results, view, one),
            "scope": testing.scope(results, view, one),
            "method": testing.method(results, view, one),
            "sensitivity": clusters.sensitivity(view, one),
            "reach": grids.reach(view, one, alpha),
            "classes": clusters.classes(results, view, one, styles[one.variable]),
            "stayed": clusters.stayed(results, view, one, styles[one.variable]),
            "within": clusters.within(results, view, one),
            "distances": grids.distances(results, view, one),
            "influence": clusters.influence(results, view, one),
        }
        for one in results.clusterings
    ]


def _text_of(name: str) -> str:
    folder = resources.files("grannskap.outputs.report")
    return (folder / name).read_text(encoding="utf-8")


def _speaker(language: Language) -> Callable[..., str]:
    """Return what the page asks for its own words."""

    def speak(key: str, values: Mapping[str, object] | None = None) -> str:
        return say(key, language, values or {})

    return speak
