"""The maps of one analysis: which there are, in which style, with what drawn over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.analysis import years_and_groups
from grannskap.areas import select, with_shares
from grannskap.language import Text, number, ratio
from grannskap.maps import style as styles
from grannskap.maps.marks import Overlay, Ring
from grannskap.maps.style import Style
from grannskap.measures import balance
from grannskap.schema import BASES, POOR_WHEN_LOW, SHARES, label, status_column

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from grannskap.analysis import Analysis
    from grannskap.maps.webmap import Layer

__all__ = ["Map", "draw", "maps", "pages", "styles_by_column"]


@dataclass(frozen=True)
class Map:
    """One map of the atlas.

    Attributes
    ----------
    style : Style
        With its title, caption and source line.
    values : pandas.Series
        What is mapped, on every area of the boundaries.
    rings : tuple of Ring
        Neighbourhoods, and the worst area where it is marked.
    """

    style: Style
    values: pd.Series[Any]
    rings: tuple[Ring, ...]


def maps(analysis: Analysis) -> tuple[Map, ...]:
    """Return the printed maps of an analysis, in the order of the report."""
    main = (_balance(analysis), _clusters(analysis), _conditions(analysis))
    return main if analysis.change is None else (*main, _change(analysis, analysis.change))


def styles_by_column(printed: Sequence[Map]) -> dict[str, Style]:
    """Return the style of each column of the areas that a map shows."""
    return {str(which.values.name): which.style for which in printed}


def draw(analysis: Analysis, which: Map) -> Figure:
    """Draw one map for print."""
    from grannskap.maps import figure

    options = analysis.project.map
    return figure.draw(
        analysis.areas,
        which.values,
        which.style,
        view=analysis.areas["in_view"],
        page=options.page,
        rings=which.rings,
        overlays=_overlays(analysis),
        inset="auto" if options.inset else "none",
        counts=options.counts,
    )


def pages(analysis: Analysis, printed: Sequence[Map]) -> dict[str, str]:
    """Return the interactive page of each map: all hold everything, and begin with their own."""
    from grannskap.maps import webmap

    shown, layers = analysis.shown, _layers(analysis)
    return {
        which.style.name: webmap.build(
            shown,
            layers,
            title=analysis.project.title,
            start=which.style.name,
            rings=_neighbourhoods(analysis),
            overlays=_overlays(analysis),
            language=analysis.project.language,
            source=source_line(analysis),
            counts=_counts(analysis),
            tolerance=analysis.project.map.tolerance,
        )
        for which in printed
    }


def source_line(analysis: Analysis) -> str:
    """Return the source line of every map: "Källa: SCB, …; DeSO 2018"."""
    named = [part.source for part in analysis.project.register_ if part.source]
    division = f"DeSO {analysis.division}" if analysis.division else "DeSO"
    word = Text("Källa", "Source")(analysis.project.language)
    return f"{word}: {'; '.join([*dict.fromkeys(named), division])}"


def _balance(analysis: Analysis) -> Map:
    options, language = analysis.project.balance, analysis.project.language
    row = analysis.balance.xs((analysis.year, "all"), level=("year", "group")).iloc[0]
    caption = Text(
        f"Medel {ratio(row['ratio_of_sums'])} (på summan), lägst {ratio(row['lowest'])}, "
        f"högst {ratio(row['highest'])}",
        f"Average {ratio(row['ratio_of_sums'], 'en')} (of sums), lowest "
        f"{ratio(row['lowest'], 'en')}, highest {ratio(row['highest'], 'en')}",
    )
    edges = styles.BALANCE_EDGES if options.edges is None else tuple(options.edges)
    style = replace(
        styles.balance(
            title=_balance_title(analysis),
            unit=_balance_unit(analysis),
            edges=edges,
            language=language,
        ),
        subtitle=_subtitle(analysis),
        source=source_line(analysis),
        caption=caption(language),
    )
    return Map(style, analysis.areas["balance"], _neighbourhoods(analysis))


def _pole_words(analysis: Analysis) -> tuple[str, str]:
    options, language = analysis.project.balance, analysis.project.language
    low = options.low_label or label(options.low)(language)
    high = options.high_label or label(options.high)(language)
    return low.lower(), high.lower()


def _balance_title(analysis: Analysis) -> str:
    low, high = _pole_words(analysis)
    return Text(f"Balans: {low} mot {high}", f"Balance: {low} over {high}")(
        analysis.project.language
    )


def _balance_unit(analysis: Analysis) -> str:
    """Say what the legend counts: a balance of persons is not one of households."""
    basis = BASES[analysis.project.balance.basis](analysis.project.language)
    return f"{' per '.join(_pole_words(analysis))} ({basis})"


def _subtitle(analysis: Analysis) -> str:
    title, year = analysis.project.title, str(analysis.year or "")
    return title if year in title else f"{title}, {year}"


def _clusters(analysis: Analysis) -> Map:
    language = analysis.project.language
    clustering = analysis.clustering
    what = label(clustering.variable)(language).lower()
    style = replace(
        _cluster_style(analysis),
        subtitle=_subtitle(analysis),
        source=source_line(analysis),
        caption=Text(
            f"Lokal Moran av {what}; Morans I {number(clustering.overall.value, decimals=2)}",
            f"Local Moran of {what}; Moran's I "
            f"{number(clustering.overall.value, decimals=2, language='en')}",
        )(language),
    )
    return Map(style, analysis.areas["cluster"].astype(object), ())


def _cluster_style(analysis: Analysis) -> Style:
    """Orange is the poor pole on every map, also where low values are the poor ones."""
    variable = analysis.clustering.variable
    options = analysis.project.autocorrelation
    plain = styles.clusters(language=analysis.project.language)
    swapped = [plain.colours[i] for i in (1, 0, 3, 2, 4)]
    return styles.clusters(
        variable=label(variable)(analysis.project.language).lower(),
        eighth=options.within is not None,
        colours=swapped if variable in POOR_WHEN_LOW else (),
        language=analysis.project.language,
    )


def _change(analysis: Analysis, change: pd.DataFrame) -> Map:
    project = analysis.project
    rows = analysis.balance.xs("all", level="group")
    place = rows.index.get_level_values("place")[0]
    sums = rows.loc[place, "ratio_of_sums"].astype(float)
    then, now = sums[project.compare], sums[analysis.year]
    style = replace(
        styles.change(language=project.language),
        title=Text(
            f"Balansens förändring {project.compare}–{analysis.year}",
            f"Change of the balance {project.compare}–{analysis.year}",
        )(project.language),
        subtitle=_subtitle(analysis),
        source=source_line(analysis),
        caption=Text(
            f"{place}: {ratio(then)} {project.compare}, {ratio(now)} {analysis.year}",
            f"{place}: {ratio(then, 'en')} in {project.compare}, {ratio(now, 'en')} in "
            f"{analysis.year}",
        )(project.language),
    )
    values = styles.changes(change["log2_change"], within_chance=change["within_chance"])
    return Map(style, values, _neighbourhoods(analysis))


def _conditions(analysis: Analysis) -> Map:
    language = analysis.project.language
    names = ", ".join(label(name)(language).lower() for name in analysis.components)
    style = replace(
        styles.scores(language=language),
        subtitle=_subtitle(analysis),
        source=source_line(analysis),
        caption=Text(f"Bygger på {names}", f"Built from {names}")(language),
    )
    return Map(style, analysis.areas["score"], _worst(analysis))


def _worst(analysis: Analysis) -> tuple[Ring, ...]:
    """Mark the worst area of each municipality, when they are few enough to be read."""
    language = analysis.project.language
    worst = [str(code) for code in analysis.municipalities.get("worst_area", ()) if code]
    if len(worst) > 5:
        return ()
    word = Text("Sämst", "Worst")(language)
    return tuple(
        Ring(word, f"{word} {code}", analysis.areas.geometry.loc[code], (code,)) for code in worst
    )


def _neighbourhoods(analysis: Analysis) -> tuple[Ring, ...]:
    """Rings round the named neighbourhoods, labelled with their balance on summed counts."""
    language = analysis.project.language
    rows = analysis.balance.xs((analysis.year, "all"), level=("year", "group"))
    ratios = rows["ratio_of_sums"].astype(float)
    return tuple(
        Ring(
            place.name,
            f"{place.name} {ratio(ratios[place.name], language)}",
            place.geometry,
            place.codes,
        )
        for place in analysis.places
    )


def _overlays(analysis: Analysis) -> tuple[Overlay, ...]:
    return tuple(
        Overlay(
            label=named.label,
            kind=named.kind,
            geometry=frame.geometry,
            names=tuple(frame["name"]),
            colour=named.colour,
        )
        for named, frame in zip(analysis.project.overlays, analysis.overlays, strict=True)
    )


def _layers(analysis: Analysis) -> list[Layer]:
    """Every indicator × year × group that the page can show, the printed maps' first."""
    from grannskap.maps.webmap import Layer

    shown = analysis.shown
    main = {which.style.name: which for which in maps(analysis)}
    fixed = [
        Layer(which.style, which.values.reindex(shown.index), year=analysis.year or None)
        for name, which in main.items()
        if name != "balance"
    ]
    balances, shares = [], []
    for year, group in _years_and_groups(analysis):
        flat = with_shares(select(analysis.register, year=year, group=group).reindex(shown.index))
        balances += _balance_layers(analysis, flat, main["balance"].style, year, group)
        shares += _share_layers(analysis, flat, year, group)
    return [*balances, *fixed, *shares]


def _years_and_groups(analysis: Analysis) -> list[tuple[int, str]]:
    """Return the latest year first, and everybody before the groups."""
    pairs = years_and_groups(analysis.register)
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1] != "all", pair[1]))


def _balance_layers(
    analysis: Analysis, flat: pd.DataFrame, style: Style, year: int, group: str
) -> list[Layer]:
    from grannskap.maps.webmap import Layer

    options = analysis.project.balance
    low, high = flat[options.low], flat[options.high]
    if (low.isna() | high.isna()).all():
        return []
    status = balance.status(
        low,
        high,
        low_status=flat[status_column(options.low)],
        high_status=flat[status_column(options.high)],
    )
    interval = balance.interval(low, high, level=options.level)
    return [
        Layer(
            style,
            balance.ratio(low, high),
            year=year or None,
            group=group,
            interval=interval,
            status=status,
        )
    ]


def _share_layers(analysis: Analysis, flat: pd.DataFrame, year: int, group: str) -> list[Layer]:
    from grannskap.maps.webmap import Layer

    names = [name for name in SHARES if name in flat.columns and flat[name].notna().any()]
    return [
        Layer(_share_style(analysis, name), flat[name], year=year or None, group=group)
        for name in names
    ]


def _share_style(analysis: Analysis, name: str) -> Style:
    language = analysis.project.language
    return replace(
        styles.shares(
            name,
            title=label(name)(language),
            poor_when_low=name in POOR_WHEN_LOW,
            language=language,
        ),
        source=source_line(analysis),
    )


def _counts(analysis: Analysis) -> pd.DataFrame:
    """The two categories of the balance, for the page to sum over what is selected."""
    options = analysis.project.balance
    codes = analysis.register.index.get_level_values("deso").isin(analysis.shown.index)
    chosen = analysis.register.loc[codes, [options.low, options.high]]
    return chosen.set_axis(["low", "high"], axis=1)
