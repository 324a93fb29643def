"""Pictures made on request: small multiples, two variables, hexagons, links and diagrams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.areas import select
from grannskap.catalogue import GROUPS, status_column
from grannskap.errors import ProjectError
from grannskap.language import Text, number, ratio
from grannskap.maps import style as styles
from grannskap.maps.atlas import words
from grannskap.maps.atlas.cores import Extra, draw_cores
from grannskap.maps.atlas.printed import Map, maps
from grannskap.maps.style import Style
from grannskap.measures import balance, neighbours

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["Extra", "extras"]

_MOST_TOWNS = 12

_FEWEST_BANDS = 3  # with fewer distances there is no line to draw


def extras(analysis: Analysis) -> Iterator[Extra]:
    """Draw the pictures that the project asks for, one after the other."""
    for name in analysis.project.map.also:
        yield _MAKERS[name](analysis)
    bands = analysis.clustering.correlogram
    if bands is not None and (bands["pairs"] > 0).sum() >= _FEWEST_BANDS:
        yield _correlogram(analysis, bands[bands["pairs"] > 0])


def _balance_map(analysis: Analysis) -> Map:
    return maps(analysis)[0]


def _titled(style: Style, sv: str, en: str) -> Style:
    return replace(style, title=Text(sv, en)(style.language), caption="")


def _multiples(
    analysis: Analysis, name: str, rows: list[tuple[str, int, str]], sv: str, en: str
) -> Extra:
    """Draw the balance several times, a panel for each title, year and group."""
    from grannskap.maps import figure

    language, options = analysis.project.language, analysis.project.balance
    style = _titled(_balance_map(analysis).style, sv, en)
    place = analysis.balance.index.get_level_values("place")[0]
    panels = []
    for title, year, group in rows:
        flat = select(analysis.register, year=year, group=group).reindex(analysis.areas.index)
        low, high = flat[options.low], flat[options.high]
        whole = float(analysis.balance.loc[(place, year, group), "ratio_of_sums"])
        panels.append(
            figure.Panel(
                f"{title}\n{ratio(whole, language)}",
                analysis.areas,
                balance.ratio(low, high),
                view=analysis.areas["in_view"],
                highlights=words.balances(analysis, year, group),
                status=balance.status(
                    low,
                    high,
                    low_status=flat.get(status_column(options.low)),
                    high_status=flat.get(status_column(options.high)),
                ),
            )
        )
    drawn = figure.small_multiples(panels, style, page=analysis.project.map.page)
    return Extra(
        name,
        style.title,
        Text("Samma klasser i alla kartor", "One legend for all")(language),
        drawn,
    )


def _years(analysis: Analysis) -> Extra:
    years = sorted(set(analysis.register.index.get_level_values("year")))
    rows = [(str(year), int(year), "all") for year in years]
    return _multiples(analysis, "balance-years", rows, "Balans år för år", "Balance by year")


def _groups(analysis: Analysis) -> Extra:
    present = set(analysis.register.index.get_level_values("group"))
    language = analysis.project.language
    rows = [
        (text(language), analysis.year, group) for group, text in GROUPS.items() if group in present
    ]
    return _multiples(analysis, "balance-groups", rows, "Balans per grupp", "Balance by group")


def _towns(analysis: Analysis) -> Extra:
    """Draw the municipalities shown side by side, each with its own scale."""
    from grannskap.maps import figure

    which, language = _balance_map(analysis), analysis.project.language
    whole = analysis.shown[analysis.shown["complete"]]
    towns = whole.groupby("municipality")["municipality_name"].first()
    if not 2 <= len(towns) <= _MOST_TOWNS:
        raise ProjectError(
            expected=f'2 to {_MOST_TOWNS} whole municipalities for "towns" in [map] also',
            came=f"{len(towns)} in view",
            remedy="choose another view, or leave it out",
        )
    ratios = analysis.balance.xs((analysis.year, "all"), level=("year", "group"))["ratio_of_sums"]
    panels = [
        figure.Panel(
            f"{name}\n{ratio(float(ratios[name]), language)}",
            analysis.areas,
            which.values,
            view=str(code),
            status=which.status,
        )
        for code, name in towns.items()
    ]
    style = _titled(which.style, "Balans kommun för kommun", "Balance by municipality")
    drawn = figure.small_multiples(panels, style, page=analysis.project.map.page)
    caption = Text("Samma klasser i alla kartor", "One legend for all")(language)
    return Extra("balance-towns", style.title, caption, drawn)


def _hexagons(analysis: Analysis) -> Extra:
    from grannskap.maps import figure

    which = _balance_map(analysis)
    shown = analysis.shown
    caption = Text(
        "Varje sexhörning är ett område, lika stort för alla; läget är ungefärligt.",
        "Every hexagon is an area, the same size for all; its place is approximate.",
    )(which.style.language)
    style = replace(which.style, caption=caption)
    drawn = figure.draw(
        figure.hexagons(shown),
        which.values.reindex(shown.index),
        style,
        status=which.status,
        page=analysis.project.map.page,
        inset="none",
    )
    return Extra("balance-hexagons", style.title, caption, drawn)


def _two_variables(analysis: Analysis) -> Extra:
    """Low income × public housing, each in thirds of the areas shown."""
    from grannskap.maps import figure

    pair = ("low_income_share", "public_housing_share")
    first, second = (
        styles.from_values(
            analysis.shown[name],
            name=name,
            title=words.called(analysis, name),
            quantity="share",
            scheme="quantiles",
            k=3,
            decimals=0,
            language=analysis.project.language,
        )
        for name in pair
    )
    title = " × ".join(words.called(analysis, name) for name in pair)
    style = replace(
        styles.bivariate(first, second, title=title),
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
    )
    drawn = figure.bivariate(
        analysis.areas,
        analysis.areas[pair[0]],
        analysis.areas[pair[1]],
        first_style=first,
        second_style=second,
        style=style,
        view=analysis.areas["in_view"],
        page=analysis.project.map.page,
    )
    return Extra("low-income-and-public-housing", title, style.caption, drawn)


def _links(analysis: Analysis) -> Extra:
    from grannskap.maps import figure

    language, clustering = analysis.project.language, analysis.clustering
    tested = analysis.areas.loc[clustering.local.index]
    caption = clustering.description.sentence(language)
    drawn = figure.links(
        analysis.areas,
        neighbours.links(clustering.graph, tested.geometry),
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        view=analysis.areas["in_view"],
        page=analysis.project.map.page,
        language=language,
    )
    title = Text("Vilka områden som är grannar", "Which areas are neighbours")(language)
    return Extra("clusters-neighbours", title, caption, drawn)


def _scatterplot(analysis: Analysis) -> Extra:
    from grannskap.maps import figure

    clustering, language = analysis.clustering, analysis.project.language
    what = words.called(analysis, clustering.variable)
    drawn = figure.moran_scatter(
        clustering.scatter.assign(cluster=clustering.local["cluster"], name=words.names(analysis)),
        value=clustering.overall.value if clustering.overall.statistic == "moran" else None,
        style=maps(analysis)[1].style,
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        variable=what,
        language=language,
    )
    inside = Text("", "")
    if analysis.project.autocorrelation.within is not None:
        inside = Text(
            " inom kommunerna: värden och grannar räknas i varje kommun för sig",
            " within municipalities: values and neighbours are those of each by itself",
        )
    caption = Text(
        "Varje punkt är ett område; de namngivna drar hårdast i lutningen, som är Morans I"
        f"{inside.sv}.",
        "Every point is an area; those named pull hardest at the slope, which is Moran's I"
        f"{inside.en}.",
    )(language)
    title = Text("Morans spridningsdiagram", "Moran scatterplot")(language)
    return Extra("clusters-scatterplot", title, caption, drawn)


def _reference(analysis: Analysis) -> Extra:
    from grannskap.maps import figure

    overall, language = analysis.clustering.overall, analysis.project.language
    drawn = figure.reference_distribution(
        overall.simulated,
        overall.value,
        expected=overall.expected,
        p=overall.p,
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        language=language,
    )
    title = Text("Vad slumpen ger", "What chance gives")(language)
    return Extra("clusters-reference", title, "", drawn)


def _correlogram(analysis: Analysis, table: pd.DataFrame) -> Extra:
    from grannskap.maps import figure

    language, level = analysis.project.language, analysis.project.autocorrelation.fdr
    decimals = len(f"{level:g}".partition(".")[2])
    highest = number(level, decimals=decimals, language=language)
    caption = Text(
        f"Färgad punkt: avståndet skiljer sig från slumpen när alla prövas samtidigt "
        f"(q ≤ {highest}). Avstånd utan par av områden är utelämnade.",
        f"Coloured point: the distance differs from chance when all are tested at once "
        f"(q ≤ {highest}). Distances without pairs of areas are left out.",
    )(language)
    drawn = figure.correlogram(
        table.rename(columns={"to": "distance", "statistic": "value"}),
        level=level,
        statistic=Text("Morans I", "Moran's I")(language),
        subtitle=words.subtitle(analysis),
        source=words.source_line(analysis),
        language=language,
    )
    title = Text("Hur långt likheten räcker", "How far likeness reaches")(language)
    return Extra("clusters-correlogram", title, caption, drawn)


_MAKERS: dict[str, Callable[[Analysis], Extra]] = {
    "years": _years,
    "groups": _groups,
    "towns": _towns,
    "hexagons": _hexagons,
    "two-variables": _two_variables,
    "neighbours": _links,
    "scatterplot": _scatterplot,
    "reference": _reference,
    "cores": draw_cores,
}
