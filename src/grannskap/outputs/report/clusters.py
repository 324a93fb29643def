"""Tables of clustering: classes, municipalities, what stays, which areas weigh most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.catalogue import CLUSTER_KEYS, cluster_poles
from grannskap.language import Language, count, number, share
from grannskap.outputs import tables
from grannskap.outputs.report import cells, findings, scoring, testing
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.maps.style import Style

__all__ = [
    "by_place",
    "classes",
    "influence",
    "options",
    "sensitivity",
    "stayed",
    "within",
]

_MOST_MUNICIPALITIES = 300

_MOST_IN_MAIN = 15

_Placed = tuple[tuple[str, str], list[str]]
"""A class and a place, and the codes of its areas there."""


def classes(results: Results, view: View, clustering: Clustering, style: Style) -> Grid:
    """Areas per class, shown and tested; every class has its row, also when empty."""
    language = view.language
    classes = _class_or_reason(results, clustering, style)
    shown = classes[classes.index.isin(view.shown(results).index)]
    on_map, tested = shown.value_counts(), classes.value_counts()
    rows = [
        (
            cells.class_cell(str(name), style),
            count(on_map.get(name, 0), language),
            count(tested.get(name, 0), language),
        )
        for name in classes.cat.categories
    ]
    columns = [
        Column(say("report.column.class", language), number=False),
        Column(say("report.column.on_map", language)),
        Column(say("report.column.compared", language)),
    ]
    caption = say("report.table.classes", language)
    return cells.grid(
        caption, columns, rows, file=cells.file_of("autocorrelation", results, clustering)
    )


def _class_or_reason(results: Results, clustering: Clustering, style: Style) -> pd.Series[Any]:
    """Each area's class as its map has it; where it has no data, why it has none."""
    classes = clustering.local["cluster"].astype(object)
    reasons = [gap.status for gap in style.gaps]
    why = results.areas.get(f"{clustering.variable}_status")
    if why is not None:
        known = why.astype(object).where(why.isin(reasons), "missing")
        classes = classes.where(classes != "no data", known.reindex(classes.index))
    known_classes = [str(name) for name in clustering.local["cluster"].cat.categories]
    order = [name for name in known_classes if name != "no data"]
    categories = pd.CategoricalDtype([*order, *reasons])
    return classes.replace("no data", "missing").astype(categories)


def within(results: Results, view: View, clustering: Clustering) -> Grid | None:
    """Each municipality by itself; None where the project does not compare within them."""
    table, language = tables.within(results, clustering), view.language
    if table is None:
        return None
    columns = [
        Column(say("report.column.municipality", language), number=False),
        Column(say("report.column.areas", language)),
        Column(testing.overall_name(results, language)),
        Column(say("report.column.expected", language)),
        Column(say("report.column.p", language)),
        Column(say("report.column.q", language)),
        Column(say("report.column.tested", language), number=False),
    ]
    rows = [
        _within_cells(table.iloc[i], language)
        for i in cells.order_by_name(table["municipality_name"])
    ]
    caption = say("report.table.within", language)
    file = cells.file_of("within", results, clustering)
    return cells.grid(caption, columns, rows, file=file, most=_MOST_MUNICIPALITIES)


def _within_cells(row: pd.Series, language: Language) -> tuple[str, ...]:
    return (
        str(row["municipality_name"]),
        count(row["areas"], language),
        number(row["statistic"], decimals=3, language=language),
        number(row["expected"], decimals=3, language=language),
        cells.p_value(row["p"], language),
        cells.p_value(row["q"], language),
        say("report.status", language, {"status": str(row["status"])}),
    )


def sensitivity(view: View, clustering: Clustering) -> str:
    """In how many settings the areas stay in their class; empty where not asked for."""
    table, language = clustering.sensitivity, view.language
    if table is None:
        return ""
    tested = table[clustering.local["p"].reindex(table.index).notna()]
    steady, clustered = tested["same"] == tested["settings"], tested["cluster"].isin(CLUSTER_KEYS)
    settings = table.attrs.get("settings", [])
    kinds, levels, seeds = (len(dict.fromkeys(part)) for part in zip(*settings, strict=True))
    values: dict[str, object] = {
        "areas": int(clustered.sum()),
        "stay": int((steady & clustered).sum()),
        "settings": len(settings),
        "kinds": kinds,
        "levels": levels,
        "drawn": say("report.sensitivity.drawn", language, {"seeds": seeds}) if seeds > 1 else "",
        "every": int(steady.sum()),
        "of": len(tested),
    }
    return say("report.sensitivity.text", language, values)


def stayed(results: Results, view: View, clustering: Clustering, style: Style) -> Grid | None:
    """Areas of each cluster class, and how many stay in all and in half of the settings."""
    table, language = clustering.sensitivity, view.language
    if table is None:
        return None
    rows: list[tuple[Cell | str, ...]] = []
    for name in CLUSTER_KEYS:
        members = table[table["cluster"] == name]
        numbers = (
            len(members),
            int((members["share"] == 1).sum()),
            int((members["share"] >= 0.5).sum()),
        )
        rows.append((cells.class_cell(name, style), *(count(n, language) for n in numbers)))
    columns = [
        Column(say("report.column.class", language), number=False),
        Column(say("report.column.areas", language)),
        Column(say("report.column.all_settings", language)),
        Column(say("report.column.half", language)),
    ]
    caption = say("report.table.stayed", language)
    return cells.grid(
        caption, columns, rows, file=cells.file_of("autocorrelation", results, clustering)
    )


def by_place(results: Results, view: View, clustering: Clustering, style: Style) -> Grid:
    """The areas on the map that are in a cluster, those of one place and class together."""
    language, names = view.language, view.area_names(results)
    young, steady = scoring.student_shares(results), clustering.sensitivity
    classes = findings.classes(results, view, clustering)
    municipality = results.areas["municipality_name"]
    groups: dict[tuple[str, str], list[str]] = {}
    for code in _members(results, view, clustering):
        place = names.get(code) or str(municipality[code])
        groups.setdefault((str(classes[code]), place), []).append(code)
    order = list(dict.fromkeys(key for key, _ in groups))
    ranked = sorted(groups.items(), key=lambda one: (order.index(one[0][0]), -len(one[1])))
    shown = _of_every_class(ranked)
    columns = [
        Column(say("report.column.place", language), number=False),
        Column(say("report.column.class", language), number=False),
        Column(say("report.column.areas", language)),
        *([] if young is None else [Column(say("report.column.young", language))]),
        *([] if steady is None else [Column(say("report.column.steady", language))]),
    ]
    rows: list[tuple[Cell | str, ...]] = [
        (
            name,
            cells.class_cell(key, style),
            count(len(codes), language),
            *([] if young is None else [_young(young[codes], language)]),
            *([] if steady is None else [count(_steady(steady, codes), language)]),
        )
        for (key, name), codes in shown
    ]
    subject = {"subject": findings.what_is(clustering.variable, view)}
    return cells.grid(
        say("report.table.clusters", language, subject),
        columns,
        rows,
        file=cells.file_of("autocorrelation", results, clustering),
        codes=tuple(f"{name}: {', '.join(codes)}" for (_, name), codes in shown),
        every=len(ranked),
    )


def _of_every_class(ranked: Sequence[_Placed]) -> list[_Placed]:
    """The first places of each class, as many of each, where there is not room for all."""
    before: Counter[str] = Counter()
    places = []
    for (name, _), _codes in ranked:
        places.append(before[name])
        before[name] += 1
    kept = sorted(sorted(range(len(ranked)), key=places.__getitem__)[:_MOST_IN_MAIN])
    return [ranked[one] for one in kept]


def _young(shares: pd.Series[Any], language: Language) -> str:
    """The share aged 20–29 in the areas of a place, or between which shares it lies."""
    known = shares.dropna()
    if known.empty:
        return "–"
    ends = [share(float(end), language) for end in (known.min(), known.max())]
    if ends[0] == ends[1]:
        return ends[0]
    return f"{number(100 * float(known.min()), decimals=0, language=language)}–{ends[1]}"


def _steady(table: pd.DataFrame, codes: list[str]) -> int:
    """How many of the areas stay in their class in every setting."""
    return int((table["share"].reindex(codes) == 1).sum())


def _members(results: Results, view: View, clustering: Clustering) -> list[str]:
    """Areas on the map that are in a cluster: the poor pole first, then by steadiness."""
    table = clustering.sensitivity
    classes = clustering.local["cluster"].reindex(view.shown(results).index)
    order = list(dict.fromkeys([*cluster_poles(clustering.variable), *CLUSTER_KEYS]))
    members = [str(code) for code in classes.index[classes.isin(CLUSTER_KEYS).to_numpy()]]
    return sorted(
        members,
        key=lambda code: (
            order.index(str(classes[code])),
            0.0 if table is None else -float(table["share"][code]),
            code,
        ),
    )


def influence(results: Results, view: View, clustering: Clustering) -> Grid:
    """The areas with the most influence on Moran's I, as marked in the scatterplot."""
    language = view.language
    scatter = clustering.scatter
    hardest = scatter[scatter["named"]].sort_values("influence", key=abs, ascending=False)
    names = view.area_names(results)
    columns = (
        Column(say("report.column.area", language), number=False),
        Column(say("report.column.value", language)),
        Column(say("report.column.around", language)),
        Column(say("report.column.influence", language)),
    )
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(str(code), names),
            *(number(row[name], decimals=2, language=language) for name in ("z", "lag")),
            number(row["influence"], decimals=3, language=language),
        )
        for code, row in hardest.iterrows()
    ]
    within = results.options.autocorrelation.within is not None
    mean = say("report.table.mean_within" if within else "report.table.mean", language)
    caption = say("report.table.influence", language, {"mean": mean})
    return cells.grid(
        caption, columns, rows, file=cells.file_of("autocorrelation", results, clustering)
    )


def options(results: Results, view: View) -> Grid:
    """Every key of ``[autocorrelation]`` with the value that was used."""
    language = view.language
    chosen = results.options.autocorrelation.model_dump(mode="json")
    neighbours = chosen.pop("neighbours")
    chosen |= {f"neighbours.{name}": value for name, value in neighbours.items()}
    columns = (
        Column(say("report.column.key", language), number=False),
        Column(say("report.column.value", language), number=False),
    )
    rows = [(name, _plain(value, language)) for name, value in sorted(chosen.items())]
    caption = say("report.table.options", language)
    return cells.grid(caption, columns, rows, file="manifest.json")


def _plain(value: object, language: Language) -> str:
    if isinstance(value, bool):
        return say("report.table.yes" if value else "report.table.no", language)
    if isinstance(value, list):
        return ", ".join("–".join(i) if isinstance(i, list) else str(i) for i in value) or "–"
    return "–" if value is None else str(value)
