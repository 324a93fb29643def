"""Tables of clustering: classes, municipalities, what stays, which areas weigh most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.catalogue import CLUSTER_KEYS, cluster_poles
from grannskap.language import Language, Text, count, counted, number, share
from grannskap.outputs import tables
from grannskap.outputs.report import cells, scoring, testing
from grannskap.outputs.report.cells import Cell, Column, Grid

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.maps.style import Style

__all__ = [
    "classes",
    "core",
    "influence",
    "options",
    "sensitivity",
    "stayed",
    "within",
]

_MOST_MUNICIPALITIES = 300

_MEAN = Text("medelvärdet", "the mean")

_STATUS = {
    "tested": Text("ja", "yes"),
    "too few areas": Text("nej, för få områden", "no, too few areas"),
    "constant": Text("nej, samma värde överallt", "no, the same value everywhere"),
    "no neighbours": Text("nej, inga grannar", "no, no neighbours"),
}


def _file(results: Results, clustering: Clustering) -> str:
    first = clustering.variable == results.clusterings[0].variable
    return f"tables/autocorrelation{'' if first else f'-{clustering.variable}'}.csv"


def classes(results: Results, view: View, clustering: Clustering, style: Style) -> Grid:
    """Areas per class, shown and tested; every class has its row, also when empty."""
    language = view.language
    classes = _class_or_reason(results, clustering, style)
    shown = classes[classes.index.isin(view.shown(results).index)]
    on_map, tested = shown.value_counts(), classes.value_counts()
    head = Text(
        "Klass|Områden på kartan|Områden i jämförelsen", "Class|Areas shown|Areas in the test"
    )
    first, *others = cells.whole(head, language)
    rows = [
        (
            cells.class_cell(str(name), style),
            count(on_map.get(name, 0), language),
            count(tested.get(name, 0), language),
        )
        for name in classes.cat.categories
    ]
    columns = [Column(first, number=False), *map(Column, others)]
    return cells.grid(
        Text("Områden per klass", "Areas per class")(language),
        columns,
        rows,
        file=_file(results, clustering),
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
    name = testing.overall_name(results)
    head = Text(
        f"Kommun|Områden|{name.sv}|Väntat|p|justerat p (q)|Jämförd",
        f"Municipality|Areas|{name.en}|Expected|p|q (adjusted p)|Tested",
    )
    first, *middle, last = cells.whole(head, language)
    columns = [Column(first, number=False), *map(Column, middle), Column(last, number=False)]
    rows = [
        _within_cells(table.iloc[i], language)
        for i in cells.order_by_name(table["municipality_name"])
    ]
    caption = Text("Varje kommun för sig", "Each municipality by itself")(language)
    return cells.grid(caption, columns, rows, file="tables/within.csv", most=_MOST_MUNICIPALITIES)


def _within_cells(row: pd.Series, language: Language) -> tuple[str, ...]:
    status = str(row["status"])
    return (
        str(row["municipality_name"]),
        count(row["areas"], language),
        number(row["statistic"], decimals=3, language=language),
        number(row["expected"], decimals=3, language=language),
        cells.p_value(row["p"], language),
        cells.p_value(row["q"], language),
        _STATUS[status](language) if status in _STATUS else status,
    )


def sensitivity(view: View, clustering: Clustering) -> str:
    """In how many settings the areas stay in their class; empty where not asked for."""
    table, language = clustering.sensitivity, view.language
    if table is None:
        return ""
    tested = table[clustering.local["p"].reindex(table.index).notna()]
    steady, clustered = tested["same"] == tested["settings"], tested["cluster"].isin(CLUSTER_KEYS)
    stay, held = count(int((steady & clustered).sum()), language), int(clustered.sum())
    settings = table.attrs.get("settings", [])
    kinds, levels, seeds = (len(dict.fromkeys(part)) for part in zip(*settings, strict=True))
    drawn = Text(f" × {seeds} startvärden", f" × {seeds} seeds") if seeds > 1 else Text("", "")
    every, of = count(int(steady.sum()), language), count(len(tested), language)
    return Text(
        f"Av {counted(held, 'area').sv} i kluster har {stay} samma klass i alla {len(settings)} "
        f"inställningar ({kinds} sätt att välja grannar × {levels} nivåer{drawn.sv}). Räknas "
        f"också de där mönstret kan bero på slumpen är det {every} av {of}.",
        f"Of {counted(held, 'area').en} in clusters {stay} hold in all {len(settings)} settings "
        f"({kinds} kinds of neighbourhood × {levels} levels{drawn.en}). Counting also those "
        f"that cannot be told from chance, {every} of {of} do.",
    )(language)


def stayed(results: Results, view: View, clustering: Clustering, style: Style) -> Grid | None:
    """Areas of each cluster class, and how many stay in all and in half of the settings."""
    table, language = clustering.sensitivity, view.language
    if table is None:
        return None
    head = Text(
        "Klass|Områden|därav i alla inställningar|därav i minst hälften",
        "Class|Areas|of which in all settings|of which in half or more",
    )
    first, *others = cells.whole(head, language)
    rows: list[tuple[Cell | str, ...]] = []
    for name in CLUSTER_KEYS:
        members = table[table["cluster"] == name]
        numbers = (
            len(members),
            int((members["share"] == 1).sum()),
            int((members["share"] >= 0.5).sum()),
        )
        rows.append((cells.class_cell(name, style), *(count(n, language) for n in numbers)))
    caption = Text("Hur fasta klasserna är", "How steady the classes are")(language)
    return cells.grid(
        caption,
        [Column(first, number=False), *map(Column, others)],
        rows,
        file=_file(results, clustering),
    )


def core(results: Results, view: View, clustering: Clustering, style: Style) -> Grid:
    """The areas on the map that are in a cluster, those that stay in most settings first."""
    table, language = clustering.sensitivity, view.language
    young, names = scoring.student_shares(results), view.area_names(results)
    columns = [
        Column(Text("Område", "Area")(language), number=False),
        Column(Text("Klass", "Class")(language), number=False),
        *([] if young is None else [Column(Text("20–29 år", "Aged 20–29")(language))]),
        *([] if table is None else [Column(view.heading("same"))]),
    ]
    classes = clustering.local["cluster"].reindex(view.shown(results).index)
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(code, names),
            cells.class_cell(str(classes[code]), style),
            *([] if young is None else [share(float(young[code]), language)]),
            *([] if table is None else [_stays(table, code, language)]),
        )
        for code in _members(results, view, clustering)
    ]
    caption = Text("Områden i kluster på kartan", "Areas in clusters on the map")
    return cells.grid(caption(language), columns, rows, file=_file(results, clustering))


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


def _stays(table: pd.DataFrame, code: str, language: Language) -> str:
    same, settings = int(table["same"][code]), int(table["settings"][code])
    of = Text("av", "of")(language)
    return f"{same} {of} {settings} ({share(float(table['share'][code]), language)})"


def influence(results: Results, view: View, clustering: Clustering) -> Grid:
    """The areas with the most influence on Moran's I, as marked in the scatterplot."""
    language = view.language
    scatter = clustering.scatter
    hardest = scatter[scatter["named"]].sort_values("influence", key=abs, ascending=False)
    names = view.area_names(results)
    head = Text(
        "Område|Värde|Grannarnas medelvärde|Inverkan", "Area|Value|Neighbours' mean|Influence"
    )
    first, *others = cells.whole(head, language)
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(str(code), names),
            *(number(row[name], decimals=2, language=language) for name in ("z", "lag")),
            number(row["influence"], decimals=3, language=language),
        )
        for code, row in hardest.iterrows()
    ]
    within = results.options.autocorrelation.within is not None
    mean = Text("kommunens medelvärde", "the municipality's mean") if within else _MEAN
    caption = Text(
        f"Områden med störst inverkan på Morans I (värden i standardavvikelser från {mean.sv})",
        f"Areas with the most influence on Moran's I (in standard deviations from {mean.en})",
    )
    return cells.grid(
        caption(language),
        [Column(first, number=False), *map(Column, others)],
        rows,
        file=_file(results, clustering),
    )


def options(results: Results, view: View) -> Grid:
    """Every key of ``[autocorrelation]`` with the value that was used."""
    language = view.language
    chosen = results.options.autocorrelation.model_dump(mode="json")
    neighbours = chosen.pop("neighbours")
    chosen |= {f"neighbours.{name}": value for name, value in neighbours.items()}
    columns = [
        Column(word, number=False)
        for word in cells.whole(Text("Nyckel|Värde", "Key|Value"), language)
    ]
    rows = [(name, _plain(value, language)) for name, value in sorted(chosen.items())]
    caption = Text("Alla inställningar i [autocorrelation]", "Every setting of [autocorrelation]")
    return cells.grid(caption(language), columns, rows, file="manifest.json")


def _plain(value: object, language: Language) -> str:
    if isinstance(value, bool):
        return (Text("ja", "yes") if value else Text("nej", "no"))(language)
    if isinstance(value, list):
        return ", ".join("–".join(i) if isinstance(i, list) else str(i) for i in value) or "–"
    return "–" if value is None else str(value)
