"""Tables of clustering: classes, municipalities, what stays, who pulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Language, Text, count, counted, number, share
from grannskap.outputs import headings, tables
from grannskap.outputs.report import cells, poles, students, testing
from grannskap.outputs.report.cells import Cell, Column, Grid

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Analysis
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

_FILE = "tables/autocorrelation.csv"
_CLUSTERS = ("high-high", "low-low", "high-low", "low-high")
_MOST_MUNICIPALITIES = 300

_MEAN = Text("medel", "the mean")

_STATUS = {
    "tested": Text("ja", "yes"),
    "too few areas": Text("nej, för få områden", "no, too few areas"),
    "constant": Text("nej, samma värde överallt", "no, the same value everywhere"),
    "no neighbours": Text("nej, inga grannar", "no, no neighbours"),
}


def classes(analysis: Analysis, style: Style) -> Grid:
    """Areas per class, shown and tested; every class has its row, also when empty."""
    language = analysis.project.language
    local = analysis.clustering.local
    shown = local[analysis.areas["in_view"].reindex(local.index).to_numpy()]
    on_map, tested = shown["cluster"].value_counts(), local["cluster"].value_counts()
    head = Text(
        "Klass|Områden på kartan|Områden i prövningen", "Class|Areas shown|Areas in the test"
    )
    first, *others = cells.whole(head, language)
    rows = [
        (
            cells.class_cell(str(name), style),
            count(on_map.get(name, 0), language),
            count(tested.get(name, 0), language),
        )
        for name in local["cluster"].cat.categories
    ]
    columns = [Column(first, number=False), *map(Column, others)]
    return cells.grid(
        Text("Områden per klass", "Areas per class")(language), columns, rows, file=_FILE
    )


def within(analysis: Analysis) -> Grid | None:
    """Each municipality by itself; None where the project does not compare within them."""
    table, language = tables.within(analysis), analysis.project.language
    if table is None:
        return None
    name = testing.OVERALL[analysis.clustering.overall.statistic]
    head = Text(
        f"Kommun|Områden|{name.sv}|Väntat|p|q (rättat p)|Prövad",
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


def sensitivity(analysis: Analysis) -> str:
    """In how many settings the areas stay in their class; empty where not asked for."""
    table, language = analysis.clustering.sensitivity, analysis.project.language
    if table is None:
        return ""
    tested = table[analysis.clustering.local["p"].reindex(table.index).notna()]
    steady, clustered = tested["same"] == tested["settings"], tested["cluster"].isin(_CLUSTERS)
    stay, held = count(int((steady & clustered).sum()), language), int(clustered.sum())
    settings = table.attrs.get("settings", [])
    kinds, levels, seeds = (len(dict.fromkeys(part)) for part in zip(*settings, strict=True))
    drawn = Text(f" × {seeds} frön", f" × {seeds} seeds") if seeds > 1 else Text("", "")
    every, of = count(int(steady.sum()), language), count(len(tested), language)
    return Text(
        f"Av {counted(held, 'area').sv} i kluster står sig {stay} i alla {len(settings)} "
        f"inställningar ({kinds} slags grannskap × {levels} nivåer{drawn.sv}). Räknas också de "
        f"som inte skiljs från slumpen är det {every} av {of}.",
        f"Of {counted(held, 'area').en} in clusters {stay} hold in all {len(settings)} settings "
        f"({kinds} kinds of neighbourhood × {levels} levels{drawn.en}). Counting also those "
        f"that cannot be told from chance, {every} of {of} do.",
    )(language)


def stayed(analysis: Analysis, style: Style) -> Grid | None:
    """Areas of each cluster class, and how many stay in all and in half of the settings."""
    table, language = analysis.clustering.sensitivity, analysis.project.language
    if table is None:
        return None
    head = Text(
        "Klass|Områden|därav i alla inställningar|därav i minst hälften",
        "Class|Areas|of which in all settings|of which in half or more",
    )
    first, *others = cells.whole(head, language)
    rows: list[tuple[Cell | str, ...]] = []
    for name in _CLUSTERS:
        members = table[table["cluster"] == name]
        numbers = (
            len(members),
            int((members["share"] == 1).sum()),
            int((members["share"] >= 0.5).sum()),
        )
        rows.append((cells.class_cell(name, style), *(count(n, language) for n in numbers)))
    caption = Text("Hur fasta klasserna är", "How steady the classes are")(language)
    return cells.grid(
        caption, [Column(first, number=False), *map(Column, others)], rows, file=_FILE
    )


def core(analysis: Analysis, style: Style) -> Grid:
    """The areas on the map that are in a cluster, those that stay in most settings first."""
    table, language = analysis.clustering.sensitivity, analysis.project.language
    young, names = students.shares(analysis), cells.area_names(analysis)
    columns = [
        Column(Text("Område", "Area")(language), number=False),
        Column(Text("Klass", "Class")(language), number=False),
        *([] if young is None else [Column(Text("20–29 år", "Aged 20–29")(language))]),
        *([] if table is None else [Column(headings.column("same", analysis.project))]),
    ]
    classes = analysis.shown["cluster"]
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(code, names),
            cells.class_cell(str(classes[code]), style),
            *([] if young is None else [share(float(young[code]), language)]),
            *([] if table is None else [_stays(table, code, language)]),
        )
        for code in _members(analysis)
    ]
    caption = Text("Områden i kluster på kartan", "Areas in clusters on the map")
    return cells.grid(caption(language), columns, rows, file=_FILE)


def _members(analysis: Analysis) -> list[str]:
    """Areas on the map that are in a cluster: the poor pole first, then by steadiness."""
    table, classes = analysis.clustering.sensitivity, analysis.shown["cluster"]
    order = list(dict.fromkeys([*poles.keys(analysis), *_CLUSTERS]))
    members = [str(code) for code in classes.index[classes.isin(_CLUSTERS).to_numpy()]]
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


def influence(analysis: Analysis) -> Grid:
    """The areas with the largest influence on Moran's I, as marked in the scatterplot."""
    language = analysis.project.language
    scatter = analysis.clustering.scatter
    hardest = scatter[scatter["named"]].sort_values("influence", key=abs, ascending=False)
    names = cells.area_names(analysis)
    head = Text("Område|Värde|Grannarnas medel|Inverkan", "Area|Value|Neighbours' mean|Influence")
    first, *others = cells.whole(head, language)
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(str(code), names),
            *(number(row[name], decimals=2, language=language) for name in ("z", "lag")),
            number(row["influence"], decimals=3, language=language),
        )
        for code, row in hardest.iterrows()
    ]
    within = analysis.project.autocorrelation.within is not None
    mean = Text("kommunens medel", "the municipality's mean") if within else _MEAN
    caption = Text(
        f"Områden med störst inverkan på Morans I (värden i standardavvikelser från {mean.sv})",
        "Areas with the largest influence on Moran's I "
        f"(values in standard deviations from {mean.en})",
    )
    return cells.grid(
        caption(language), [Column(first, number=False), *map(Column, others)], rows, file=_FILE
    )


def options(analysis: Analysis) -> Grid:
    """Every key of ``[autocorrelation]`` with the value that was used."""
    language = analysis.project.language
    chosen = analysis.project.autocorrelation.model_dump(mode="json")
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
