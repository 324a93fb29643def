"""How living conditions were scored: from what, how combined, and held to which reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import SHARES
from grannskap.language import Language, Text, inside_sentence, number, share
from grannskap.outputs import headings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grannskap.analysis import Analysis

__all__ = ["conditions"]

_METHODS = {
    "relative": Text(
        "här används medlet av varje dels förhållande till sin referens",
        "here it is the mean of each part relative to its reference",
    ),
    "geometric": Text(
        "här används det geometriska medlet av varje dels förhållande till sin referens",
        "here it is the geometric mean of each part relative to its reference",
    ),
    "minmax": Text(
        "här sätts varje del mellan 0 och 1 inom projektfilens gränser, och medlet tas",
        "here each part is put between 0 and 1 within the project's bounds, and averaged",
    ),
}


def conditions(analysis: Analysis) -> str:
    """Return what the score was built from, what was missing, and how it was combined."""
    language, asked = analysis.project.language, analysis.project.segregation

    def listed(names: list[str]) -> str:
        words = [inside_sentence(headings.quantity(n, analysis.project)) for n in names]
        last = Text(" och ", " and ")(language)
        return last.join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)

    used = listed([name for name in asked.components if name in analysis.components])
    gone = listed([name for name in asked.components if name not in analysis.components])
    missing = Text(f" I underlaget saknas {gone}.", f" The data lack {gone}.") if gone else None
    sentence = Text(f"Måttet bygger på {used}.", f"The score is built from {used}.")(language)
    sentence += missing(language) if missing else ""
    how = _METHODS[asked.method]
    return (
        sentence
        + Text(
            " Hur delarna vägdes samman i den ursprungliga undersökningen har inte publicerats; "
            f"{how.sv}.",
            f" How the parts were combined in the original study was not published; {how.en}.",
        )(language)
        + _held_to(analysis)
    )


def _held_to(analysis: Analysis) -> str:
    """Name the reference and give its values; those of many municipalities are in the table."""
    language, made = analysis.project.language, analysis.recipe
    if made is None:
        return ""
    if made.bounds is not None:
        ends = {
            name: " – ".join(_value(name, bound, language) for bound in pair)
            for name, pair in made.bounds.items()
        }
        return " " + Text("Gränserna är {values}.", "The bounds are {values}.")(language).format(
            values=_listed(ends, analysis)
        )
    if made.reference is not None:
        stated = {name: _value(name, v, language) for name, v in made.reference.items()}
        return " " + _SOURCES[_kind(analysis)](language).format(values=_listed(stated, analysis))
    table = analysis.municipalities
    if len(table) != 1:
        return " " + _MANY(language)
    row = table.iloc[0]
    medians = {n: _value(n, row[f"reference_{n}"], language) for n in analysis.components}
    return " " + _ONE(language).format(
        name=row["municipality_name"], values=_listed(medians, analysis)
    )


def _kind(analysis: Analysis) -> str:
    asked = analysis.project.segregation.reference
    return asked if isinstance(asked, str) else "stated"


_SOURCES = {
    "register": Text(
        "Referensen är det ovägda medlet av alla områden i registret: {values}.",
        "The reference is the unweighted mean of all areas in the register: {values}.",
    ),
    "stated": Text(
        "Referensen är angiven i projektfilen: {values}.",
        "The reference is stated in the project file: {values}.",
    ),
}
_ONE = Text(
    "Referensen är medianen av områdena i {name}: {values}.",
    "The reference is the median of the areas of {name}: {values}.",
)
_MANY = Text(
    "Referensen är medianen av områdena i den egna kommunen; värdena står i "
    "tables/municipalities.csv.",
    "The reference is the median of the areas of each municipality; the values are in "
    "tables/municipalities.csv.",
)


def _listed(values: Mapping[str, str], analysis: Analysis) -> str:
    return ", ".join(
        f"{inside_sentence(headings.quantity(name, analysis.project))} {value}"
        for name, value in values.items()
    )


def _value(name: str, value: float, language: Language) -> str:
    if name in SHARES:
        return share(float(value), language, decimals=1)
    return number(float(value), decimals=0 if abs(value) >= 1000 else 1, language=language)
