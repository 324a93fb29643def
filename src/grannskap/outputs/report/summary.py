"""What was found, in a few plain sentences at the head of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grannskap.analysis import then_and_now
from grannskap.language import Language, Text, count, counted, inside_sentence, number
from grannskap.outputs import headings
from grannskap.outputs.report import cells, poles, students

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["sentences"]

_MOST_NAMES = 6


def sentences(analysis: Analysis) -> tuple[str, ...]:
    """Return what a reader should know first: both poles, balance, index and change."""
    found = (
        _clustered(analysis),
        students.in_clusters(analysis),
        _balance(analysis),
        _index(analysis),
        _change(analysis),
    )
    return tuple(sentence for sentence in found if sentence)


def _clustered(analysis: Analysis) -> str:
    """Where the poor pole is clustered and where the rich one is: always both."""
    language, names = analysis.project.language, cells.area_names(analysis)
    parts = [
        _pole(subject, codes, names, len(analysis.shown))(language)
        for subject, codes in zip(_subjects(analysis), poles.areas_of(analysis), strict=True)
    ]
    return " ".join(parts)


def _subjects(analysis: Analysis) -> tuple[Text, Text]:
    """Return what is clustered at each pole, with its verb."""
    if poles.of_income(analysis):
        return (
            Text("Låg inkomst är|samlad", "Low incomes are|clustered"),
            Text("Hög inkomst är|samlad", "High incomes are|clustered"),
        )
    what = inside_sentence(headings.quantity(analysis.clustering.variable, analysis.project))
    high = Text(f"Höga värden ({what}) är|samlade", f"High values ({what}) are|clustered")
    low = Text("Låga värden är|samlade", "Low values are|clustered")
    return (high, low) if poles.keys(analysis)[0] == "high-high" else (low, high)


def _pole(subject: Text, codes: Sequence[str], names: Mapping[str, str], shown: int) -> Text:
    (sv, how_sv), (en, how_en) = (subject(language).split("|") for language in ("sv", "en"))
    if not codes:
        return Text(
            f"{sv} inte {how_sv} i något område så att det går att skilja från slumpen.",
            f"{en} not {how_en} in any area so that it can be told from chance.",
        )
    held = Text(
        f"{count(len(codes))} av {count(shown)} områden",
        f"{count(len(codes), 'en')} of {count(shown, 'en')} areas",
    )
    return Text(
        f"{sv} {how_sv} i {held.sv}: {_places(codes, names, 'sv')}.",
        f"{en} {how_en} in {held.en}: {_places(codes, names, 'en')}.",
    )


def _places(codes: Sequence[str], names: Mapping[str, str], language: Language) -> str:
    """Name areas, those of one name together, and count those that do not fit."""
    grouped = Counter(names.get(code, code) for code in codes)
    ordered = sorted(grouped.items(), key=lambda item: -item[1])
    told = [
        name if held == 1 else f"{name} ({counted(held, 'area')(language)})"
        for name, held in ordered[:_MOST_NAMES]
    ]
    left = sum(held for _, held in ordered[_MOST_NAMES:])
    more = counted(left, "area")
    if left:
        told.append(Text(f"och {more.sv} till", f"and {more.en} more")(language))
    return ", ".join(told)


def _balance(analysis: Analysis) -> str:
    language, names = analysis.project.language, cells.area_names(analysis)
    table = analysis.balance.xs((analysis.year, "all"), level=("year", "group"))
    row, place = table.iloc[0], str(table.index[0])
    low, high = (inside_sentence(headings.pole(analysis.project, w)) for w in ("low", "high"))
    least, most = (
        f"{cells.balance(row[end], language)} ({cells.told(str(row[f'{end}_area']), names)})"
        for end in ("lowest", "highest")
    )
    value = cells.balance(row["ratio_of_sums"], language)
    first, second = count(row["low"], language), count(row["high"], language)
    return Text(
        f"Balansen är {value} ({place}): {first} {low} mot {second} {high}. I områdena går den "
        f"från {least} till {most}.",
        f"The balance is {value} ({place}): {first} {low} against {second} {high}. In the areas "
        f"it goes from {least} to {most}.",
    )(language)


def _index(analysis: Analysis) -> str:
    """The index of the one municipality; of several the key figure tells the range."""
    table, language = analysis.municipalities, analysis.project.language
    if len(table) != 1 or table["segregation_index"].isna().all():
        return ""
    row = table.iloc[0]
    value = number(float(row["segregation_index"]), decimals=2, language=language)
    place = cells.told(str(row["worst_area"]), cells.area_names(analysis))
    bottom = analysis.project.segregation.worst
    if bottom != "min":
        percent = int(bottom.removeprefix("p"))
        return Text(
            f"Segregationsindex är {value}: så många gånger bättre är levnadsvillkoren i "
            f"medianområdet än vid den {percent}:e percentilen; sämst är de i {place}.",
            f"The segregation index is {value}: so many times better are the living conditions "
            f"of the median area than those at the {percent}th percentile; worst are those of "
            f"{place}.",
        )(language)
    return Text(
        f"Segregationsindex är {value}: så många gånger bättre är levnadsvillkoren i "
        f"medianområdet än i det sämsta, {place}.",
        f"The segregation index is {value}: so many times better are the living conditions of "
        f"the median area than those of the worst, {place}.",
    )(language)


def _change(analysis: Analysis) -> str:
    """The balance then and now, and in how many areas it changed more than chance gives."""
    change, project = analysis.change, analysis.project
    if change is None or project.compare is None:
        return ""
    before, after, both = then_and_now(analysis)
    then, now = (cells.balance(value, project.language) for value in (before, after))
    held = counted(both, "area")
    known = change["within_chance"][analysis.areas["in_view"].to_numpy()].dropna()
    beyond = int((~known.astype(bool)).sum())
    return Text(
        f"Från {project.compare} till {analysis.year} gick balansen från {then} till {now} (i "
        f"{held.sv} med uppgift båda åren); i "
        f"{count(beyond)} av {counted(len(known), 'area').sv} är förändringen större än slumpen "
        "ger.",
        f"From {project.compare} to {analysis.year} the balance went from {then} to {now} (in "
        f"{held.en} with data in both years); in "
        f"{count(beyond, 'en')} of {counted(len(known), 'area').en} the change is larger than "
        "chance gives.",
    )(project.language)
