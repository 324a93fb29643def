"""Living conditions and the index in words: from what, held to what, and who is young there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, SHARES, cluster_poles, is_income
from grannskap.language import Language, Text, inside_sentence, number, share
from grannskap.outputs.report import cells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import pandas as pd

    from grannskap.analysis import Clustering, Results, View

__all__ = ["conditions", "over_what", "student_shares", "students", "warnings"]

LIKELY = 0.3
"""An area with this share aged 20–29 is likely one where students live."""

_METHODS = {
    "relative": Text(
        "här används medelvärdet av varje dels förhållande till sin referens",
        "here it is the mean of each part relative to its reference",
    ),
    "geometric": Text(
        "här används det geometriska medelvärdet av varje dels förhållande till sin referens",
        "here it is the geometric mean of each part relative to its reference",
    ),
    "minmax": Text(
        "här sätts varje del mellan 0 och 1 inom projektfilens gränser, och medelvärdet tas",
        "here each part is put between 0 and 1 within the project's bounds, and averaged",
    ),
}


def over_what(results: Results, view: View, row: pd.Series) -> str:
    """Say what the index of a municipality sets against what, and in which area."""
    language, names = view.language, view.area_names(results)
    bottom, code = results.options.segregation.worst, row["worst_area"]
    place = f", {cells.area(code, names)}" if isinstance(code, str) else ""
    if bottom == "min":
        return Text(
            "området i mitten har så många gånger så högt värde för levnadsvillkor som det "
            f"lägsta{place}",
            "the living conditions of the area in the middle are so many times those of the "
            f"lowest{place}",
        )(language)
    percent = int(bottom.removeprefix("p"))
    lowest = Text(f"; lägst är det i{place[1:]}", f"; lowest is{place[1:]}") if place else None
    return Text(
        "området i mitten har så många gånger så högt värde för levnadsvillkor som den "
        f"{percent}:e percentilen{lowest.sv if lowest else ''}",
        "the living conditions of the area in the middle are so many times those at the "
        f"{percent}th percentile{lowest.en if lowest else ''}",
    )(language)


def conditions(results: Results, view: View) -> str:
    """Return what the score was built from, what was missing, and how it was combined."""
    language, asked = view.language, results.options.segregation
    if results.recipe is None:
        return Text(
            "Uppgifterna bakom levnadsvillkoren saknas, så segregationsindex kan inte räknas.",
            "What living conditions are built from is missing, so there is no segregation index.",
        )(language)

    def listed(names: list[str]) -> str:
        words = [inside_sentence(view.called(n)) for n in names]
        last = Text(" och ", " and ")(language)
        return last.join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)

    used = listed([name for name in asked.components if name in results.components])
    gone = listed([name for name in asked.components if name not in results.components])
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
        + _held_to(results, view)
    )


def _held_to(results: Results, view: View) -> str:
    """Name the reference and give its values; those of many municipalities are in the table."""
    language, made = view.language, results.recipe
    if made is None:
        return ""
    if made.bounds is not None:
        ends = {
            name: " – ".join(_value(name, bound, language) for bound in pair)
            for name, pair in made.bounds.items()
        }
        return " " + Text("Gränserna är {values}.", "The bounds are {values}.")(language).format(
            values=_listed(ends, view)
        )
    if made.reference is not None:
        stated = {name: _value(name, v, language) for name, v in made.reference.items()}
        kind = results.options.segregation.reference
        source = _SOURCES[kind if isinstance(kind, str) else "stated"]
        return " " + source(language).format(values=_listed(stated, view))
    table = view.index(results)
    if len(table) != 1:
        return " " + _MANY(language)
    row = table.iloc[0]
    medians = {n: _value(n, row[f"reference_{n}"], language) for n in results.components}
    return " " + _ONE(language).format(name=row["municipality_name"], values=_listed(medians, view))


_SOURCES = {
    "register": Text(
        "Referensen är hela registrets värde (andelar på summan av alla områden, belopp som "
        "ovägt medelvärde): {values}.",
        "The reference is the value of the whole register (shares on the sum of all areas, "
        "amounts as an unweighted mean): {values}.",
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


def _listed(values: Mapping[str, str], view: View) -> str:
    return ", ".join(
        f"{inside_sentence(view.called(name))} {value}" for name, value in values.items()
    )


def _value(name: str, value: float, language: Language) -> str:
    if name in SHARES:
        return share(float(value), language, decimals=1)
    text = number(float(value), decimals=0 if abs(value) >= 1000 else 1, language=language)
    return f"{text} {AMOUNTS[name].unit(language)}" if name in AMOUNTS else text


# --- Where young adults live: low incomes that may be those of students ------------------

_BUT = Text(
    "Där bor troligen många studenter: låga inkomster under studietiden.",
    "Many of them are likely students: low incomes while they study.",
)
_UNKNOWN = Text(
    "Området med lägst värde är ibland ett studentområde: låga inkomster under studietiden. "
    "Uppgift om andelen 20–29 år saknas här.",
    "The area with the lowest value is sometimes a student area: low incomes while they study. "
    "The share aged 20–29 is not known here.",
)


def student_shares(results: Results) -> pd.Series[Any] | None:
    """Return the share aged 20–29 by area; None where no area tells it."""
    areas = results.areas
    if "student_share" not in areas.columns or areas["student_share"].isna().all():
        return None
    found: pd.Series[Any] = areas["student_share"].astype(float)
    return found


def students(results: Results, view: View, clustering: Clustering) -> str:
    """Name the areas of clustered low income where many are aged 20–29; empty where none."""
    known, language = student_shares(results), view.language
    if known is None or not is_income(clustering.variable):
        return ""
    key = cluster_poles(clustering.variable)[0]
    if clustering.variable == "high_income_share":
        return ""  # few rich are not many poor
    classes = clustering.local["cluster"].reindex(view.shown(results).index)
    members = sorted(map(str, classes.index[(classes == key).to_numpy()]))
    young = [code for code in members if known[code] >= LIKELY]
    if not young:
        return ""
    names = view.area_names(results)
    listed = ", ".join(
        f"{cells.area(code, names)} ({share(known[code], language)})" for code in young
    )
    limit = Text(share(LIKELY), share(LIKELY, "en"))
    of = _of(len(young), len(members))
    return Text(
        f"I {of.sv} är minst {limit.sv} av invånarna 20–29 år: {listed}. {_BUT.sv}",
        f"In {of.en} at least {limit.en} of the people are aged 20–29: {listed}. {_BUT.en}",
    )(language)


def _of(some: int, every: int) -> Text:
    if every == 1:
        return Text("det området", "that area")
    if some < every:
        return Text(f"{some} av de {every} områdena", f"{some} of the {every} areas")
    if every == 2:
        return Text("båda områdena", "both areas")
    return Text(f"alla de {every} områdena", f"all {every} areas")


def warnings(results: Results, view: View) -> tuple[str, ...]:
    """Return what must be said beside every segregation index."""
    table = view.index(results)
    if table.empty:
        return ()
    told = [note.text for note in results.notes if note.kind == "index grows with size"]
    return (*(text(view.language) for text in told), _under_index(table)(view.language))


def _under_index(table: pd.DataFrame) -> Text:
    """Say how many are aged 20–29 where conditions are lowest, and warn only where many are."""
    if "worst_student_share" not in table or table["worst_student_share"].isna().all():
        return _UNKNOWN
    known = table["worst_student_share"].dropna()
    most = Text(share(float(known.max())), share(float(known.max()), "en"))
    many = known[known >= LIKELY]
    if len(known) == 1:
        said = Text(
            f"I området med lägst värde är {most.sv} av invånarna 20–29 år.",
            f"In the area with the lowest value {most.en} of the people are aged 20–29.",
        )
    elif many.empty:
        said = Text(
            f"I områdena med lägst värde är som mest {most.sv} av invånarna 20–29 år.",
            f"In the areas with the lowest values at most {most.en} of the people are aged 20–29.",
        )
    else:
        names = ", ".join(map(str, table.loc[many.index, "municipality_name"]))
        said = Text(
            f"Minst {share(LIKELY)} av invånarna i området med lägst värde är 20–29 år i {names}.",
            f"At least {share(LIKELY, 'en')} of the people in the area with the lowest value are "
            f"aged 20–29 in {names}.",
        )
    return said if many.empty else Text(f"{said.sv} {_BUT.sv}", f"{said.en} {_BUT.en}")
