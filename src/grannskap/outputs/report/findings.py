"""What was found, in sentences that are true of this analysis and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.catalogue import BASES
from grannskap.language import Language, Text, count, inside_sentence, number, share
from grannskap.outputs import headings
from grannskap.outputs.report import cells, poles, students, testing

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Analysis

__all__ = ["KeyFigure", "basis", "key_figures", "sources", "warnings"]


@dataclass(frozen=True)
class KeyFigure:
    """One figure at the head of the report: its name, its value, and what it says."""

    name: str
    value: str
    says: str


def key_figures(analysis: Analysis) -> tuple[KeyFigure, ...]:
    """Return the head of the report: balance, index, and both kinds of cluster."""
    index = _index_figure(analysis)
    found = [_balance_figure(analysis), *([index] if index else []), *_cluster_figures(analysis)]
    return tuple(found)


def _poles(analysis: Analysis) -> tuple[str, str]:
    low, high = (headings.pole(analysis.project, which) for which in ("low", "high"))
    return inside_sentence(low), inside_sentence(high)


def _balance_figure(analysis: Analysis) -> KeyFigure:
    language = analysis.project.language
    row = analysis.balance.xs((analysis.year, "all"), level=("year", "group")).iloc[0]
    low, high = _poles(analysis)
    least, most = (cells.balance(row[name], language) for name in ("lowest", "highest"))
    return KeyFigure(
        Text("Balans", "Balance")(language),
        cells.balance(row["ratio_of_sums"], language),
        Text(
            f"{low} per {high}; områdena går från {least} till {most}",
            f"{low} per {high}; the areas go from {least} to {most}",
        )(language),
    )


def _index_figure(analysis: Analysis) -> KeyFigure | None:
    """The index of the one municipality, or the range of several with both ends named."""
    language, table = analysis.project.language, analysis.municipalities
    known = table[table["segregation_index"].notna()] if len(table) else table
    if known.empty:
        return None
    name = Text("Segregationsindex", "Segregation index")(language)
    if len(known) == 1:
        return KeyFigure(
            name,
            _index(known.iloc[0], language),
            _of_one(analysis, str(known["worst_area"].iloc[0])),
        )
    ranked = known.sort_values("segregation_index", kind="stable")
    least, most = ranked.iloc[0], ranked.iloc[-1]
    return KeyFigure(
        name,
        f"{_index(least, language)}–{_index(most, language)}",
        Text(
            f"lägst i {least['municipality_name']}, högst i {most['municipality_name']}",
            f"lowest in {least['municipality_name']}, highest in {most['municipality_name']}",
        )(language),
    )


def _index(row: pd.Series, language: Language) -> str:
    return number(row["segregation_index"], decimals=2, language=language)


def _of_one(analysis: Analysis, worst: str) -> str:
    place = " ".join(part for part in (worst, cells.area_names(analysis).get(worst, "")) if part)
    bottom = analysis.project.segregation.worst
    if bottom == "min":
        text = Text(
            f"medianområdet mot det sämsta, {place}", f"the median area over the worst, {place}"
        )
    else:
        percent = int(bottom.removeprefix("p"))
        text = Text(
            f"medianområdet mot den {percent}:e percentilen; sämst är {place}",
            f"the median area over the {percent}th percentile; the worst is {place}",
        )
    return text(analysis.project.language)


def _cluster_figures(analysis: Analysis) -> list[KeyFigure]:
    """Both poles, always: where the poor live together and where the rich do."""
    language = analysis.project.language
    counts = analysis.shown["cluster"].value_counts()
    shown = count(len(analysis.shown), language)
    tested = analysis.shown["local_p"].notna().sum()
    of_them = Text(f"{count(tested)} prövade", f"{count(tested, 'en')} tested")
    some = of_them if tested < len(analysis.shown) else Text("alla prövade", "all tested")
    what = headings.quantity(analysis.clustering.variable, analysis.project)
    says = Text(
        f"av {shown} områden på kartan ({some.sv}): {inside_sentence(what)}",
        f"of {shown} areas on the map ({some.en}): {inside_sentence(what)}",
    )
    return [
        KeyFigure(word, count(counts.get(key, 0), language), says(language))
        for word, key in zip(testing.poles(analysis), poles.keys(analysis), strict=True)
    ]


def basis(analysis: Analysis) -> str:
    """Return what the balance counts and how it is read."""
    unit = BASES[analysis.project.balance.basis]
    low, high = _poles(analysis)
    covered = _covered(analysis)
    return Text(
        f"Balansen är antalet {unit.sv} i den ena polen ({low}) delat med antalet i den andra "
        f"({high}). 1x är lika många av båda, 2x dubbelt så många av den första, 0,5x dubbelt så "
        f"många av den andra. Mellangrupper räknas inte.{covered.sv}",
        f"The balance is the number of {unit.en} at one pole ({low}) divided by the number at the "
        f"other ({high}). 1x is as many of both, 2x twice as many of the first, 0.5x twice as many "
        f"of the second. Groups in between do not count.{covered.en}",
    )(analysis.project.language)


_EVERYBODY = {"households": "households", "persons": "population", "dwellings": "dwellings"}


def _covered(analysis: Analysis) -> Text:
    """Say what share of all that is counted the poles hold, where it is less than half."""
    options, shown = analysis.project.balance, analysis.shown
    whole = _EVERYBODY[options.basis]
    if whole not in shown.columns:
        return Text("", "")
    sums = shown[[options.low, options.high, whole]].astype(float).dropna().sum()
    part = float(sums[options.low] + sums[options.high])
    if not 0 < part < sums[whole] / 2:
        return Text("", "")
    unit, held = BASES[options.basis], part / float(sums[whole])
    return Text(
        f" De två polerna omfattar tillsammans {share(held)} av alla {unit.sv}: resten syns inte "
        "i balansen.",
        f" The two poles together hold {share(held, 'en')} of all {unit.en}: the balance does "
        "not show the others.",
    )


def warnings(analysis: Analysis) -> tuple[str, ...]:
    """Return what must be said beside every segregation index."""
    if analysis.municipalities.empty:
        return ()
    language = analysis.project.language
    size = Text(
        "Indexet växer med antalet områden: en stor kommun får lättare ett högt värde än en "
        "liten (rangkorrelation 0,80 över landets 290 kommuner). Jämför därför helst kommuner av "
        "samma storlek, eller samma kommun över tid.",
        "The index grows with the number of areas: a large municipality reaches a high value more "
        "easily than a small one (rank correlation 0.80 over the country's 290 municipalities). "
        "Compare municipalities of like size, or one municipality over time.",
    )
    return size(language), students.under_index(analysis)(language)


def sources(analysis: Analysis) -> tuple[str, ...]:
    """Return the sources that the project names, and the division of the areas."""
    told = [part.source for part in analysis.project.register_ if part.source]
    division = f"DeSO {analysis.division}" if analysis.division else "DeSO"
    return (*dict.fromkeys(told), division)
