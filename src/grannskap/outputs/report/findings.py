"""What was found, in sentences that are true of this analysis and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.errors import few
from grannskap.language import Language, Text, count, number, ratio
from grannskap.schema import BASES, POOR_WHEN_LOW, label

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Analysis

__all__ = ["Findings", "KeyFigure", "of"]


@dataclass(frozen=True)
class KeyFigure:
    """One figure at the head of the report: its name, its value, and what it says."""

    name: str
    value: str
    says: str


@dataclass(frozen=True)
class Findings:
    """The sentences of the report.

    Attributes
    ----------
    key_figures : tuple of KeyFigure
        The head of the report.
    basis, conditions, overall, neighbours : str
        What the balance counts; what the score was built from; the overall test; who was
        next to whom.
    sources : tuple of str
        Source lines.
    notes : tuple of (str, str)
        Each note, and the codes it concerns.
    """

    key_figures: tuple[KeyFigure, ...]
    basis: str
    conditions: str
    overall: str
    neighbours: str
    sources: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]


def of(analysis: Analysis) -> Findings:
    """Return the sentences of the report on an analysis."""
    language = analysis.project.language
    return Findings(
        key_figures=tuple(_key_figures(analysis)),
        basis=_basis(analysis),
        conditions=_conditions(analysis),
        overall=_overall(analysis),
        neighbours=analysis.clustering.description.sentence(language),
        sources=_sources(analysis),
        notes=tuple((note.text(language), few(note.codes, most=40)) for note in analysis.notes),
    )


def main_row(analysis: Analysis) -> pd.Series:
    """The balance of what is shown as a whole, everybody, in the year shown."""
    rows = analysis.balance.xs((analysis.year, "all"), level=("year", "group"))
    return rows.iloc[0]


def _key_figures(analysis: Analysis) -> list[KeyFigure]:
    language = analysis.project.language
    row = main_row(analysis)
    figures = [
        KeyFigure(
            Text("Balans", "Balance")(language),
            ratio(row["ratio_of_sums"], language),
            Text(
                f"{_low(analysis)} per {_high(analysis)}; lägst {ratio(row['lowest'], 'sv')}, "
                f"högst {ratio(row['highest'], 'sv')}",
                f"{_low(analysis)} per {_high(analysis)}; lowest {ratio(row['lowest'], 'en')}, "
                f"highest {ratio(row['highest'], 'en')}",
            )(language),
        )
    ]
    if len(analysis.municipalities) == 1:
        figures.append(_index_figure(analysis.municipalities.iloc[0], language))
    figures += _cluster_figures(analysis)
    return figures


def _low(analysis: Analysis) -> str:
    options = analysis.project.balance
    return (options.low_label or label(options.low)(analysis.project.language)).lower()


def _high(analysis: Analysis) -> str:
    options = analysis.project.balance
    return (options.high_label or label(options.high)(analysis.project.language)).lower()


def _index_figure(row: pd.Series, language: Language) -> KeyFigure:
    return KeyFigure(
        Text("Segregationsindex", "Segregation index")(language),
        number(row["segregation_index"], decimals=2, language=language),
        Text(
            f"medianområdet mot det sämsta, {row['worst_area']}",
            f"the median area over the worst, {row['worst_area']}",
        )(language),
    )


def _cluster_figures(analysis: Analysis) -> list[KeyFigure]:
    """Both poles, always: where the poor live together and where the rich do."""
    language = analysis.project.language
    counts = analysis.shown["cluster"].value_counts()
    poles = ["high-high", "low-low"]
    if analysis.clustering.variable in POOR_WHEN_LOW:
        poles.reverse()
    words = (
        Text("Samlad låg inkomst", "Clustered low income"),
        Text("Samlad hög inkomst", "Clustered high income"),
    )
    says = Text("områden, mer än slumpen ger", "areas, more than chance gives")
    return [
        KeyFigure(word(language), count(counts.get(pole, 0), language), says(language))
        for word, pole in zip(words, poles, strict=True)
    ]


def _basis(analysis: Analysis) -> str:
    basis = BASES[analysis.project.balance.basis]
    return Text(
        f"Balansen räknar {basis.sv}: {_low(analysis)} delat med {_high(analysis)}. 1 är en jämn "
        "blandning, 2 betyder två låga för varje hög, 0,5 två höga för varje låg.",
        f"The balance counts {basis.en}: {_low(analysis)} divided by {_high(analysis)}. 1 is an "
        "even mix, 2 means two low for each high, 0.5 two high for each low.",
    )(analysis.project.language)


def _conditions(analysis: Analysis) -> str:
    language = analysis.project.language
    asked = analysis.project.segregation.components
    used = ", ".join(label(name)(language).lower() for name in analysis.components)
    gone = ", ".join(
        label(name)(language).lower() for name in asked if name not in analysis.components
    )
    sentence = Text(f"Måttet bygger på {used}.", f"The score is built from {used}.")(language)
    if gone:
        missing = Text(f" I underlaget saknas {gone}.", f" The data lack {gone}.")
        sentence += missing(language)
    return sentence


def _overall(analysis: Analysis) -> str:
    language = analysis.project.language
    overall = analysis.clustering.overall
    p = number(overall.p, decimals=4, language=language)
    value = number(overall.value, decimals=3, language=language)
    name = label(analysis.clustering.variable)(language)
    return Text(
        f"{name}: Morans I är {value} (p = {p}).",
        f"{name}: Moran's I is {value} (p = {p}).",
    )(language)


def _sources(analysis: Analysis) -> tuple[str, ...]:
    named = [part.source for part in analysis.project.register_ if part.source]
    division = f"DeSO {analysis.division}" if analysis.division else "DeSO"
    return (*dict.fromkeys(named), division)
