"""Where young adults live: low incomes that may be those of students."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Text, share
from grannskap.outputs.report import cells, poles

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from grannskap.analysis import Analysis

__all__ = ["LIKELY", "in_clusters", "shares", "under_index"]

LIKELY = 0.3
"""An area with this share aged 20–29 is likely one where students live."""

_BUT = Text(
    "Där bor troligen många studenter: låga inkomster nu, men inte nödvändigtvis fattigdom.",
    "Many of them are likely students: low incomes now, but not necessarily poverty.",
)
_UNKNOWN = Text(
    "Det sämsta området är ibland ett studentområde: låga inkomster nu, men inte fattigdom. "
    "Uppgift om andelen 20–29 år saknas här.",
    "The worst area is sometimes a student area: low incomes now, but not poverty. The share "
    "aged 20–29 is not known here.",
)


def shares(analysis: Analysis) -> pd.Series[Any] | None:
    """Return the share aged 20–29 by area; None where no area tells it."""
    areas = analysis.areas
    if "student_share" not in areas.columns or areas["student_share"].isna().all():
        return None
    found: pd.Series[Any] = areas["student_share"].astype(float)
    return found


def in_clusters(analysis: Analysis) -> str:
    """Name the areas of clustered low income where many are aged 20–29; empty where none."""
    told, language = shares(analysis), analysis.project.language
    if told is None or not poles.of_income(analysis):
        return ""
    members = poles.areas_of(analysis)[0]
    young = [code for code in members if told[code] >= LIKELY]
    if not young:
        return ""
    names = cells.area_names(analysis)
    listed = ", ".join(
        f"{cells.told(code, names)} ({share(told[code], language)})" for code in young
    )
    limit = Text(share(LIKELY), share(LIKELY, "en"))
    if len(members) == 1:
        text = Text(
            f"I området med samlad låg inkomst är minst {limit.sv} av invånarna 20–29 år: "
            f"{listed}. {_BUT.sv}",
            f"In the area of clustered low income at least {limit.en} of the people are aged "
            f"20–29: {listed}. {_BUT.en}",
        )
    else:
        of = _of(len(young), len(members))
        text = Text(
            f"I {of.sv} områdena med samlad låg inkomst är minst {limit.sv} av invånarna "
            f"20–29 år: {listed}. {_BUT.sv}",
            f"In {of.en} areas of clustered low income at least {limit.en} of the people are "
            f"aged 20–29: {listed}. {_BUT.en}",
        )
    return text(language)


def _of(some: int, every: int) -> Text:
    if some < every:
        return Text(f"{some} av de {every}", f"{some} of the {every}")
    return Text("båda", "both") if every == 2 else Text(f"alla de {every}", f"all {every}")


def under_index(analysis: Analysis) -> Text:
    """Say how many are aged 20–29 in the worst areas, and warn only where they are many."""
    table = analysis.municipalities
    if "worst_student_share" not in table or table["worst_student_share"].isna().all():
        return _UNKNOWN
    known = table["worst_student_share"].dropna()
    most = Text(share(float(known.max())), share(float(known.max()), "en"))
    many = known[known >= LIKELY]
    if len(known) == 1:
        said = Text(
            f"I det sämsta området är {most.sv} av invånarna 20–29 år.",
            f"In the worst area {most.en} of the people are aged 20–29.",
        )
    elif many.empty:
        said = Text(
            f"I de sämsta områdena är som mest {most.sv} av invånarna 20–29 år.",
            f"In the worst areas at most {most.en} of the people are aged 20–29.",
        )
    else:
        names = ", ".join(map(str, table.loc[many.index, "municipality_name"]))
        said = Text(
            f"Minst {share(LIKELY)} av invånarna i det sämsta området är 20–29 år i {names}.",
            f"At least {share(LIKELY, 'en')} of the people in the worst area are aged 20–29 in "
            f"{names}.",
        )
    return said if many.empty else Text(f"{said.sv} {_BUT.sv}", f"{said.en} {_BUT.en}")
