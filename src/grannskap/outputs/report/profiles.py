"""A page for each named neighbourhood: what it is beside the town, at both poles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.analysis import borders, headline
from grannskap.catalogue import CLUSTERS, SHARES, group_label
from grannskap.language import count
from grannskap.outputs import tables
from grannskap.outputs.report import cells, findings, frontiers, indicators, interventions
from grannskap.outputs.report.cells import Cell, Column
from grannskap.outputs.report.findings import KeyFigure
from grannskap.outputs.report.model import Block, Paragraph, Picture, Report, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from grannskap.analysis import Results, View
    from grannskap.dataset import Neighbourhood
    from grannskap.maps.atlas.profiles import Near, Pictured

__all__ = ["Rank", "gathered", "profiles", "ranks", "stems"]

_LONGEST = 60
_FEWEST = 2
"""Neighbourhoods that can be ranked."""

_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names that Windows keeps for its devices."""


def stems(names: Sequence[str]) -> list[str]:
    """Return a file stem for each name: plain letters, each once, whatever the case.

    Examples
    --------
    >>> stems(["Östra Gottsunda", "Ostra-gottsunda", "…"])
    ['ostra-gottsunda', 'ostra-gottsunda-2', 'grannskap']
    """
    found: dict[str, None] = {}
    for name in names:
        parts = unicodedata.normalize("NFKD", name.casefold())
        plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", parts)).strip("-")
        plain = plain[:_LONGEST].strip("-") or "grannskap"
        plain = f"{plain}-grannskap" if _RESERVED.fullmatch(plain) else plain
        number, stem = 1, plain
        while stem in found:
            number += 1
            stem = f"{plain}-{number}"
        found[stem] = None
    return [*found]


@dataclass(frozen=True)
class Rank:
    """Which places a neighbourhood can have among all, from the largest excess of the low pole.

    Attributes
    ----------
    least, most : int
        Others stand surely before or after it where neither what is not known nor chance lets
        their balances overlap.
    """

    least: int
    most: int


def ranks(table: pd.DataFrame) -> dict[str, Rank]:
    """Rank places by their balance, each with what it can be.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``place``; ``estimate``, ``lower``, ``upper``, ``interval_lower`` and
        ``interval_upper``. A place of which nothing is known can have any.

    Returns
    -------
    dict of str to Rank
        By place, in their order.

    Examples
    --------
    >>> columns = ["estimate", "lower", "upper", "interval_lower", "interval_upper"]
    >>> rows = [[4, 4, 4, 3, 5], [1, 1, 1, 0.5, 3.5], [0.2, 0.2, 0.2, 0.1, 0.3]]
    >>> ranks(pd.DataFrame(rows, index=["a", "b", "c"], columns=columns))["b"]
    Rank(least=1, most=2)
    """

    def ends(*names: str) -> list[npt.NDArray[np.float64]]:
        return [table[one].to_numpy(dtype=float) for one in names]

    least = np.nan_to_num(np.fmin.reduce(ends("estimate", "lower", "interval_lower")), nan=0.0)
    most = np.fmax.reduce(ends("estimate", "upper", "interval_upper"))
    most = np.where(np.isnan(most), np.inf, most)
    return {
        str(name): Rank(1 + int((least > most[i]).sum()), len(table) - int((most < least[i]).sum()))
        for i, name in enumerate(table.index)
    }


def profiles(results: Results, view: View) -> list[tuple[str, Report]]:
    """Return the profile of each named neighbourhood, with the stem of its file.

    Parameters
    ----------
    results : Results
        Everything that was measured.
    view : View
        What of it is shown, and in which words.

    Returns
    -------
    list of tuple of str and Report
        In the order in which they are named; empty where none is.
    """
    places = results.dataset.neighbourhoods
    town = _Town(results, view)
    names = stems([one.name for one in places])
    return [(stem, _profile(town, one, stem)) for stem, one in zip(names, places, strict=True)]


def gathered(view: View, reports: Sequence[Report]) -> Report:
    """Return all profiles in one report, a section each."""
    sections = tuple(
        Section(
            one.title,
            (*(Paragraph(text) for text in one.summary), *one.sections),
            anchor=f"profile-{number}",
        )
        for number, one in enumerate(reports, start=1)
    )
    title = say("report.profiles.all_title", view.language)
    return Report(title, view.title, view.language, (), (), sections)


@dataclass(frozen=True, eq=False)
class _Town:
    """What every profile is held against, made once."""

    results: Results
    view: View

    @cached_property
    def name(self) -> str:
        """What all that is shown is called."""
        return self.view.whole_name(self.results)

    @cached_property
    def row(self) -> pd.Series[Any]:
        """The balance of all that is shown."""
        return findings.whole(self.results, self.view)

    @cached_property
    def balances(self) -> pd.DataFrame:
        """The balance of each neighbourhood in the year in focus, index ``place``."""
        return self.results.at("balance", "neighbourhood")

    @cached_property
    def every_balance(self) -> pd.DataFrame:
        """The table of balances: index ``place``, ``year``, ``group``."""
        return tables.balance(self.results, self.view)

    @cached_property
    def balance_of(self) -> dict[str, pd.Series[Any]]:
        """The rows of `balances` by place."""
        return {str(name): row for name, row in self.balances.iterrows()}

    @cached_property
    def shares(self) -> list[str]:
        """The indicators that there are, in the order of their table."""
        return [str(one) for one in tables.indicators(self.results, self.view) if one in SHARES]

    @cached_property
    def indicators_of(self) -> dict[object, pd.Series[Any]]:
        """The indicators of the year in focus, by place and group."""
        table = tables.indicators(self.results, self.view)
        focus = table[table.index.get_level_values("year") == self.results.year]
        return dict(focus.droplevel("year").iterrows())

    @cached_property
    def ranks(self) -> dict[str, Rank]:
        """The rank of each neighbourhood."""
        return ranks(self.balances)

    @cached_property
    def borders(self) -> gpd.GeoDataFrame | None:
        """The borders that were tested, the sharpest frontiers first."""
        found = borders.shown(self.results, self.view)
        return None if found is None else found[found["status"] != "untested"]

    @cached_property
    def pictures(self) -> Near:
        """What draws its neighbourhoods."""
        from grannskap.maps.atlas.profiles import Near

        return Near(self.results, self.view)

    @cached_property
    def poles(self) -> headline.Poles:
        """The words of both poles in sentences."""
        return headline.poles(self.results, self.view)


def _profile(town: _Town, place: Neighbourhood, stem: str) -> Report:
    view, year = town.view, str(town.results.year or "")
    told = {"place": town.name, "areas": len(place.codes), "title": view.title}
    sections = (
        _section(town, "report.profiles.heading_map", _map(town, place, stem), "map"),
        _section(town, "report.profiles.heading_balance", _balance(town, place, stem), "balance"),
        _section(town, "report.profiles.heading_indicators", _shares(town, place), "indicators"),
        _section(town, "report.profiles.heading_clusters", _clusters(town, place), "clusters"),
        _section(town, "report.profiles.heading_frontiers", _frontiers(town, place), "sharp"),
        _section(town, "report.profiles.heading_interventions", _done(town, place), "done"),
    )
    return Report(
        title=f"{place.name} {year}".strip(),
        subtitle=say("report.profiles.subtitle", view.language, told),
        language=view.language,
        figures=tuple(_figures(town, place)),
        summary=tuple(_summary(town, place)),
        sections=tuple(one for one in sections if one.blocks),
    )


def _section(town: _Town, key: str, blocks: Iterator[Block], anchor: str) -> Section:
    return Section(say(key, town.view.language), tuple(blocks), anchor=anchor)


# --- The head ----------------------------------------------------------------------------------


def _people(town: _Town, row: pd.Series[Any]) -> str:
    """Tell a balance by people, or between what it lies."""
    moved = headline.is_moved(row, town.view.language)
    ends = (row["lower"], row["upper"]) if moved else (row["estimate"],) * 2
    return findings.in_people(town.results, town.view, *ends)


def _figures(town: _Town, place: Neighbourhood) -> Iterator[KeyFigure]:
    language, own = town.view.language, town.balance_of[place.name]
    for name, row in ((place.name, own), (town.name, town.row)):
        if _is_known(row, town):
            yield KeyFigure(name, headline.balance_words(row, language), _people(town, row))
    if len(town.ranks) < _FEWEST:
        return
    values = _ranked(town, place)
    between = values["least"] != values["most"]
    key = "report.profiles.rank_between" if between else "report.profiles.rank_value"
    yield KeyFigure(
        say("report.profiles.rank_name", language, values),
        say(key, language, values),
        say("report.profiles.rank_says", language, values),
    )


def _is_known(row: pd.Series[Any], town: _Town) -> bool:
    """Tell whether a balance is known, or between what it lies."""
    between = headline.bounds(float(row["lower"]), float(row["upper"]), town.view.language)
    return bool(between) or not isnan(row["estimate"])


def _ranked(town: _Town, place: Neighbourhood) -> dict[str, object]:
    rank = town.ranks[place.name]
    return {
        "name": place.name,
        "least": rank.least,
        "most": rank.most,
        "every": len(town.ranks),
        "low": town.poles.low,
        "high": town.poles.high,
    }


def _summary(town: _Town, place: Neighbourhood) -> Iterator[str]:
    language, own = town.view.language, town.balance_of[place.name]
    if not (_is_known(own, town) and _is_known(town.row, town)):
        yield say("report.profiles.unknown", language, {"place": place.name})
    else:
        people = {"people": _people(town, own), "all": _people(town, town.row)}
        told = {"place": place.name, "whole": town.name, **people}
        yield say("report.profiles.place", language, told)
    if len(town.ranks) >= _FEWEST:
        values = _ranked(town, place)
        open_ = values["least"] != values["most"]
        key = "report.profiles.rank_open" if open_ else "report.profiles.rank_sure"
        yield say(key, language, values)
    yield say("report.profiles.limits", language)


# --- The sections ------------------------------------------------------------------------------


def _map(town: _Town, place: Neighbourhood, stem: str) -> Iterator[Block]:
    yield _shown(f"{stem}-map", town.pictures.map(place))


def _shown(name: str, one: Pictured) -> Picture:
    return Picture(f"picture-{name}", one.title, one.caption, one.alt, one.png)


def _balance(town: _Town, place: Neighbourhood, stem: str) -> Iterator[Block]:
    """The balance of every year and group, of everybody first and the latest year first."""
    language = town.view.language
    table = town.every_balance.xs(place.name, level="place")
    table = table[(table["areas"] > 0) & (table["low"] + table["high"] > 0)]
    keys = [(int(year), str(group)) for year, group in table.index.tolist()]
    order = sorted(range(len(keys)), key=lambda i: (keys[i][1] != "all", keys[i][1], -keys[i][0]))
    confidence = 100 * town.results.options.balance.confidence
    columns = [
        Column(say("report.column.year", language), number=False),
        Column(say("report.column.group", language), number=False),
        Column(town.view.pole(town.results, "low")),
        Column(town.view.pole(town.results, "high")),
        Column(say("report.column.balance", language)),
        Column(say("report.column.interval", language, {"confidence": f"{confidence:g}"})),
    ]
    rows = [_balance_row(town, keys[i], table.iloc[i]) for i in order]
    caption = say("report.profiles.balance", language, {"name": place.name})
    curve = town.pictures.curve(place)
    if curve is not None:
        yield _shown(f"{stem}-curve", curve)
    if rows:
        yield Table(cells.grid(caption, columns, rows, file="tables/balance.csv"))


def _balance_row(town: _Town, key: tuple[int, str], row: pd.Series[Any]) -> list[Cell | str]:
    language, (year, group) = town.view.language, key
    least, most = (float(row.get(one, float("nan"))) for one in ("at_least", "at_most"))
    between = headline.bounds(least, most, language)
    key_of = "report.table.all_areas" if row["areas_missing"] else "report.table.unrounded"
    detail = say(key_of, language, {"between": between}) if between else ""
    return [
        str(year or "–"),
        group_label(group)(language),
        count(row["low"], language),
        count(row["high"], language),
        Cell(headline.balance(row["ratio_of_sums"], language), detail=detail),
        cells.interval(row["lower"], row["upper"], language),
    ]


def _shares(town: _Town, place: Neighbourhood) -> Iterator[Block]:
    """The indicators of the neighbourhood, its public housing, the town and the country."""
    language, known = town.view.language, town.indicators_of
    country = say("report.table.country", language)
    public = say("report.profiles.own_public", language, {"name": place.name})
    wanted = {
        place.name: (place.name, "all"),
        public: (place.name, "public_housing"),
        town.name: (town.name, "all"),
        country: (country, "all"),
    }
    there = {name: known[key] for name, key in wanted.items() if key in known}
    names = [one for one in town.shares if not isnan(there[place.name][one])]
    there = {name: row for name, row in there.items() if row[names].notna().any()}
    if not names:
        return
    columns = [
        Column(say("report.profiles.indicator", language), number=False),
        *(Column(name) for name in there),
    ]
    rows: list[list[Cell | str]] = [
        [
            town.view.called(one),
            *(indicators.share_cell(row, one, language) for row in there.values()),
        ]
        for one in names
    ]
    told = {"year": str(town.results.year or ""), "whole": town.name}
    beside = country in there
    key = "report.profiles.indicators" if beside else "report.profiles.indicators_town"
    caption = " ".join(say(key, language, told).split())
    yield Table(cells.grid(caption, columns, rows, file="tables/indicators.csv"))


def _clusters(town: _Town, place: Neighbourhood) -> Iterator[Block]:
    """How many of its areas have each class on the maps of clusters of both poles."""
    language, found = town.view.language, town.results.clusterings
    held = {
        one.variable: one.local["cluster"].astype(object).reindex(list(place.codes))
        for one in found
    }
    if not held:
        return
    there = [name for name in CLUSTERS if any((one == name).any() for one in held.values())]
    columns = [
        Column(say("report.profiles.variable", language), number=False),
        *(Column(CLUSTERS[name](language)) for name in there),
    ]
    rows = [
        [
            town.view.called(variable),
            *(count(int((classes == name).sum()), language) for name in there),
        ]
        for variable, classes in held.items()
    ]
    caption = say("report.profiles.clusters", language, {"name": place.name})
    yield Table(cells.grid(caption, columns, rows, file="tables/autocorrelation.csv"))
    yield Paragraph(say("report.profiles.clusters_says", language), tone="quiet")


def _frontiers(town: _Town, place: Neighbourhood) -> Iterator[Block]:
    """The borders between the neighbourhood and what is about it, and the ten sharpest."""
    if town.borders is None:
        return
    own = town.borders[_around(town.borders, place)]
    sharp = own[own["status"] == "frontier"]
    if own.empty:
        return
    language = town.view.language
    values = {
        "name": place.name,
        "low": town.view.poles(town.results)[0],
        "sharp": len(sharp),
        "borders": len(own),
    }
    yield Paragraph(say("report.profiles.frontiers", language, values))
    if len(sharp):
        caption = say("report.profiles.frontiers_table", language, {"name": place.name})
        least = sharp.assign(least=borders.least)
        yield Table(frontiers.sharpest(town.results, town.view, least, caption))


def _around(table: pd.DataFrame, place: Neighbourhood) -> pd.Series[bool]:
    """Tell which borders have the neighbourhood on one side alone."""
    codes = set(place.codes)
    around: pd.Series[bool] = table["first"].isin(codes) ^ table["second"].isin(codes)
    return around


def _done(town: _Town, place: Neighbourhood) -> Iterator[Block]:
    """The interventions that touch the neighbourhood."""
    held, language = town.view.interventions, town.view.language
    if held is None:
        return
    touching, name = held.touching(place.codes), {"name": place.name}
    if touching:
        caption = say("report.profiles.interventions", language, name)
        yield Table(interventions.table(touching, caption, language))
    else:
        yield Paragraph(say("report.profiles.interventions_none", language, name))
