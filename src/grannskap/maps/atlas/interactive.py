"""The interactive page and map of results: every measure, year and group in one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.analysis import View
from grannskap.catalogue import AMOUNTS, COUNTS, SHARES, kind, poor_pole
from grannskap.language import Text
from grannskap.maps import style as styles
from grannskap.maps.atlas import frontiers, words
from grannskap.maps.atlas.anatomy import anatomy_maps
from grannskap.maps.atlas.model import Map
from grannskap.maps.atlas.moving import of_years
from grannskap.maps.atlas.printed import extent, maps

if TYPE_CHECKING:
    import folium

    from grannskap.analysis import Clustering, Results
    from grannskap.maps.style import Style
    from grannskap.maps.webmap import Layer, Scatter

__all__ = ["check", "explore", "notebook", "page"]


def page(results: Results, view: View | None = None) -> str:
    """Interactive page of every measure, year and group; text of one HTML file."""
    from grannskap.maps import webmap

    shown = view or View()
    return webmap.build(
        shown.drawn(results),
        _layers(results, shown),
        title=shown.title or Text("Karta", "Map")(shown.language),
        highlights=words.neighbourhoods(results),
        overlays=words.overlays(shown),
        frontiers=frontiers.on_page(results, shown),
        language=shown.language,
        source=words.source_line(results, shown),
        counts=_counts(results, shown),
        scatter=[_scatter(results, shown, one) for one in results.clusterings],
        tolerance=shown.map.tolerance,
        confidence=results.options.balance.confidence,
        basemap=webmap.OPENSTREETMAP if shown.map.basemap else None,
        frame=extent(results, shown),
    )


def check(results: Results, view: View) -> None:
    """Refuse what `page` would refuse, without weaving it."""
    from grannskap.maps import webmap

    webmap.check(view.drawn(results), _layers(results, view))


def explore(results: Results, view: View | None = None) -> folium.Map:
    """Interactive map of every measure, to which a user adds layers of his own."""
    from grannskap.maps import webmap

    shown = view or View()
    return webmap.explore(
        shown.drawn(results),
        _layers(results, shown),
        title=shown.title or Text("Karta", "Map")(shown.language),
        language=shown.language,
        source=words.source_line(results, shown),
    )


def notebook(results: Results) -> str:
    """HTML that a notebook shows for results: the map of the balance, with its alternative text."""
    import base64
    import html

    from grannskap.maps import atlas, figure

    drawn = atlas.plot(results, "balance")
    png = figure.render(drawn, "png", dpi=110)
    address = base64.b64encode(png).decode()
    alt = html.escape(str(drawn.get_label()))
    return f'<img src="data:image/png;base64,{address}" alt="{alt}" style="max-width: 100%">'


def _layers(results: Results, view: View) -> list[Layer]:
    """Every measure × year × group that the page can show, the printed maps' first."""
    shown = view.shown(results).index
    apart = {which.style.name: which for which in anatomy_maps(results, view)}
    main = {which.style.name: which for which in maps(results, view)} | apart
    own = [
        _of_map(which, shown, results)
        for name, which in main.items()
        if name != "balance" and name not in SHARES
    ]
    tested = [
        layer
        for one in results.clusterings
        if one.variable not in main
        for layer in _of_amount(results, view, one.variable)
    ]
    settings = sorted(
        results.dataset.years_and_groups(), key=lambda one: (-one[0], one[1] != "all", one[1])
    )
    balances, shares = [], []
    for setting in settings:
        balances += _balances(results, view, main["balance"].style, setting)
        shares += _shares(results, view, main, setting)
    years = [_of_map(which, shown, results) for which in of_years(results, view)]
    return [*balances, *own, *years, *tested, *shares]


def _of_map(which: Map, shown: pd.Index[Any], results: Results) -> Layer:
    from grannskap.maps.webmap import Layer

    status = None if which.status is None else which.status.reindex(shown)
    return Layer(which.style, which.values.reindex(shown), year=results.year or None, status=status)


def _of_amount(results: Results, view: View, name: str) -> list[Layer]:
    """The variable whose clusters are shown, where it is no share that the page has anyway."""
    from grannskap.maps.webmap import Layer

    values = view.shown(results)[name].astype(float)
    decimals = 0 if name in AMOUNTS or name in COUNTS else 2
    largest = float(values.abs().max())
    rounded = min(decimals, 2 - int(math.log10(largest))) if largest > 0 else decimals
    if kind(name) == "share" or name == "score" or values.round(rounded).nunique() < 2:
        return []
    style = styles.from_values(
        values,
        name=name,
        title=view.called(name),
        unit=words.unit(name, view),
        edges=styles.edges_of(values, scheme="quantiles", k=5, decimals=rounded),
        poor=poor_pole(name),
        quantity="amount",
        decimals=decimals,
        language=view.language,
    )
    style = replace(style, source=words.source_line(results, view, name))
    return [Layer(style, values, year=results.year or None)]


def _balances(results: Results, view: View, style: Style, setting: tuple[int, str]) -> list[Layer]:
    from grannskap.maps.webmap import Layer

    year, group = setting
    table = results.at("balance", "area", year=year, group=group)
    table = table.reindex(view.shown(results).index)
    hidden = table["estimate"].isna()
    if hidden.all() and not table["status"].eq("nobody either").any():
        return []
    loose = hidden | (table["lower"] < table["upper"])
    interval = table[["interval_lower", "interval_upper"]].where(~hidden)
    return [
        Layer(
            style,
            table["estimate"],
            year=year or None,
            group=group,
            interval=interval.set_axis(["lower", "upper"], axis=1),
            status=table["status"],
            lower=table["lower"].where(loose),
            upper=table["upper"].where(loose),
        )
    ]


def _shares(
    results: Results, view: View, main: Mapping[str, Map], setting: tuple[int, str]
) -> list[Layer]:
    from grannskap.maps.webmap import Layer

    year, group = setting
    shown, layers = view.shown(results).index, []
    for name in SHARES:
        if name not in results.measured:
            continue
        table = results.at(name, "area", year=year, group=group).reindex(shown)
        if table["estimate"].isna().all():
            continue
        style = main[name].style if name in main else _share_style(results, view, name)
        layers.append(
            Layer(style, table["estimate"], year=year or None, group=group, status=table["status"])
        )
    return layers


def _share_style(results: Results, view: View, name: str) -> Style:
    style = styles.shares(
        name,
        title=view.called(name),
        poor_when_low=poor_pole(name) == "low",
        language=view.language,
    )
    return replace(style, source=words.source_line(results, view, name))


def _counts(results: Results, view: View) -> pd.DataFrame:
    """The two categories of the balance with their bounds, for the page to sum over a selection."""
    options, counts = results.options.balance, results.dataset.counts
    chosen = counts[counts.index.get_level_values("deso").isin(view.shown(results).index)]
    columns: dict[str, pd.Series[Any]] = {}
    for end, name in (("low", options.low), ("high", options.high)):
        columns |= {end: chosen[name]}
        columns |= {f"{end}_{bound}": chosen[f"{name}_{bound}"] for bound in ("lower", "upper")}
    return pd.DataFrame(columns)


def _scatter(results: Results, view: View, clustering: Clustering) -> Scatter:
    """The Moran scatterplot of what is shown, to be brushed."""
    from grannskap.maps.webmap import Scatter

    table = clustering.scatter.reindex(view.shown(results).index)
    what, language = view.called(clustering.variable), view.language
    title = Text(f"{what}: Morans I", f"{what}: Moran's I")
    if clustering.within is not None:
        title = Text(f"{what}, inom kommunerna", f"{what}, within municipalities")
    return Scatter(
        title=title(language),
        x=table["z"],
        y=table["lag"],
        x_label=Text(f"{what}, standardiserad", f"{what}, standardised")(language),
        y_label=Text("grannarnas medelvärde", "neighbours' mean")(language),
        slope=clustering.slope,
    )
