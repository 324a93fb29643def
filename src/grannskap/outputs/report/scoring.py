"""Living conditions and the index in words: from what, held to what, and who is young there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, SHARES, cluster_poles, is_income, poor_pole
from grannskap.language import Language, inside_sentence, number, share
from grannskap.outputs.report import cells
from grannskap.wording import listed, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import pandas as pd

    from grannskap.analysis import Clustering, Results, View

__all__ = ["conditions", "over_what", "student_shares", "students", "warnings"]

LIKELY = 0.3
"""An area with this share aged 20–29 is likely one where students live."""


def over_what(results: Results, view: View, row: pd.Series[Any]) -> str:
    """Say what the index of a municipality sets against what, and in which area."""
    language, names = view.language, view.area_names(results)
    bottom, code = results.options.segregation.worst, row["worst_area"]
    value = number(row["segregation_index"], decimals=2, language=language)
    where = {"place": cells.area(code, names)} if isinstance(code, str) else None
    if bottom == "min":
        place = say("report.index.place", language, where) if where else ""
        return say("report.index.over", language, {"value": value, "place": place})
    place = say("report.index.place_percentile", language, where) if where else ""
    percent = int(bottom.removeprefix("p"))
    values = {"value": value, "percent": percent, "place": place}
    return say("report.index.over_percentile", language, values)


def conditions(results: Results, view: View) -> str:
    """Return what the score was built from, what was missing, and how it was combined."""
    language, asked = view.language, results.options.segregation
    if results.recipe is None:
        return say("report.conditions.none", language)

    def parts(names: list[str]) -> dict[str, object]:
        return {"parts": listed([inside_sentence(view.called(n)) for n in names], language)}

    used = [name for name in asked.components if name in results.components]
    gone = [name for name in asked.components if name not in results.components]
    method = say("report.conditions.method", language, {"method": asked.method})
    return " ".join(
        [
            say("report.conditions.built", language, parts(used)),
            *([say("report.conditions.gone", language, parts(gone))] if gone else []),
            say("report.conditions.how", language, {"method": method}),
            _held_to(results, view),
        ]
    )


def _held_to(results: Results, view: View) -> str:
    """Name the reference and give its values; those of many municipalities are in the table."""
    language, made = view.language, results.recipe
    assert made is not None
    if made.bounds is not None:
        ends = {
            name: " – ".join(_value(name, bound, language) for bound in pair)
            for name, pair in made.bounds.items()
        }
        return say("report.conditions.bounds", language, {"values": _listed(ends, view)})
    if made.reference is not None:
        stated = {name: _value(name, v, language) for name, v in made.reference.items()}
        of_register = results.options.segregation.reference == "register"
        key = (
            "report.conditions.reference_register"
            if of_register
            else "report.conditions.reference_stated"
        )
        return say(key, language, {"values": _listed(stated, view)})
    table = view.index(results)
    if len(table) != 1:
        return say("report.conditions.reference_many", language)
    row = table.iloc[0]
    medians = {n: _value(n, row[f"reference_{n}"], language) for n in results.components}
    values = {"name": str(row["municipality_name"]), "values": _listed(medians, view)}
    return say("report.conditions.reference_one", language, values)


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
    if clustering.variable in SHARES and poor_pole(clustering.variable) == "low":
        return ""  # few rich are not many poor
    classes = clustering.local["cluster"].reindex(view.shown(results).index)
    members = sorted(map(str, classes.index[(classes == key).to_numpy()]))
    young = [code for code in members if known[code] >= LIKELY]
    if not young:
        return ""
    names = view.area_names(results)
    told = [f"{cells.area(code, names)} ({share(known[code], language)})" for code in young]
    values = {
        "of": _of(len(young), len(members), language),
        "limit": LIKELY,
        "list": ", ".join(told),
        "likely": say("report.students.likely", language),
    }
    return say("report.students.found", language, values)


def _of(some: int, every: int, language: Language) -> str:
    if every == 1:
        return say("report.students.of_one", language)
    if some < every:
        return say("report.students.of_some", language, {"some": some, "every": every})
    if every == 2:
        return say("report.students.of_both", language)
    return say("report.students.of_all", language, {"every": every})


def warnings(results: Results, view: View) -> tuple[str, ...]:
    """Return what must be said beside every segregation index."""
    table = view.index(results)
    if table.empty:
        return ()
    told = [view.tell(note) for note in results.notes if note.kind == "index grows with size"]
    return (*told, _under_index(table, view.language))


def _under_index(table: pd.DataFrame, language: Language) -> str:
    """Say how many are aged 20–29 where conditions are lowest, and warn only where many are."""
    if "worst_student_share" not in table or table["worst_student_share"].isna().all():
        return say("report.students.unknown", language)
    known = table["worst_student_share"].dropna()
    most = {"most": float(known.max())}
    many = known[known >= LIKELY]
    if len(known) == 1:
        said = say("report.students.lowest", language, most)
    elif many.empty:
        said = say("report.students.lowest_of_many", language, most)
    else:
        names = ", ".join(map(str, table.loc[many.index, "municipality_name"]))
        said = say("report.students.lowest_named", language, {"limit": LIKELY, "names": names})
    return said if many.empty else f"{said} {say('report.students.likely', language)}"
