"""The maps of several years: clusters that stayed, came and left, and shares that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.catalogue import CLUSTERS, SHARES, Pole, cluster_poles
from grannskap.maps import style as styles
from grannskap.maps.atlas import places, words
from grannskap.maps.atlas.model import Extra, Map
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.maps.figure import Shapes
    from grannskap.maps.style import Style

__all__ = ["moves", "moves_map", "of_years"]

_PAIR = 2
Side = tuple[str, str]
"""A tested variable, and a class of its clusters."""


def _sides(results: Results) -> tuple[Side, Side] | None:
    """Return the clusters of both poles: of two variables where two are tested, else of one."""
    history, tested = results.history, [one.variable for one in results.clusterings]
    if history is None:
        return None
    known = [name for name in tested if name in history.clusters.index.unique("variable")]
    told = [name for name in known if history.spans.get(name)]
    if not told:
        return None
    if len(told) == _PAIR and cluster_poles(told[0])[0] == cluster_poles(told[1])[1]:
        return (told[0], cluster_poles(told[0])[0]), (told[1], cluster_poles(told[0])[0])
    poor, rich = cluster_poles(told[0])
    return (told[0], poor), (told[0], rich)


def _style(results: Results, view: View, both: tuple[Side, Side], span: tuple[int, int]) -> Style:
    """Style of the map, with its place, source and both poles."""
    language, variables = view.language, list(dict.fromkeys(name for name, _ in both))
    values = {
        "what": view.called(variables[0]),
        "other": view.called(variables[-1]),
        "several": len(variables) > 1,
    }
    what = say("maps.moves_what", language, values)
    when = {"first": str(span[0]), "last": str(span[1])}
    style = styles.moves(
        [_called(view, both, side) for side in both],
        title=say("maps.moves_title", language, when),
        language=language,
    )
    return replace(
        style,
        subtitle=words.spanning(results, view, span, what),
        source=words.source_line(results, view, *variables),
        caption=say("maps.moves_caption", language, when),
    )


def _called(view: View, both: tuple[Side, Side], side: Side) -> str:
    """What a pole's clusters are called: after the variable, or the class where there is one."""
    if both[0][0] == both[1][0]:
        return CLUSTERS[side[1]](view.language)
    return view.called(side[0])


def moves_map(results: Results, view: View) -> Map | None:
    """Return what became of both poles' clusters in the last segment of years; None of none."""
    both, history = _sides(results), results.history
    if both is None or history is None:
        return None
    span = history.spans[both[0][0]][-1]
    found = {
        side: (history.classes(side[0], span[0]), history.classes(side[0], span[1]))
        for side in both
        if span in history.spans.get(side[0], ())
    }
    values = _moves(results, both, found).rename("clusters_years")
    return Map(_style(results, view, both, span), values, words.neighbourhoods(results))


def moves(results: Results, view: View, *, shapes: Shapes | None = None) -> Extra | None:
    """Draw the clusters of both poles in the last segment of years; None where none is known."""
    from grannskap.maps import figure

    which = moves_map(results, view)
    if which is None:
        return None
    style = which.style
    drawn = figure.draw(
        results.drawn,
        which.values,
        style,
        view=view.mask(results.areas.index),
        page=view.map.page,
        highlights=which.highlights,
        overlays=words.overlays(view),
        labels=places.labels(results, view),
        land=words.land(results),
        counts=view.map.counts,
        shapes=shapes,
    )
    return Extra(style.name, style.title, style.caption, drawn)


def _moves(
    results: Results,
    both: tuple[Side, Side],
    found: Mapping[Side, tuple[pd.Series[str], pd.Series[str]]],
) -> pd.Series[str]:
    """Return the class of each area on the map; none where a year is not known."""
    index = results.areas.index
    classes = pd.Series("neither", index=index, dtype=object)
    unknown = pd.Series(data=False, index=index)
    for number, side in reversed(list(enumerate(both))):
        if side not in found:
            continue
        then, now = (one.reindex(index) for one in found[side])
        for one in (then, now):
            unknown |= one.isna() | one.eq("no data")
        was, is_one = then.eq(side[1]).to_numpy(), now.eq(side[1]).to_numpy()
        classes[was & is_one] = f"{number} stayed"
        classes[~was & is_one] = f"{number} came"
        classes[was & ~is_one] = f"{number} left"
    return classes.where(~unknown.to_numpy())


def of_years(results: Results, view: View) -> Iterator[Map]:
    """Yield the maps of several years: of clusters, and of the share of each pole."""
    clusters = moves_map(results, view)
    if clusters is not None:
        yield clusters
    history, balance = results.history, results.options.balance
    if history is None or history.shares.empty:
        return
    names = {SHARES[str(one)].part: str(one) for one in history.shares.index.unique("over_share")}
    poles: tuple[tuple[Pole, str], ...] = (("low", balance.low), ("high", balance.high))
    for pole, part in poles:
        if part in names:
            yield _over_years(results, view, pole, names[part])


def _over_years(results: Results, view: View, pole: Pole, name: str) -> Map:
    """Whether a share changed at all in the last segment of years, and how its ends differ."""
    assert results.history is not None
    every = results.history.shares.xs(name, level="over_share")
    first = every.index.unique("first_year").max()
    found = every.xs(first, level="first_year").reindex(results.areas.index)
    span = (int(first), int(found["last_year"].max()))
    went = pd.Series(np.sign(found["share_last"] - found["share_first"]), index=found.index)
    became = found["status"].astype(object).where(found["status"] != "untested")
    changed = went.map({1.0: "up", -1.0: "down", 0.0: "same"})
    values = became.where(became != "changed", changed)
    written = (str(span[0]), str(span[1]))
    what = {"what": view.called(name), "first": written[0], "last": written[1]}
    style = replace(
        styles.over_years(
            pole,
            written,
            title=say("maps.over_years_title", view.language, what),
            language=view.language,
        ),
        subtitle=words.spanning(results, view, span, view.called(name)),
        source=words.source_line(results, view, name),
        caption=say("maps.over_years_caption", view.language),
    )
    return Map(style, values.rename(f"over_years_{pole}"), words.neighbourhoods(results))
