"""The printed maps of results: which there are, in which style, with which highlights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso
from grannskap.analysis import View, headline, rounding, series
from grannskap.catalogue import SHARES, heading, poor_pole
from grannskap.errors import ColumnError
from grannskap.language import Language, inside_sentence
from grannskap.maps import style as styles
from grannskap.maps.atlas import clustered, places, words
from grannskap.maps.atlas.anatomy import anatomy_maps
from grannskap.maps.atlas.area_types import of_types
from grannskap.maps.atlas.frontiers import draw_frontiers
from grannskap.maps.atlas.model import Map
from grannskap.maps.atlas.moving import of_years
from grannskap.maps.marks import Highlight
from grannskap.maps.style import Style
from grannskap.wording import listed, say

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.figure import Figure

    from grannskap.analysis import Clustering, Results
    from grannskap.maps.figure import Shapes
    from grannskap.project import VariableMap

__all__ = [
    "cluster_style",
    "cluster_styles",
    "draw",
    "finest",
    "maps",
    "plot",
    "styles_by_column",
]

_MOST_MARKED = 5


def maps(results: Results, view: View) -> tuple[Map, ...]:
    """Return the printed maps of results, in the order of the report."""
    clusters = [_clusters(results, view, one) for one in results.clusterings]
    score = [] if results.recipe is None else [_conditions(results, view)]
    change = [] if results.change is None else [_change(results, view)]
    apart = [one for one in anatomy_maps(results, view) if one.style.name in view.map.also]
    asked = [_variable(results, view, one) for one in view.maps]
    types = of_types(results, view)
    main = (balance_map(results, view), *clusters[:1], *score, *types, *change, *clusters[1:])
    return (*main, *apart, *asked)


def styles_by_column(printed: Sequence[Map]) -> dict[str, Style]:
    """Return the style of each column of the areas that a map shows."""
    return {str(which.values.name): which.style for which in printed}


def draw(results: Results, view: View, which: Map, *, shapes: Shapes | None = None) -> Figure:
    """Draw one map for print; maps of one run share their shapes."""
    from grannskap.maps import figure

    options = view.map
    return figure.draw(
        results.drawn,
        which.values,
        which.style,
        status=which.status,
        lower=which.lower,
        upper=which.upper,
        view=view.mask(results.areas.index) if which.scope is None else which.scope,
        extent=_extent(results, view) or (None if which.scope else _coarse(results, view)),
        page=options.page,
        highlights=which.highlights,
        overlays=words.overlays(view),
        labels=places.labels(results, view),
        land=words.land(results),
        inset="auto" if options.inset else "none",
        counts=options.counts,
        shapes=shapes,
    )


_INSET, _MAP = 3.0, 0.75
"""How many times an inset mostly enlarges, and how much of a page's height a map mostly takes."""


def finest(drawn: gpd.GeoSeries, view: View) -> float:
    """Metres on the ground of a millimetre in the finest map that a view will mostly need."""
    from grannskap.maps import figure

    west, south, east, north = drawn[view.mask(drawn.index)].total_bounds
    page = figure.PAGES[view.map.page]
    return float(max((east - west) / page.width, (north - south) / page.height)) / _MAP / _INSET


def plot(results: Results, name: str = "balance", view: View | None = None) -> Figure:
    """Printed map of one measure.

    Parameters
    ----------
    results : Results
        What was measured.
    name : str
        A map's name (``"balance"``, ``"clusters"``, ``"living-conditions"``, ``"change"``,
        ``"area-types"``, ``"mean-of-shares"``, ``"contributions"``, ``"distortion"``,
        ``"frontiers"``, ``"clusters-years"``, ``"over-years-low"``), or any
        column of the areas, such as ``"low_income_share"``.
    view : View, optional
        What is shown; everything, in Swedish, unless given.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `grannskap.figure.render`, or saved as any other.

    Raises
    ------
    ColumnError
        When there is no such map and no such column, or no borders were tested.
    """
    from grannskap.project import VariableMap

    shown = view or View()
    if name == "frontiers" and (drawn := draw_frontiers(results, shown)) is not None:
        return drawn[1]
    every = (*maps(results, shown), *anatomy_maps(results, shown), *of_years(results, shown))
    for which in every:
        if name in (which.style.name, which.values.name):
            return draw(results, shown, which)
    return draw(results, shown, _variable(results, shown, VariableMap(variable=name)))


def extent(results: Results, view: View) -> tuple[float, float, float, float]:
    """Where maps and page look when nothing else is asked: the land of what is shown."""
    from grannskap.maps import figure

    asked = _extent(results, view) or _coarse(results, view)
    return asked or figure.framing(view.drawn(results).geometry.to_numpy())


def _coarse(results: Results, view: View) -> tuple[float, float, float, float] | None:
    """The land of what is shown by coarse outlines, where no coast is known; else None."""
    from grannskap.maps import figure

    framed = results.dataset.framed
    if framed is None:
        return None
    shown = framed.reindex(results.areas.index)[view.mask(results.areas.index)]
    bounds = figure.framing(shown.to_numpy())
    wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
    return figure.fitted(bounds, aspect=wide / high, margin=0.03)


def _extent(results: Results, view: View) -> tuple[float, float, float, float] | None:
    """Where the maps look: all that is shown, a neighbourhood, a scope, or a box in metres."""
    from grannskap.maps import figure

    options = view.map
    if options.extent is None or not isinstance(options.extent, str):
        return options.extent
    for place in results.dataset.neighbourhoods:
        if place.name == options.extent:
            return figure.around(place.geometry, margin=options.margin)
    inside = results.drawn[deso.in_scope(results.areas.index, options.extent)]
    return figure.around(inside.geometry.union_all(), margin=options.margin)


def balance_map(results: Results, view: View) -> Map:
    """The balance in the year in focus, with what hidden areas lie between."""
    row = results.row("balance", view.whole(results))
    unit = words.balance_unit(results, view)
    style = replace(
        styles.balance(
            title=words.balance_title(results, view),
            unit=unit,
            edges=styles.BALANCE_EDGES if view.balance_edges is None else view.balance_edges,
            colours=view.balance_colours,
            language=view.language,
        ),
        subtitle=words.subtitle(results, view, unit),
        source=words.source_line(results, view, "balance"),
        caption=_balance_caption(results, view, row),
    )
    areas = results.areas
    return Map(
        styles.named_gap(style, "nobody either", words.nobody(results, view)),
        areas["balance"],
        words.balances(results, view, results.year),
        status=areas["balance_status"],
        lower=areas.get("balance_at_least"),
        upper=areas.get("balance_at_most"),
    )


def _balance_caption(results: Results, view: View, row: pd.Series[Any]) -> str:
    """The town's own value, or what it lies between, and the lowest and highest area."""
    language = view.language
    behind = results.behind(view.whole(results))
    ends = [headline.balance(behind[end], language) for end in ("lowest", "highest")]
    gone, rounded = int(row["areas_missing"]), int(behind["areas_rounded_to_zero"])
    values = {
        "gaps": "missing" if gone else "rounded" if rounded else "none",
        "place": words.place(results, view),
        "whole": headline.balance_words(row, language),
        "lowest": ends[0],
        "highest": ends[1],
        "areas": int(row["areas"]),
        "every": int(row["areas"]) + gone,
        "gone": rounding.in_short(rounding.zeros(results, view), language),
    }
    return say("maps.balance_caption", language, values)


def _clusters(results: Results, view: View, clustering: Clustering) -> Map:
    first = clustering.variable == results.clusterings[0].variable
    column = "cluster" if first else f"cluster_{clustering.variable}"
    style = cluster_style(results, view, clustering)
    values = results.areas[column].astype(object)
    status = results.areas.get(f"{clustering.variable}_status")
    named = clustered.names(results, view, clustering, style)
    return Map(style, values, named, view.clusters_scope, status=status)


def cluster_style(results: Results, view: View, clustering: Clustering) -> Style:
    """Style of a map of clusters: orange is the poor pole, whichever end of the variable it is."""
    options, variable = results.options.autocorrelation, clustering.variable
    what = inside_sentence(view.called(variable))
    plain = styles.clusters(language=view.language)
    swapped = [plain.colours[i] for i in (1, 0, 3, 2, 4)]
    if options.empirical_bayes:
        what = say("maps.empirical_bayes", view.language, {"what": what})
    style = styles.clusters(
        title=_cluster_title(variable, what, view.language),
        variable=what,
        share=variable in SHARES,
        too_few=options.within is not None,
        colours=swapped if poor_pole(variable) == "low" else (),
        language=view.language,
    )
    first = variable == results.clusterings[0].variable
    return replace(
        style,
        name=style.name if first else f"{style.name}-{variable}",
        subtitle=words.subtitle(
            results,
            view,
            say("maps.clusters_unit", view.language, {"kind": words.kind(results)}),
            whole=True,
        ),
        source=words.source_line(results, view, variable),
        caption=say("maps.clusters_caption", view.language),
    )


def cluster_styles(results: Results, view: View) -> dict[str, Style]:
    """Styles of the maps of clusters, by the variable that was tested: poles swap their colours."""
    return {one.variable: cluster_style(results, view, one) for one in results.clusterings}


def _cluster_title(variable: str, what: str, language: Language) -> str:
    """Say what was compared, and both its ends: nothing that was not tested."""
    if variable in SHARES and what.startswith(("andel", "share")):
        inner = what.removeprefix("andel ").removeprefix("share ")
        return say("maps.clusters_share", language, {"what": inner})
    return say("maps.clusters_other", language, {"what": what})


def _change(results: Results, view: View) -> Map:
    assert results.change is not None
    then, now, language = results.options.compare, results.year, view.language
    row = results.then_and_now(view.whole(results))
    span = {"before": str(then), "after": str(now)}
    style = replace(
        styles.change(language=language),
        title=say("maps.change_title", language, span),
        subtitle=words.spanning(
            results, view, (int(then or now), now), say("maps.change_unit", language, span)
        ),
        source=words.source_line(results, view, "balance"),
        caption=_change_caption(results, row, language),
    )
    values = styles.changes(
        results.change["estimate"], within_chance=results.change["within_chance"]
    )
    return Map(style, values, words.changes(results, view))


def _change_caption(results: Results, row: pd.Series[Any], language: Language) -> str:
    if row[["ratio_then", "ratio_now"]].isna().any():
        return say("maps.change_none", language)
    before, after = (headline.balance(float(row[n]), language) for n in ("ratio_then", "ratio_now"))
    span = {"before": str(results.options.compare or 0), "after": str(results.year)}
    values = {**span, "then": before, "now": after, "areas": int(row["areas"])}
    balance = results.options.balance
    crossed = series.warning(results, (balance.low, balance.high), language)
    told = (say("maps.change_caption", language, values), crossed)
    return ". ".join(part for part in told if part)


def _variable(results: Results, view: View, asked: VariableMap) -> Map:
    """Map any variable of the areas, in classes that follow what is shown."""
    name = asked.variable
    if name not in results.areas.columns:
        known = [c.removesuffix("_status") for c in results.areas if c.endswith("_status")]
        raise ColumnError("no such variable to map", {"name": name, "known": known})
    style = styles.from_values(
        view.shown(results)[name],
        name=name,
        title=asked.title or view.called(name),
        unit=words.unit(name, view),
        scheme=asked.scheme,
        k=asked.k,
        edges=asked.edges,
        poor=poor_pole(name),
        quantity="share" if name in SHARES else "amount",
        decimals=asked.decimals if asked.decimals is not None else 0,
        colours=asked.colours,
        language=view.language,
    )
    style = replace(
        style,
        subtitle=words.subtitle(results, view, style.unit),
        source=words.source_line(results, view, name),
    )
    return Map(
        style,
        results.areas[name].astype(float),
        words.neighbourhoods(results),
        status=results.areas.get(f"{name}_status"),
    )


def _conditions(results: Results, view: View) -> Map:
    language = view.language
    parts = listed([inside_sentence(view.called(name)) for name in results.components], language)
    scores = styles.scores(title=heading("score")(language), language=language)
    style = replace(
        scores,
        subtitle=words.subtitle(results, view, scores.unit),
        source=words.source_line(results, view, *results.components),
        caption=say("maps.conditions_caption", language, {"parts": parts}),
    )
    status = results.at("score", "area")["status"]
    return Map(style, results.areas["score"], _lowest(results, view), status=status)


def _lowest(results: Results, view: View) -> tuple[Highlight, ...]:
    """Mark the area of each municipality with the lowest value, when they are few."""
    table, language = view.index(results), view.language
    lowest = [str(code) for code in table.get("worst_area", ()) if isinstance(code, str)]
    if len(lowest) > _MOST_MARKED:
        return ()
    word, names = say("maps.lowest", language), view.area_names(results)
    places = {code: " ".join(part for part in (code, names.get(code)) if part) for code in lowest}
    return tuple(
        Highlight(
            word,
            f"{word} {code}",
            results.drawn.geometry.loc[code],
            (code,),
            sentence=say("maps.lowest_marked", language, {"place": places[code]}),
        )
        for code in lowest
    )
