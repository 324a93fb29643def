"""The interactive page of an analysis: every indicator, year and group in one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.analysis import years_and_groups
from grannskap.areas import select, with_shares
from grannskap.catalogue import AMOUNTS, COUNTS, SHARES, poor_pole, status_column
from grannskap.language import Text
from grannskap.maps import style as styles
from grannskap.maps.atlas import words
from grannskap.maps.atlas.printed import Map, maps
from grannskap.maps.style import Style
from grannskap.measures import balance

if TYPE_CHECKING:
    from grannskap.analysis import Analysis
    from grannskap.maps.webmap import Layer, Scatter

__all__ = ["page"]

_SHOWN = ("balance", "score")


def page(analysis: Analysis, printed: Sequence[Map]) -> str:
    """Return the interactive page, which begins with the first of the maps."""
    from grannskap.maps import webmap

    shown, layers = analysis.shown, _layers(analysis)
    basemap = webmap.OPENSTREETMAP if analysis.project.map.basemap else None
    return webmap.build(
        shown,
        layers,
        title=analysis.project.title,
        start=printed[0].style.name,
        highlights=words.neighbourhoods(analysis),
        overlays=words.overlays(analysis),
        language=analysis.project.language,
        source=words.source_line(analysis),
        counts=_counts(analysis),
        scatter=_scatter(analysis),
        tolerance=analysis.project.map.tolerance,
        confidence=analysis.project.balance.level,
        basemap=basemap,
    )


def _layers(analysis: Analysis) -> list[Layer]:
    """Every indicator × year × group that the page can show, the printed maps' first."""
    from grannskap.maps.webmap import Layer

    shown = analysis.shown
    main = {which.style.name: which for which in maps(analysis)}
    fixed = [
        Layer(which.style, which.values.reindex(shown.index), year=analysis.year or None)
        for name, which in main.items()
        if name != "balance" and name not in SHARES
    ]
    if analysis.clustering.variable not in main:
        fixed += _tested_layers(analysis)
    balances, shares = [], []
    for year, group in _years_and_groups(analysis):
        flat = with_shares(select(analysis.register, year=year, group=group).reindex(shown.index))
        balances += _balance_layers(analysis, flat, main["balance"].style, year, group)
        shares += _share_layers(analysis, main, flat, year, group)
    return [*balances, *fixed, *shares]


def _tested_layers(analysis: Analysis) -> list[Layer]:
    """The variable whose clusters are shown, where it is no share that the page has anyway."""
    from grannskap.maps.webmap import Layer

    name = analysis.clustering.variable
    values = analysis.shown[name].astype(float)
    decimals = 0 if name in AMOUNTS or name in COUNTS else 2
    largest = float(values.abs().max())
    rounded = min(decimals, 2 - int(math.log10(largest))) if largest > 0 else decimals
    if name in SHARES or name in _SHOWN or values.round(rounded).nunique() < 2:
        return []
    style = styles.from_values(
        values,
        name=name,
        title=words.called(analysis, name),
        unit=words.unit(analysis, name),
        edges=styles.edges_of(values, scheme="quantiles", k=5, decimals=rounded),
        poor=poor_pole(name),
        quantity="amount",
        decimals=decimals,
        language=analysis.project.language,
    )
    style = replace(style, source=words.source_line(analysis))
    return [Layer(style, values, year=analysis.year or None)]


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


def _share_layers(
    analysis: Analysis, main: Mapping[str, Map], flat: pd.DataFrame, year: int, group: str
) -> list[Layer]:
    from grannskap.maps.webmap import Layer

    names = [name for name in SHARES if name in flat.columns and flat[name].notna().any()]
    return [
        Layer(
            main[name].style if name in main else _share_style(analysis, name),
            flat[name],
            year=year or None,
            group=group,
        )
        for name in names
    ]


def _share_style(analysis: Analysis, name: str) -> Style:
    language = analysis.project.language
    return replace(
        styles.shares(
            name,
            title=words.called(analysis, name),
            poor_when_low=poor_pole(name) == "low",
            language=language,
        ),
        source=words.source_line(analysis),
    )


def _counts(analysis: Analysis) -> pd.DataFrame:
    """The two categories of the balance, for the page to sum over what is selected."""
    options = analysis.project.balance
    codes = analysis.register.index.get_level_values("deso").isin(analysis.shown.index)
    chosen = analysis.register.loc[codes, [options.low, options.high]]
    return chosen.set_axis(["low", "high"], axis=1)


def _scatter(analysis: Analysis) -> list[Scatter]:
    """The Moran scatterplot of what is shown, to be brushed."""
    from grannskap.maps.webmap import Scatter

    clustering, language = analysis.clustering, analysis.project.language
    table = clustering.scatter.reindex(analysis.shown.index)
    what = words.called(analysis, clustering.variable)
    within = clustering.within is not None
    title = Text(f"{what} och grannarnas", f"{what} and the neighbours'")
    if within:  # each municipality's points have a slope of their own, not that of the whole
        title = Text(f"{what}, inom kommunerna", f"{what}, within municipalities")
    return [
        Scatter(
            title=title(language),
            x=table["z"],
            y=table["lag"],
            x_label=Text(f"{what}, standardiserad", f"{what}, standardised")(language),
            y_label=Text("grannarnas medel", "neighbours' mean")(language),
            slope=clustering.overall.value
            if clustering.overall.statistic == "moran" and not within
            else None,
        )
    ]
