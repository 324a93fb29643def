"""Words and marks that every map of an analysis shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.catalogue import AMOUNTS, BASES, label
from grannskap.language import Text, inside_sentence, ratio
from grannskap.maps.marks import Highlight, Label, Overlay, place_names
from grannskap.measures import balance

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = [
    "balance_title",
    "balance_unit",
    "balances",
    "called",
    "changes",
    "labels",
    "names",
    "neighbourhoods",
    "nobody",
    "overlays",
    "source_line",
    "subtitle",
    "unit",
]

_MOST_NAMES = 150
"""More names of places than a map has room for."""


def called(analysis: Analysis, name: str) -> str:
    """What a reader sees for a column: the project's own word, or the catalogue's."""
    own = analysis.project.labels.get(name)
    return own if own is not None else label(name)(analysis.project.language)


def source_line(analysis: Analysis) -> str:
    """Return the source line of every map: "Källa: SCB, …; DeSO 2018"."""
    named = [part.source for part in analysis.project.register_ if part.source]
    division = f"DeSO {analysis.division}" if analysis.division else "DeSO"
    word = Text("Källa", "Source")(analysis.project.language)
    return f"{word}: {'; '.join([*dict.fromkeys(named), division])}"


def _pole_words(analysis: Analysis) -> tuple[str, str]:
    options = analysis.project.balance
    low = options.low_label or called(analysis, options.low)
    high = options.high_label or called(analysis, options.high)
    return inside_sentence(low), inside_sentence(high)


def balance_title(analysis: Analysis) -> str:
    """Name the two poles."""
    low, high = _pole_words(analysis)
    return Text(f"Balans: {low} mot {high}", f"Balance: {low} over {high}")(
        analysis.project.language
    )


def balance_unit(analysis: Analysis) -> str:
    """Say what the legend counts: a balance of persons is not one of households."""
    basis = BASES[analysis.project.balance.basis](analysis.project.language)
    against = Text(" mot ", " to ")(analysis.project.language)
    return f"{against.join(_pole_words(analysis))} ({basis})"


def subtitle(analysis: Analysis) -> str:
    """The project and its year."""
    title, year = analysis.project.title, str(analysis.year or "")
    return title if year in title else f"{title}, {year}"


def neighbourhoods(analysis: Analysis) -> tuple[Highlight, ...]:
    """Rings round the named neighbourhoods, labelled with their names."""
    return _rings(analysis, {})


def balances(analysis: Analysis, year: int, group: str = "all") -> tuple[Highlight, ...]:
    """Rings labelled with their balance on summed counts, for maps of the balance."""
    return _rings(
        analysis,
        {
            name: ratio(value, analysis.project.language)
            for name, value in _of_places(analysis, year, group).items()
        },
    )


def changes(analysis: Analysis, then: int, now: int) -> tuple[Highlight, ...]:
    """Rings labelled with their balance then and now, for maps of the change."""
    language = analysis.project.language
    before, after = (_of_places(analysis, year, "all") for year in (then, now))
    return _rings(
        analysis,
        {
            name: f"{ratio(before[name], language)} → {ratio(after[name], language)}"
            for name in before
            if name in after
        },
    )


def _of_places(analysis: Analysis, year: int, group: str) -> dict[str, float]:
    keys = [(place.name, year, group) for place in analysis.places]
    sums = analysis.balance["ratio_of_sums"].astype(float)
    return {key[0]: float(sums.loc[key]) for key in keys if key in sums.index}


def _rings(analysis: Analysis, values: Mapping[str, str]) -> tuple[Highlight, ...]:
    return tuple(
        Highlight(
            place.name,
            f"{place.name} {values.get(place.name, '')}".strip(),
            place.geometry,
            place.codes,
        )
        for place in analysis.places
    )


def nobody(analysis: Analysis) -> str:
    """Return the words of areas where nobody is in either group of the balance."""
    words = balance.STATUSES["nobody either"](analysis.project.language)
    return words[:1].upper() + words[1:]


def unit(analysis: Analysis, name: str) -> str:
    """What an amount counts; empty for shares and for what the catalogue does not know."""
    return AMOUNTS[name].unit(analysis.project.language) if name in AMOUNTS else ""


def overlays(analysis: Analysis) -> tuple[Overlay, ...]:
    """What other files put over the areas."""
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


def names(analysis: Analysis) -> pd.Series[Any]:
    """What each area is called: its RegSO and its own code, or the code alone."""
    codes = [str(code) for code in analysis.areas.index]
    named = [""] * len(codes)
    if "regso_name" in analysis.areas.columns:
        named = analysis.areas["regso_name"].fillna("").astype(str).str.strip().tolist()
    called = [
        f"{name} {code[4:]}" if name else code for name, code in zip(named, codes, strict=True)
    ]
    return pd.Series(called, index=analysis.areas.index, dtype=object)


def labels(analysis: Analysis) -> tuple[Label, ...]:
    """Return the names of places: of the project's file, or else of the RegSO that are shown."""
    if analysis.place_names is not None:
        return place_names(analysis.place_names)
    if "regso_name" not in analysis.areas.columns:
        return ()
    shown = analysis.shown[["regso_name", "geometry"]]
    known = shown[shown["regso_name"].fillna("").astype(str).str.strip() != ""]
    ringed = {place.name for place in analysis.places}
    grouped = [
        (str(name), part) for name, part in known.groupby("regso_name") if name not in ringed
    ]
    if len(grouped) > _MOST_NAMES:
        return ()
    grouped.sort(key=lambda one: (-len(one[1]), one[0]))
    points = [part.geometry.union_all().representative_point() for _, part in grouped]
    return tuple(
        Label(name, point.x, point.y, rank)
        for rank, ((name, _), point) in enumerate(zip(grouped, points, strict=True), 1)
    )
