"""Tables of clustering: classes, municipalities, what stays, who pulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Language, Text, count, number, share
from grannskap.outputs import headings, tables
from grannskap.outputs.report import cells, testing
from grannskap.outputs.report.cells import Cell, Column, Grid

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Analysis
    from grannskap.maps.style import Style

__all__ = [
    "classes",
    "core",
    "options",
    "pull",
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
    stay = count(int((tested["same"] == tested["settings"]).sum()), language)
    held = count(len(tested), language)
    settings = table.attrs.get("settings", [])
    kinds, levels, seeds = (len(dict.fromkeys(part)) for part in zip(*settings, strict=True))
    return Text(
        f"{stay} av {held} områden ligger i samma klass i alla {len(settings)} inställningar "
        f"({kinds} slags grannskap × {levels} nivåer × {_of(seeds, 'frö', 'frön')}).",
        f"{stay} of {held} areas are in the same class in all {len(settings)} settings "
        f"({kinds} kinds of neighbourhood × {levels} levels × {_of(seeds, 'seed', 'seeds')}).",
    )(language)


def _of(number_of: int, one: str, many: str) -> str:
    return f"{number_of} {one if number_of == 1 else many}"


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


def core(analysis: Analysis, style: Style) -> Grid | None:
    """The areas on the map that are in a cluster, those that stay in most settings first."""
    table, language = analysis.clustering.sensitivity, analysis.project.language
    if table is None:
        return None
    shown = analysis.shown.index.intersection(table.index)
    members = table.loc[shown]
    members = members[members["cluster"].isin(_CLUSTERS)]
    ordered = sorted(
        members.index,
        key=lambda code: (
            _CLUSTERS.index(str(members.at[code, "cluster"])),
            -float(members.at[code, "share"]),
            code,
        ),
    )
    names = cells.area_names(analysis)
    columns = [
        Column(Text("Område", "Area")(language), number=False),
        Column(Text("Klass", "Class")(language), number=False),
        Column(headings.column("same", analysis.project)),
    ]
    of = Text("av", "of")(language)
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(code, names),
            cells.class_cell(str(members.at[code, "cluster"]), style),
            f"{members.at[code, 'same']} {of} {members.at[code, 'settings']} "
            f"({share(float(members.at[code, 'share']), language)})",
        )
        for code in ordered
    ]
    caption = Text("Kärnan: områden i kluster på kartan", "The core: areas in clusters on the map")
    return cells.grid(caption(language), columns, rows, file=_FILE)


def pull(analysis: Analysis) -> Grid:
    """The areas that pull hardest at Moran's I, as marked in the scatterplot."""
    language = analysis.project.language
    scatter = analysis.clustering.scatter
    hardest = scatter[scatter["named"]].sort_values("pull", key=abs, ascending=False)
    names = cells.area_names(analysis)
    head = Text("Område|Värde|Grannarnas medel|Dragning", "Area|Value|Neighbours' mean|Pull")
    first, *others = cells.whole(head, language)
    rows: list[tuple[Cell | str, ...]] = [
        (
            cells.named(str(code), names),
            *(number(row[name], decimals=2, language=language) for name in ("z", "lag")),
            number(row["pull"], decimals=3, language=language),
        )
        for code, row in hardest.iterrows()
    ]
    within = analysis.project.autocorrelation.within is not None
    mean = Text("kommunens medel", "the municipality's mean") if within else _MEAN
    caption = Text(
        f"Områden som drar mest i Morans I (värden i standardavvikelser från {mean.sv})",
        f"Areas that pull hardest at Moran's I (values in standard deviations from {mean.en})",
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
