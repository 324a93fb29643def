"""What was found, in sentences that are true of these results and no others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.analysis import headline
from grannskap.catalogue import BASES, CLUSTER_KEYS, SHARES, cluster_poles
from grannskap.language import Language, Text, count, counted, inside_sentence, number, share
from grannskap.outputs.report import cells, scoring

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Clustering, Results, View

__all__ = ["KeyFigure", "basis", "key_figures", "sources", "summary", "what_is", "where"]

_MOST_NAMES = 3


@dataclass(frozen=True)
class KeyFigure:
    """One figure at the head of the report: its name, its value, and what it says."""

    name: str
    value: str
    says: str


def key_figures(results: Results, view: View) -> tuple[KeyFigure, ...]:
    """Return the head of the report: balance, index, and clusters at both poles."""
    index = _index_figure(results, view)
    clusters = [
        figure
        for clustering in results.clusterings
        for figure in _cluster_figures(results, view, clustering)
    ]
    return (_balance_figure(results, view), *([index] if index else []), *clusters[:2])


def _whole(results: Results, view: View) -> pd.Series:
    """The balance of all that is shown."""
    return results.row("balance", view.whole(results))


def _behind(results: Results, view: View) -> pd.Series:
    return results.behind(view.whole(results))


def _balance_figure(results: Results, view: View) -> KeyFigure:
    language, row = view.language, _whole(results, view)
    behind = _behind(results, view)
    low, high = view.poles(results)
    least, most = (headline.balance(behind[end], language) for end in ("lowest", "highest"))
    held = _coverage(row, language) + _rounded(behind, language)
    return KeyFigure(
        Text("Balans", "Balance")(language),
        headline.balance_words(row, language),
        Text(
            f"{low} per {high}; områdena går från {least} till {most}{held}",
            f"{low} per {high}; the areas go from {least} to {most}{held}",
        )(language),
    )


def _rounded(behind: pd.Series, language: Language) -> str:
    """Say how many areas are not between the ends, as a count of theirs is rounded to zero."""
    rounded = int(behind["areas_rounded_to_zero"])
    if not rounded:
        return ""
    return f"; {headline.rounded_to_zero(rounded)(language)}"


def _coverage(row: pd.Series, language: Language) -> str:
    """Say how many areas a number covers, where it does not cover all."""
    held, gone = int(row["areas"]), int(row["areas_missing"])
    if not gone:
        return ""
    whole = held + gone
    return Text(
        f"; {count(held)} av {counted(whole, 'area').sv} har uppgift",
        f"; {count(held, 'en')} of {counted(whole, 'area').en} have data",
    )(language)


def _index_figure(results: Results, view: View) -> KeyFigure | None:
    """The index of the one municipality, or the range of several with both ends named."""
    language, table = view.language, view.index(results)
    known = table[table["segregation_index"].notna()] if len(table) else table
    if known.empty:
        return None
    name = Text("Segregationsindex", "Segregation index")(language)
    if len(known) == 1:
        says = scoring.over_what(results, view, known.iloc[0])
        return KeyFigure(name, _index(known.iloc[0], language), says)
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


def what_is(variable: str, view: View) -> Text:
    """Return a variable as the subject of a sentence: "andelen med låg köpkraft"."""
    if variable in view.labels:
        return Text(inside_sentence(view.labels[variable]), inside_sentence(view.labels[variable]))
    if variable in SHARES:
        label = SHARES[variable].label
        sv = inside_sentence(label.sv)
        definite = sv.replace("andel ", "andelen ", 1) if sv.startswith("andel ") else sv
        return Text(definite, f"the {inside_sentence(label.en)}")
    own = inside_sentence(view.called(variable))
    return Text(own, own)


def where(key: str) -> Text:
    """Return the end of a sentence on a class of clusters: "hög, även hos grannarna"."""
    return {
        "high-high": Text("hög, även hos grannarna", "high, also among its neighbours"),
        "low-low": Text("låg, även hos grannarna", "low, also among its neighbours"),
        "high-low": Text("hög men låg hos grannarna", "high but low among its neighbours"),
        "low-high": Text("låg men hög hos grannarna", "low but high among its neighbours"),
    }[key]


def _cluster_figures(results: Results, view: View, clustering: Clustering) -> list[KeyFigure]:
    """The core of each variable's own pole: few poor are not many rich."""
    language = view.language
    classes = results.areas.loc[view.shown(results).index, _column(results, clustering)]
    tested = int(clustering.local["p"].reindex(classes.index).notna().sum())
    some = (
        Text("alla jämförda", "all compared")
        if tested == len(classes)
        else Text(f"{count(tested)} jämförda", f"{count(tested, 'en')} compared")
    )
    subject = what_is(clustering.variable, view)
    keys = ("high-high",) if len(results.clusterings) > 1 else cluster_poles(clustering.variable)
    return [
        KeyFigure(
            _sentence_case(
                Text(f"{subject.sv} är {where(key).sv}", f"{subject.en} is {where(key).en}")(
                    language
                )
            ),
            count(int((classes == key).sum()), language),
            Text(
                f"av {count(len(classes))} områden på kartan ({some.sv})",
                f"of {count(len(classes), 'en')} areas on the map ({some.en})",
            )(language),
        )
        for key in keys
    ]


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _column(results: Results, clustering: Clustering) -> str:
    """The column of the areas that holds the classes of one test."""
    first = results.clusterings[0].variable == clustering.variable
    return "cluster" if first else f"cluster_{clustering.variable}"


def summary(results: Results, view: View) -> tuple[str, ...]:
    """Return what a reader should know first: both poles, their areas, index and change."""
    clusters = (_clustered(results, view, one) for one in results.clusterings)
    students = (scoring.students(results, view, one) for one in results.clusterings)
    found = (
        _balance(results, view),
        _range(results, view),
        *clusters,
        *students,
        _index_sentence(results, view),
        _change(results, view),
    )
    return tuple(sentence for sentence in found if sentence)


def _balance(results: Results, view: View) -> str:
    """How many of one pole there are for each of the other, with what is not known."""
    language, row, behind = view.language, _whole(results, view), _behind(results, view)
    who, against = headline.pole_words(results, view)
    where_sv, place = _where(results, view)
    first, second = count(behind["low"], language), count(behind["high"], language)
    against_each = Text(f"{first} mot {second}", f"{first} against {second}")(language)
    if math.isnan(row["estimate"]):
        return ""
    if math.isinf(row["estimate"]):
        none = Text(f"{who.sv} men inga {against.sv}", f"{who.en} but none {against.en}")(language)
        return Text(
            f"{where_sv} finns {none}: {against_each}.", f"{place} has {none}: {against_each}."
        )(language)
    known = headline.per_hundred(row["estimate"], row["estimate"], who, against, language)
    if headline.is_moved(row, language):
        if not row["areas_missing"]:
            return _of_rounded(results, view)
        between = headline.per_hundred(row["lower"], row["upper"], who, against, language)
        lacking = _lacking(row)
        return Text(
            f"{where_sv} finns {between}: {lacking.sv}. I de övriga finns {known}, {against_each}.",
            f"{place} has {between}: {lacking.en}. The others have {known}, {against_each}.",
        )(language)
    text = Text(
        f"{where_sv} finns {known}: {against_each}.", f"{place} has {known}: {against_each}."
    )
    return " ".join(part for part in (text(language), _unmoved(row, language)) if part)


def _where(results: Results, view: View) -> tuple[str, str]:
    """All that is shown, as a Swedish sentence begins with it, and its English name."""
    level, place = view.whole(results)[0], view.whole_name(results)
    return "På hela kartan" if level == "scope" else f"I {place}", place


def _of_rounded(results: Results, view: View) -> str:
    """Tell a balance of counts that were rounded: what it lies between, and what is written."""
    language, row, behind = view.language, _whole(results, view), _behind(results, view)
    who, against = headline.pole_words(results, view)
    between = headline.per_hundred(row["lower"], row["upper"], who, against, language)
    place_sv, place_en = _where(results, view)
    low, high = (headline.about(behind[name], language) for name in ("low", "high"))
    return Text(
        f"{place_sv} finns {between}. Uppgifterna är avrundade; som de är skrivna är det "
        f"{low} mot {high}.",
        f"{place_en} has {between}. The data are rounded; as they are written it is {low} "
        f"against {high}.",
    )(language)


def _lacking(row: pd.Series) -> Text:
    held, gone = int(row["areas"]), int(row["areas_missing"])
    return Text(
        f"{counted(gone, 'area').sv} av {count(held + gone)} saknar uppgift",
        f"{counted(gone, 'area').en} of {count(held + gone, 'en')} lack data",
    )


def _unmoved(row: pd.Series, language: Language) -> str:
    """Say which areas are not counted, where they do not move the figure or nobody knows."""
    if not row["areas_missing"]:
        return ""
    lacking = _lacking(row)
    if headline.bounds(row["lower"], row["upper"], language):
        text = Text(
            f"{lacking.sv}, men det ändrar inte talet.",
            f"{lacking.en}, but that does not change the figure.",
        )
    else:
        text = Text(
            f"{lacking.sv}; talet gäller de övriga.", f"{lacking.en}; the figure is of the others."
        )
    return text(language)


def _range(results: Results, view: View) -> str:
    """The lowest and the highest balance of an area; no area is named where several share it."""
    row, language = _whole(results, view), view.language
    if math.isnan(_behind(results, view)["lowest"]):
        return ""
    least, most = (_end(results, view, end) for end in ("lowest", "highest"))
    known = Text("områdena", "the areas")
    rounded = int(_behind(results, view)["areas_rounded_to_zero"])
    if rounded:
        return _range_beside_rounded(results, view, least, most)
    if row["areas_missing"]:
        held = counted(int(row["areas"]), "area")
        known = Text(f"de {held.sv} som har uppgift", f"the {held.en} with data")
    return Text(
        f"I {known.sv} går balansen från {least} till {most}.",
        f"In {known.en} the balance goes from {least} to {most}.",
    )(language)


def _range_beside_rounded(results: Results, view: View, least: str, most: str) -> str:
    """The ends of the areas that have a balance, and how many have none for the rounding."""
    behind = _behind(results, view)
    rounded, nobody = (
        int(behind[name]) for name in ("areas_rounded_to_zero", "areas_without_either")
    )
    held = counted(int(behind["areas"]) - rounded - nobody, "area")
    gone = headline.rounded_to_zero(rounded)
    return Text(
        f"Balansen går från {least} till {most} i de {held.sv} där den kan räknas; {gone.sv}.",
        f"The balance goes from {least} to {most} in the {held.en} where it can be had; {gone.en}.",
    )(view.language)


def _end(results: Results, view: View, end: str) -> str:
    """An extreme with its area, or how many areas are written alike."""
    behind, language = _behind(results, view), view.language
    value, code = headline.balance(behind[end], language), behind[f"{end}_area"]
    alike = headline.written_alike(view.shown(results)["balance"], behind[end], language)
    if alike == 1 and isinstance(code, str):
        return f"{value} ({cells.area(code, view.area_names(results))})"
    held = counted(alike, "area")
    return Text(f"{value} (i {held.sv})", f"{value} (in {held.en})")(language)


def _clustered(results: Results, view: View, clustering: Clustering) -> str:
    """Where a variable is high, and where it is low, also among the neighbours: always both."""
    classes = results.areas.loc[view.shown(results).index, _column(results, clustering)]
    names, language = view.area_names(results), view.language
    subject = what_is(clustering.variable, view)
    codes = {
        key: sorted(map(str, classes.index[(classes == key).to_numpy()])) for key in CLUSTER_KEYS
    }
    if not any(codes.values()):
        return Text(
            f"Var {subject.sv} är hög eller låg kan bero på slumpen: inget område skiljer ut sig "
            "tillsammans med sina grannar.",
            f"Where {subject.en} is high or low may be due to chance: no area stands out together "
            "with its neighbours.",
        )(language)
    parts = [
        _in_areas(codes[key], subject if not i else None, key, len(classes), names)(language)
        for i, key in enumerate(cluster_poles(clustering.variable))
    ]
    return " ".join(parts)


def _in_areas(
    codes: Sequence[str], subject: Text | None, key: str, shown: int, names: Mapping[str, str]
) -> Text:
    """Say in how many areas, and in which, a variable is high (low) with its neighbours."""
    what, it = subject or Text("den", "it"), where(key)
    if not codes:
        sv, en = f"I inget område är {what.sv} {it.sv}.", f"In no area {what.en} is {it.en}."
        return Text(sv, en)
    held = Text(
        f"I {count(len(codes))} av {counted(shown, 'area').sv}",
        f"In {count(len(codes), 'en')} of {counted(shown, 'area').en}",
    )
    return Text(
        f"{held.sv} är {what.sv} {it.sv}: {_places(codes, names, 'sv')}.",
        f"{held.en} {what.en} is {it.en}: {_places(codes, names, 'en')}.",
    )


def _places(codes: Sequence[str], names: Mapping[str, str], language: Language) -> str:
    """Name areas, those of one name together, and count those that do not fit."""
    grouped = Counter(names.get(code, code) for code in codes)
    ordered = sorted(grouped.items(), key=lambda item: (-item[1], item[0]))
    told = [
        name if held == 1 else f"{name} ({counted(held, 'area')(language)})"
        for name, held in ordered[:_MOST_NAMES]
    ]
    left = sum(held for _, held in ordered[_MOST_NAMES:])
    more = counted(left, "area")
    last = Text(f"och {more.sv} till", f"and {more.en} more")(language)
    return ", ".join(told) + (f" {last}" if left else "")


def _index_sentence(results: Results, view: View) -> str:
    """The index of the one municipality; of several the key figure tells the range."""
    table, language = view.index(results), view.language
    if len(table) != 1 or table["segregation_index"].isna().all():
        return ""
    row = table.iloc[0]
    value, over = _index(row, language), scoring.over_what(results, view, row)
    return Text(
        f"Segregationsindex är {value}: {over}.", f"The segregation index is {value}: {over}."
    )(language)


def _change(results: Results, view: View) -> str:
    """The balance then and now over the areas known in both years, and how many areas changed."""
    if results.change is None:
        return ""
    language, years = view.language, (results.options.compare, results.year)
    row = results.then_and_now(view.whole(results))
    then, now, held = float(row["ratio_then"]), float(row["ratio_now"]), int(row["areas"])
    known = results.change["within_chance"][view.mask(results.areas.index)].dropna()
    if math.isnan(then) or known.empty:
        return Text(
            f"Inget område har uppgift både {years[0]} och {years[1]}.",
            f"No area has data in both {years[0]} and {years[1]}.",
        )(language)
    before, after = (headline.balance(value, language) for value in (then, now))
    beyond, of = int((~known.astype(bool)).sum()), counted(len(known), "area")
    both = counted(held, "area")
    return Text(
        f"Från {years[0]} till {years[1]} gick balansen från {before} till {after} (i {both.sv} "
        f"med uppgift båda åren). I {count(beyond)} av {of.sv} är förändringen större än slumpen "
        "kan förklara.",
        f"From {years[0]} to {years[1]} the balance went from {before} to {after} (in {both.en} "
        f"with data in both years). In {count(beyond, 'en')} of {of.en} the change is larger than "
        "chance can explain.",
    )(language)


def basis(results: Results, view: View) -> str:
    """Return what the balance counts and how it is read."""
    unit = BASES[results.options.balance.basis]
    low, high = view.poles(results)
    covered = _covered(results, view)
    return Text(
        f"Balansen är antalet {unit.sv} i den ena gruppen ({low}) delat med antalet i den andra "
        f"({high}). 1x är lika många av båda, 2x dubbelt så många av den första, 0,5x dubbelt så "
        f"många av den andra. Mellangrupper räknas inte.{covered.sv}",
        f"The balance is the number of {unit.en} in one group ({low}) divided by the number in the "
        f"other ({high}). 1x is as many of both, 2x twice as many of the first, 0.5x twice as many "
        f"of the second. Groups in between do not count.{covered.en}",
    )(view.language)


_EVERYBODY = {"households": "households", "persons": "population", "dwellings": "dwellings"}


def _covered(results: Results, view: View) -> Text:
    """Say what share of all that is counted the poles hold, where it is less than half."""
    options, shown = results.options.balance, view.shown(results)
    whole = _EVERYBODY[options.basis]
    if whole not in shown.columns:
        return Text("", "")
    sums = shown[[options.low, options.high, whole]].astype(float).dropna().sum()
    part = float(sums[options.low] + sums[options.high])
    if not 0 < part < sums[whole] / 2:
        return Text("", "")
    unit, held = BASES[options.basis], part / float(sums[whole])
    return Text(
        f" De två grupperna omfattar tillsammans {share(held)} av alla {unit.sv}: resten syns inte "
        "i balansen.",
        f" The two groups together hold {share(held, 'en')} of all {unit.en}: the balance does "
        "not show the others.",
    )


def sources(results: Results) -> tuple[str, ...]:
    """Return the sources that the data name, and the division of the areas."""
    named = [one.source for one in results.dataset.provenance if one.source]
    division = results.dataset.division
    return (*dict.fromkeys(named), f"DeSO {division}" if division else "DeSO")
