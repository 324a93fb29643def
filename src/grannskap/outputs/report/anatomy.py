"""The segregation taken apart, in tables and plain words: parts, areas, scale and change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from grannskap.analysis import series
from grannskap.catalogue import BASES, EVENNESS
from grannskap.language import Language, number, share
from grannskap.outputs import anatomy
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Column, Grid
from grannskap.outputs.report.model import Block, Pair, Paragraph, Picture, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View

__all__ = ["section"]

_MOST = 40
_MOST_AREAS = 8
_COARSE = 0.01
"""Shares of the index below it are written with one decimal more."""
_SAME = 0.00005
"""A change of fewer nats is written as none."""


def section(results: Results, view: View, pictures: Sequence[Picture]) -> Section | None:
    """What the report tells of the parts that segregation is made of; None of none.

    `pictures` are those that belong here.
    """
    parts = (
        ("report.parts.between_within", _parts(results, view)),
        ("report.parts.areas", _areas(results, view)),
        ("report.parts.scale", _scale(results, view, pictures)),
        ("report.parts.change", _change(results, view)),
    )
    told = [(key, tuple(blocks)) for key, blocks in parts]
    inner = [Section(say(key, view.language), blocks) for key, blocks in told if blocks]
    heading = say("report.parts.heading", view.language)
    return Section(heading, tuple(inner), anchor="parts") if inner else None


def _parts(results: Results, view: View) -> Iterator[Block]:
    """Segregation between and within municipalities, kinds of locality, neighbourhoods, tenures."""
    found = anatomy.parts(results, view)
    if found is None:
        return
    for name, table in found.groupby(level="partition", sort=False):
        part = _in_order(table.droplevel("partition"), str(name))
        yield Paragraph(_words_of_part(results, view, str(name), part))
        yield Table(_part(results, view, str(name), part))


def _in_order(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Put municipalities by name, after the rows of all together."""
    if name != "municipality":
        return table
    heads = len(_HEADS)
    order = [heads + row for row in cells.order_by_name(table["part_name"].iloc[heads:])]
    return table.iloc[[*range(heads), *order]]


_HEADS = ("total", "between", "within")


def _part(results: Results, view: View, name: str, table: pd.DataFrame) -> Grid:
    language = view.language
    columns = [
        Column(say("report.parts.part", language), number=False),
        Column(say("report.column.areas", language)),
        *(Column(view.pole(results, pole)) for pole in ("low", "high")),
        Column(say("report.parts.measure", language)),
        Column(say("report.parts.share", language)),
    ]
    rows = [
        [
            str(row["part_name"]),
            *(number(row[one], decimals=0, language=language) for one in ("areas", "low", "high")),
            _fine(row["parted"], language),
            share(row["parted_share"], language),
        ]
        for _, row in table.iterrows()
    ]
    caption = say("report.parts.table", language, {"of": name})
    return cells.grid(caption, columns, rows, file="tables/parts.csv", most=_MOST)


def _words_of_part(results: Results, view: View, name: str, table: pd.DataFrame) -> str:
    even = float(table["parted_even"]["total"])
    values = {
        "of": name,
        "place": view.whole_name(results),
        "value": float(table["parted"]["total"]),
        "between": float(table["parted_share"]["between"]),
        "within": float(table["parted_share"]["within"]),
        "even": even,
    }
    keys = ["report.parts.of_whole", *([] if isnan(even) else ["report.parts.of_chance"])]
    return " ".join(say(key, view.language, values) for key in keys)


def _areas(results: Results, view: View) -> Iterator[Block]:
    """What single areas add to the index, those of each pole beside each other."""
    found = anatomy.added(results, view)
    if found is None:
        return
    table, language = found.dropna(subset=["contribution"]), view.language
    whole = float(table["contribution_dissimilarity"].sum())
    low, high = view.poles(results)
    values = {
        "place": view.whole_name(results),
        "whole": whole,
        "unit": BASES[results.options.balance.basis](language),
        "low": low,
        "high": high,
        **view.pole_shares(results),
        "more_low": int((table["contribution"] > 0).sum()),
        "more_high": int((table["contribution"] < 0).sum()),
    }
    yield Paragraph(say("report.parts.added", language, values))
    share_of = (table["contribution_dissimilarity"] / whole).rename("share")
    fine = 1 if share_of.max() >= _COARSE else 2
    write = partial(share, language=language, decimals=fine)
    told = {"share": (say("report.parts.of_index", language), write)}
    yield _both_poles(results, view, table.join(share_of), ("contribution", "added_most"), told)


def _both_poles(
    results: Results,
    view: View,
    table: pd.DataFrame,
    by: tuple[str, str],
    told: Mapping[str, tuple[str, Callable[[float], str]]],
) -> Pair:
    """The areas with most of a column among those on each side of 0 in another, side by side."""
    names, first = view.area_names(results), next(iter(told))
    area = Column(say("report.column.area", view.language), number=False)
    columns = [area, *(Column(heading) for heading, _ in told.values())]
    sides = []
    for pole, sign in zip(view.poles(results), (1, -1), strict=True):
        side = table[np.sign(table[by[0]]) == sign]
        most = side.sort_values(first, ascending=False, kind="stable")[:_MOST_AREAS]
        rows = [
            [cells.area(str(code), names), *(write(row[one]) for one, (_, write) in told.items())]
            for code, row in most.iterrows()
        ]
        words = say(_CAPTIONS[by[1]], view.language, {"pole": pole})
        sides.append(Table(cells.grid(words, columns, rows, file="tables/areas.csv")))
    return Pair(tuple(sides))


_CAPTIONS = {
    "added_most": "report.parts.added_most",
    "most_distorted": "report.parts.most_distorted",
}


def _scale(results: Results, view: View, pictures: Sequence[Picture]) -> Iterator[Block]:
    """The place from near and far: a curve, its table, and from where it looks most distorted."""
    profile, found = anatomy.profile(results, view), anatomy.added(results, view)
    if profile is None or found is None:
        return
    language = view.language
    values = _values_of_scale(results, view, profile, found)
    yield Paragraph(say("report.parts.nearest", language, values))
    yield from pictures
    yield Table(_profile(results, view, profile))
    yield Paragraph(say("report.parts.alike", language, values), tone="quiet")
    yield Paragraph(say("report.parts.distorted", language, values))
    written: dict[str, tuple[str, Callable[[float], str]]] = {
        "distortion": (
            say("report.parts.distortion", language),
            partial(share, language=language, decimals=1),
        ),
        "people_until": (
            say("report.parts.until", language),
            partial(number, decimals=0, language=language),
        ),
        "metres_until": (
            say("report.parts.km_until", language),
            lambda metres: number(metres / 1000, decimals=1, language=language),
        ),
    }
    table = found.dropna(subset=["distortion"])
    yield _both_poles(results, view, table, ("distortion_pole", "most_distorted"), written)


def _values_of_scale(
    results: Results, view: View, profile: pd.DataFrame, found: pd.DataFrame
) -> dict[str, object]:
    low, high = view.poles(results)
    middle = len(profile) // 2
    apart = profile["nearest_dissimilarity"]
    return {
        "unit": BASES[results.options.balance.basis](view.language),
        "low": low,
        "high": high,
        "first": int(profile.index[0]),
        "near": float(apart.iloc[0]),
        "next": int(profile.index[middle]),
        "far": float(apart.iloc[middle]),
        "distortion": 100 * float(found["distortion"].median()),
        "until": int(found["people_until"].median()),
        "km": float(found["metres_until"].median()) / 1000,
    }


def _profile(results: Results, view: View, profile: pd.DataFrame) -> Grid:
    language = view.language
    columns = [
        Column(
            say("maps.scale_across", language, {"of": results.options.balance.basis}), number=False
        ),
        Column(EVENNESS["dissimilarity"](language)),
        *(
            Column(say("report.evenness.isolation", language, {"pole": pole}))
            for pole in view.poles(results)
        ),
        Column(say("report.column.areas", language)),
    ]
    shown = ("nearest_dissimilarity", "nearest_isolation", "nearest_isolation_of_second")
    rows = [
        [
            number(float(str(people)), decimals=0, language=language),
            *(number(row[name], decimals=2, language=language) for name in shown),
            number(row["areas"], decimals=0, language=language),
        ]
        for people, row in profile.iterrows()
    ]
    caption = say("report.parts.profile", language)
    return cells.grid(caption, columns, rows, file="tables/profile.csv")


def _change(results: Results, view: View) -> Iterator[Block]:
    """The change between two years in five parts."""
    table = anatomy.change(results, view)
    if table is None or view.anatomy(results) is None:
        return
    language = view.language
    chosen = table.index.get_level_values("measure") == "information"
    found = table[chosen].droplevel(["place", "year", "measure"])
    raw = found["evenness_raw"]
    values = {
        "before": str(results.options.compare),
        "after": str(results.year),
        "then": float(raw["before"]),
        "now": float(raw["after"]),
        "structure": float(raw["structure"]),
        "direction": _direction(results, float(raw["difference"])),
    }
    balance = results.options.balance
    crossed = series.warning(results, (balance.low, balance.high), language)
    told = [say("report.parts.changed", language, values), *_interval_of_change(results, view)]
    yield Paragraph(" ".join(one for one in (*told, crossed) if one))
    caption = say("report.parts.change_table", language, values)
    yield Table(_parts_of_change(results, view, found, caption))


def _parts_of_change(results: Results, view: View, found: pd.DataFrame, caption: str) -> Grid:
    """Each part as it was counted, and what is left of it beyond chance, in its interval."""
    language = view.language
    confidence = number(100 * results.options.balance.confidence, decimals=0, language=language)
    columns = [
        Column(say("report.parts.part", language), number=False),
        Column(say("report.parts.nats", language)),
        Column(say("report.parts.of_change", language)),
        Column(say("report.parts.corrected", language)),
        Column(say("report.column.interval", language, {"confidence": confidence})),
    ]
    rows = []
    for name, row in found.iterrows():
        signed = name not in ("before", "after")
        own = [row[f"evenness_{one}"] for one in ("raw", "corrected", "lower", "upper")]
        raw, middle, *ends = (_signed(value, language, sign=signed) for value in own)
        between = say("report.parts.from_to", language, {"least": ends[0], "most": ends[1]})
        part = row["change_share"]
        rows.append(
            [
                say("report.change_part", language, {"of": str(name)}),
                raw,
                "–" if isnan(part) else share(part, language),
                middle,
                "–" if "–" in ends else between,
            ]
        )
    return cells.grid(caption, columns, rows, file="tables/evenness-change.csv")


def _direction(results: Results, difference: float) -> str:
    """Tell which way segregation went: nowhere where chance can have made the difference."""
    if abs(difference) < _SAME:
        return "same"
    tested = results.anatomy.tested
    if tested is None or isnan(tested["p"]["information"]):
        return "untested"
    if tested["p"]["information"] > 1 - results.options.balance.confidence:
        return "chance"
    return "up" if difference > 0 else "down"


def _interval_of_change(results: Results, view: View) -> Iterator[str]:
    """Tell between which ends the true changes lie."""
    tested = results.anatomy.tested
    if tested is None or tested["lower"].isna().any():
        return
    names = {"information": "m", "theil_h": "h", "dissimilarity": "d"}
    ends = {
        f"{short}_{end}": _signed(float(tested[end][name]), view.language, sign=True)
        for name, short in names.items()
        for end in ("lower", "upper")
    }
    yield say(
        "report.parts.change_interval",
        view.language,
        {
            **ends,
            "confidence": number(
                100 * results.options.balance.confidence, decimals=0, language=view.language
            ),
            "unit": BASES[results.options.balance.basis](view.language),
        },
    )


def _signed(value: float, language: Language, *, sign: bool) -> str:
    if isnan(value):
        return "–"
    text = number(value, decimals=4, language=language)
    return f"+{text}" if sign and round(value, 4) > 0 else text


def _fine(value: float, language: Language) -> str:
    return "–" if isnan(value) else number(value, decimals=3, language=language)
