"""What the report tells, part by part, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grannskap.catalogue import BASES
from grannskap.outputs.report import (
    anatomy,
    area_types,
    clusters,
    comparing,
    evenness,
    findings,
    frontiers,
    grids,
    indicators,
    interventions,
    protection,
    remarks,
    scoring,
    summary,
    testing,
    widths,
    years,
)
from grannskap.outputs.report.cells import Grid
from grannskap.outputs.report.model import (
    Block,
    Fold,
    Notes,
    Pair,
    Paragraph,
    Picture,
    Report,
    Section,
    Table,
    Warnings,
)
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.maps.style import Style

__all__ = ["compose"]

# What explains the test stands beside what it found.
_BESIDE = ("clusters-neighbours", "clusters-reference", "clusters-correlogram")
_OF_PARTS = ("segregation-scale",)
_OF_FRONTIERS = ("frontiers",)
_OF_INTERVENTIONS = ("interventions",)


def compose(
    results: Results,
    view: View,
    pictures: Sequence[Picture],
    *,
    cluster_styles: Mapping[str, Style],
) -> Report:
    """Return the report, before it is written in any form.

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
    Report
        Its parts, in order.
    """
    tables = _tables(results, view, cluster_styles)
    told = remarks.of_data(results, view) + remarks.of_test(results, view)
    sections = (
        _section(view, "report.heading.maps", [one for one in pictures if one.page]),
        _section(view, "report.heading.places", _places(results, view, tables)),
        *_of_frontiers(results, view, pictures),
        *_of_interventions(results, view, pictures),
        _section(view, "report.heading.method", _method(results, view, notes=len(told))),
        _section(
            view,
            "report.heading.appendix",
            _appendix(results, view, pictures, tables, cluster_styles),
        ),
    )
    return Report(
        title=view.title,
        subtitle=view.subtitle,
        language=view.language,
        figures=findings.key_figures(results, view),
        summary=summary.summary(results, view),
        sections=tuple(one for one in sections if one.blocks),
        source=_source(results, view),
    )


def _section(view: View, key: str, blocks: Iterable[Block | Section]) -> Section:
    """A main section: its anchor is the last part of the name of its heading."""
    return _under(view, key, blocks, anchor=key.rpartition(".")[2])


def _under(view: View, key: str, blocks: Iterable[Block | Section], anchor: str = "") -> Section:
    return Section(say(key, view.language), tuple(blocks), anchor=anchor)


def _table(*grids_of: Grid | None) -> Iterator[Table]:
    """The tables that have rows."""
    for one in grids_of:
        if one is not None and one.rows:
            yield Table(one)


def _texts(*texts: str) -> Iterator[Paragraph]:
    yield from (Paragraph(text) for text in texts if text)


def _quiet(*texts: str) -> Iterator[Paragraph]:
    yield from (Paragraph(text, tone="quiet") for text in texts if text)


# --- The main part -----------------------------------------------------------------------------


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
        "indicators": indicators.indicators(results, view),
        "options": clusters.options(results, view),
    }


def _places(results: Results, view: View, tables: Mapping[str, Any]) -> Iterator[Block]:
    yield from _table(tables["balance"])
    more = say("report.page.in_appendix", view.language) if tables["balance_all"] else ""
    yield from _quiet(" ".join(one for one in (_signs(results, view, tables), more) if one))
    ends = tuple(_table(tables["lowest"], tables["highest"]))
    if ends:
        yield Pair(ends)
    yield from _table(tables["index"])
    yield from _quiet(comparing.in_short(results, view))
    warnings = tuple(scoring.warnings(results, view))
    if warnings:
        yield Warnings(warnings)
    yield from area_types.in_short(results, view)
    yield from _table(tables["evenness"])
    yield from _quiet(*evenness.words(results, view))
    yield from _table(*tables["clusters"])


def _of_frontiers(results: Results, view: View, pictures: Sequence[Picture]) -> Iterator[Section]:
    own = [one for one in pictures if one.name in _OF_FRONTIERS]
    told = frontiers.section(results, view, own)
    yield from () if told is None else (told,)


def _of_interventions(
    results: Results, view: View, pictures: Sequence[Picture]
) -> Iterator[Section]:
    own = [one for one in pictures if one.name in _OF_INTERVENTIONS]
    told = interventions.section(results, view, own)
    yield from () if told is None else (told,)


def _signs(results: Results, view: View, tables: Mapping[str, Any]) -> str:
    """Say what the signs in the tables mean: each once, and only those that are there."""
    rounded = results.sums.get("areas_rounded_to_zero")
    marks = (
        ("report.method.star", grids.has_mark(tables, "*")),
        ("report.method.chance_mark", grids.has_mark(tables, "†")),
        ("report.method.unknown_mark", grids.has_mark(tables, "‡")),
        ("report.method.infinite", grids.has_mark(tables, "∞")),
        ("report.method.between", grids.has_between(tables)),
        ("report.method.rounded", rounded is not None and bool((rounded > 0).any())),
    )
    return " ".join(say(key, view.language) for key, there in marks if there)


def _method(results: Results, view: View, *, notes: int) -> Iterator[Block | Section]:
    """How the figures were made, what maps say, and the sources."""
    language, (low, high) = view.language, view.poles(results)
    unit = BASES[results.options.balance.basis]
    parts = (
        say("report.method.places", language),
        say("report.method.interval", language, {"unit": unit}),
        say("report.method.rows", language),
    )
    areas = say("report.method.areas", language, {"level": results.dataset.level})
    yield from _texts(
        f"{say('report.method.relation', language)} {areas}",
        say("report.method.balance", language, {"unit": unit, "low": low, "high": high}),
        " ".join(parts),
        *widths.told(results, view),
        scoring.conditions(results, view),
        protection.told(results, view),
    )
    ends = [_source(results, view), say("report.page.files", language)]
    if view.report.profiles:
        named = bool(results.dataset.neighbourhoods)
        key = "report.profiles.file" if named else "report.profiles.nobody"
        ends.append(say(key, language))
    if notes:
        ends.append(say("report.page.notes", language, {"notes": notes}))
    last = Paragraph(" ".join(ends), tone="source")
    if not results.clusterings:
        yield last
        return
    says = Paragraph(say("report.method.map_says", language))
    yield _under(view, "report.heading.what_maps_say", (says, last))


def _source(results: Results, view: View) -> str:
    sources = {"sources": "; ".join(findings.sources(results))}
    return say("report.page.sources", view.language, sources)


# --- The appendix ------------------------------------------------------------------------------


def _appendix(
    results: Results,
    view: View,
    pictures: Sequence[Picture],
    tables: Mapping[str, Any],
    styles: Mapping[str, Style],
) -> Iterator[Block | Section]:
    told = remarks.of_data(results, view) + remarks.of_test(results, view)
    nothing = Paragraph(say("report.page.nothing", view.language))
    yield _under(view, "report.heading.notes", [Notes(told) if told else nothing], anchor="notes")
    beside = [one for one in pictures if not one.page and one.name in _BESIDE]
    for number, clustering in enumerate(results.clusterings, start=1):
        blocks = _test(results, view, clustering, styles[clustering.variable])
        shown = [*_with_pictures(blocks, beside if number == 1 else ())]
        yield Section(testing.heading(view, clustering), tuple(shown), anchor=f"test-{number}")
    apart = [one for one in pictures if one.name in _OF_PARTS]
    parts = anatomy.section(results, view, apart)
    index, types = comparing.section(results, view), area_types.section(results, view)
    over = [one for one in pictures if one.name in years.PICTURES]
    told_apart = (index, types, parts, years.section(results, view, over, styles))
    yield from (one for one in told_apart if one is not None)
    if tables["balance_all"]:
        yield _under(view, "report.heading.balance_all", _table(tables["balance_all"]))
    if tables["indicators"]:
        yield _under(
            view, "report.heading.indicators", _table(*tables["indicators"]), anchor="indicators"
        )
    of_years = years.PICTURES if results.history else ()
    placed = {*_BESIDE, *_OF_PARTS, *_OF_FRONTIERS, *_OF_INTERVENTIONS, *of_years}
    more = [one for one in pictures if not one.page and one.name not in placed]
    if more:
        yield _under(view, "report.heading.more", more)
    if results.clusterings:
        options = tuple(_table(tables["options"]))
        yield Fold(say("report.heading.settings", view.language), options)


def _with_pictures(
    blocks: Iterable[Block | Section], pictures: Iterable[Picture]
) -> Iterator[Block | Section]:
    """Put pictures before the first section under a heading."""
    waiting = list(pictures)
    for one in blocks:
        if isinstance(one, Section):
            yield from waiting
            waiting = []
        yield one
    yield from waiting


def _test(
    results: Results, view: View, clustering: Clustering, style: Style
) -> Iterator[Block | Section]:
    """What is told of one tested variable."""
    yield from _texts(
        testing.overall(results, view, clustering), testing.scope(results, view, clustering)
    )
    yield from _table(clusters.classes(results, view, clustering, style))
    sensitivity = clusters.sensitivity(view, clustering)
    if sensitivity:
        stayed = _table(clusters.stayed(results, view, clustering, style))
        yield _under(view, "report.heading.holds", (*_texts(sensitivity), *stayed))
    within = clusters.within(results, view, clustering)
    if within is not None:
        yield _under(view, "report.heading.within", _table(within))
    reach = grids.reach(view, clustering, results.options.autocorrelation.fdr)
    if reach:
        distances = _table(grids.distances(results, view, clustering))
        yield _under(view, "report.heading.reach", (*_texts(reach), *distances))
    influence = tuple(_table(clusters.influence(results, view, clustering)))
    fold = (Fold(say("report.heading.influence", view.language), influence),) if influence else ()
    yield _under(
        view, "report.heading.how", (*_texts(*testing.method(results, view, clustering)), *fold)
    )
