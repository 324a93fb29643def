"""The printed maps of an analysis: which there are, in which style, with which rings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso
from grannskap.analysis import then_and_now
from grannskap.catalogue import BASES, SHARES, poor_pole
from grannskap.errors import ColumnError, few
from grannskap.language import Text, counted, inside_sentence, number, ratio
from grannskap.maps import style as styles
from grannskap.maps.atlas import words
from grannskap.maps.marks import Highlight
from grannskap.maps.style import Style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from grannskap.analysis import Analysis
    from grannskap.maps.figure import Shapes
    from grannskap.project import VariableMap

__all__ = ["Map", "draw", "maps", "styles_by_column"]


_LOCAL = {
    "moran": Text("Lokal Moran", "Local Moran"),
    "bivariate_moran": Text("Bivariat lokal Moran", "Bivariate local Moran"),
    "geary": Text("Lokal Geary", "Local Geary"),
    "g": Text("Getis–Ords G", "Getis–Ord G"),
    "g_star": Text("Getis–Ords G*", "Getis–Ord G*"),
    "join_counts": Text("Lokala grannpar", "Local join counts"),
}
_OVERALL = {
    "moran": Text("Morans I", "Moran's I"),
    "bivariate_moran": Text("Bivariat Morans I", "Bivariate Moran's I"),
    "geary": Text("Gearys C", "Geary's C"),
    "g": Text("Getis–Ords G", "Getis–Ord G"),
}


@dataclass(frozen=True)
class Map:
    """One map of the atlas.

    Attributes
    ----------
    style : Style
        With its title, caption and source line.
    values : pandas.Series
        What is mapped, on every area of the boundaries.
    rings : tuple of Highlight
        Neighbourhoods, and the worst area where it is marked.
    view : sequence of str or str, optional
        What is shown, where it is not what the whole project shows.
    status : pandas.Series of str, optional
        Why an area has no value.
    """

    style: Style
    values: pd.Series[Any]
    rings: tuple[Highlight, ...]
    view: str | Sequence[str] | None = None
    status: pd.Series[Any] | None = None


def maps(analysis: Analysis) -> tuple[Map, ...]:
    """Return the printed maps of an analysis, in the order of the report."""
    main = (_balance(analysis), _clusters(analysis), _conditions(analysis))
    change = () if analysis.change is None else (_change(analysis, analysis.change),)
    return (*main, *change, *(_variable(analysis, asked) for asked in analysis.project.maps))


def styles_by_column(printed: Sequence[Map]) -> dict[str, Style]:
    """Return the style of each column of the areas that a map shows."""
    return {str(which.values.name): which.style for which in printed}


def draw(analysis: Analysis, which: Map, *, shapes: Shapes | None = None) -> Figure:
    """Draw one map for print; maps of one run share their shapes."""
    from grannskap.maps import figure

    options = analysis.project.map
    return figure.draw(
        analysis.areas,
        which.values,
        which.style,
        status=which.status,
        view=analysis.areas["in_view"] if which.view is None else which.view,
        extent=_extent(analysis),
        page=options.page,
        highlights=which.rings,
        overlays=words.overlays(analysis),
        labels=words.labels(analysis),
        inset="auto" if options.inset else "none",
        counts=options.counts,
        shapes=shapes,
    )


def _extent(analysis: Analysis) -> tuple[float, float, float, float] | None:
    """Where the maps look: all that is shown, a neighbourhood, a scope, or a box in metres."""
    from grannskap.maps import figure

    options = analysis.project.map
    if options.extent is None or not isinstance(options.extent, str):
        return options.extent
    for place in analysis.places:
        if place.name == options.extent:
            return figure.around(place.geometry, margin=options.margin)
    inside = analysis.areas[deso.in_scope(analysis.areas.index, options.extent)]
    return figure.around(inside.geometry.union_all(), margin=options.margin)


def _balance(analysis: Analysis) -> Map:
    options, language = analysis.project.balance, analysis.project.language
    row = analysis.balance.xs((analysis.year, "all"), level=("year", "group")).iloc[0]
    basis = BASES[options.basis]
    caption = Text(
        f"Medel {ratio(row['ratio_of_sums'])} (på summan av {basis.sv}), lägst "
        f"{ratio(row['lowest'])}, högst {ratio(row['highest'])}",
        f"Average {ratio(row['ratio_of_sums'], 'en')} (on the sum of {basis.en}), lowest "
        f"{ratio(row['lowest'], 'en')}, highest {ratio(row['highest'], 'en')}",
    )
    edges = styles.BALANCE_EDGES if options.edges is None else tuple(options.edges)
    style = replace(
        styles.balance(
            title=words.balance_title(analysis),
            unit=words.balance_unit(analysis),
            edges=edges,
            colours=options.colours,
            language=language,
        ),
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        caption=caption(language),
    )
    style = styles.named_gap(style, "nobody either", words.nobody(analysis))
    rings = words.balances(analysis, analysis.year)
    return Map(style, analysis.areas["balance"], rings, status=analysis.areas["balance_status"])


def _clusters(analysis: Analysis) -> Map:
    language = analysis.project.language
    clustering = analysis.clustering
    what = inside_sentence(words.called(analysis, clustering.variable))
    local, overall = _LOCAL[analysis.project.autocorrelation.statistic], clustering.overall
    value = number(overall.value, decimals=2, language=language)
    if analysis.project.autocorrelation.empirical_bayes:
        what += Text(" (empirisk Bayes)", " (empirical Bayes)")(language)
    name = _OVERALL[overall.statistic](language)
    style = replace(
        _cluster_style(analysis),
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        caption=f"{Text(f'{local.sv} av', f'{local.en} of')(language)} {what}; {name} {value}",
    )
    view = analysis.project.autocorrelation.view
    return Map(style, analysis.areas["cluster"].astype(object), (), view)


def _cluster_style(analysis: Analysis) -> Style:
    """Orange is the poor pole on every map, also where low values are the poor ones."""
    variable = analysis.clustering.variable
    plain = styles.clusters(language=analysis.project.language)
    swapped = [plain.colours[i] for i in (1, 0, 3, 2, 4)]
    return styles.clusters(
        variable=words.called(analysis, variable),
        share=variable in SHARES,
        too_few=analysis.project.autocorrelation.within is not None,
        colours=swapped if poor_pole(variable) == "low" else (),
        language=analysis.project.language,
    )


def _change(analysis: Analysis, change: pd.DataFrame) -> Map:
    project = analysis.project
    then, now, areas = then_and_now(analysis)
    held = counted(areas, "area")
    style = replace(
        styles.change(language=project.language),
        title=Text(
            f"Balansens förändring {project.compare}–{analysis.year}",
            f"Change of the balance {project.compare}–{analysis.year}",
        )(project.language),
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        caption=Text(
            f"{ratio(then)} {project.compare}, {ratio(now)} {analysis.year} (på summan av "
            f"{held.sv} med uppgift båda åren)",
            f"{ratio(then, 'en')} in {project.compare}, {ratio(now, 'en')} in {analysis.year} "
            f"(on the sum of {held.en} with data for both years)",
        )(project.language),
    )
    values = styles.changes(change["log2_change"], within_chance=change["within_chance"])
    return Map(style, values, words.changes(analysis, int(project.compare or 0), analysis.year))


def _variable(analysis: Analysis, asked: VariableMap) -> Map:
    """Map any variable of the areas, in classes that follow what is shown."""
    name = asked.variable
    if name not in analysis.areas.columns:
        raise ColumnError(
            expected=f"the variable {name} of [[maps]]",
            came=f"areas with {few(analysis.areas.columns, most=20)}",
            remedy="name one of them, or add its counts to [register.columns]",
        )
    is_share = name in SHARES
    style = styles.from_values(
        analysis.shown[name],
        name=name,
        title=asked.title or words.called(analysis, name),
        unit=words.unit(analysis, name),
        scheme=asked.scheme,
        k=asked.k,
        edges=asked.edges,
        poor=poor_pole(name),
        quantity="share" if is_share else "amount",
        decimals=asked.decimals if asked.decimals is not None else 0,
        colours=asked.colours,
        language=analysis.project.language,
    )
    style = replace(style, subtitle=words.subtitle(analysis), source=words.source_line(analysis))
    return Map(style, analysis.areas[name].astype(float), words.neighbourhoods(analysis))


def _conditions(analysis: Analysis) -> Map:
    language = analysis.project.language
    parts = ", ".join(inside_sentence(words.called(analysis, name)) for name in analysis.components)
    style = replace(
        styles.scores(language=language),
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        caption=Text(f"Bygger på {parts}", f"Built from {parts}")(language),
    )
    return Map(style, analysis.areas["score"], _worst(analysis))


def _worst(analysis: Analysis) -> tuple[Highlight, ...]:
    """Mark the worst area of each municipality, when they are few enough to be read."""
    language = analysis.project.language
    worst = [str(code) for code in analysis.municipalities.get("worst_area", ()) if code]
    if len(worst) > 5:
        return ()
    word = Text("Sämst", "Worst")(language)
    called = words.names(analysis)
    sentence = Text(
        "Markerat område: sämsta levnadsvillkor, ", "Marked area: worst living conditions, "
    )(language)
    return tuple(
        Highlight(
            word,
            f"{word} {code}",
            analysis.areas.geometry.loc[code],
            (code,),
            sentence=sentence + (code if called[code] == code else f"{code} {called[code][:-6]}"),
        )
        for code in worst
    )
