"""What was found, as it stands at the head of the report and in its method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grannskap.analysis import headline, rounding
from grannskap.catalogue import BASES, SHARES, cluster_poles
from grannskap.language import Language, count, definite, inside_sentence, number
from grannskap.outputs.report import scoring
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Clustering, Results, View

__all__ = [
    "KeyFigure",
    "behind",
    "classes",
    "covered",
    "in_people",
    "is_rounded",
    "key_figures",
    "sources",
    "what_is",
    "whole",
]


@dataclass(frozen=True)
class KeyFigure:
    """One figure at the head of the report: its name, its value, and what it says."""

    name: str
    value: str
    says: str


def whole(results: Results, view: View) -> pd.Series[Any]:
    """Return the balance of all that is shown."""
    return results.row("balance", view.whole(results))


def behind(results: Results, view: View) -> pd.Series[Any]:
    """Return what stands behind the balance of all that is shown."""
    return results.behind(view.whole(results))


def is_rounded(row: pd.Series[Any], language: Language) -> bool:
    """Tell whether a balance is moved by the rounding of its counts, and by nothing else."""
    return headline.is_moved(row, language) and not row["areas_missing"]


def in_people(results: Results, view: View, lower: float, upper: float) -> str:
    """Tell a balance by people: "80 hushåll med låg köpkraft på 100 med hög"."""
    poles = headline.poles(results, view)
    return headline.per_hundred(lower, upper, poles.low, poles.against, language=view.language)


def key_figures(results: Results, view: View) -> tuple[KeyFigure, ...]:
    """Return the head of the report: balance, index, and clusters at both poles."""
    index = _index_figure(results, view)
    clusters = [
        figure
        for clustering in results.clusterings
        for figure in _cluster_figures(results, view, clustering)
    ]
    return (_balance_figure(results, view), *([index] if index else []), *clusters[:2])


def _balance_figure(results: Results, view: View) -> KeyFigure:
    language, row, sums = view.language, whole(results, view), behind(results, view)
    least, most = (headline.balance(sums[end], language) for end in ("lowest", "highest"))
    moved = headline.is_moved(row, language)
    ends = (row["lower"], row["upper"]) if moved else (row["estimate"],) * 2
    values = {"people": in_people(results, view, *ends), "least": least, "most": most}
    says = say("report.figure.of_balance", language, values)
    return KeyFigure(
        say("report.figure.balance", language),
        headline.balance_words(row, language),
        says + _coverage(row, language) + _rounded(results, view),
    )


def _rounded(results: Results, view: View) -> str:
    """Say what the balance is in areas not between the ends, as a count of theirs is near zero."""
    told = rounding.in_short(rounding.zeros(results, view), view.language)
    return f"; {told}" if told else ""


def _coverage(row: pd.Series[Any], language: Language) -> str:
    """Say how many areas a number covers, where it does not cover all."""
    held, gone = int(row["areas"]), int(row["areas_missing"])
    if not gone:
        return ""
    return say("report.figure.coverage", language, {"held": held, "areas": held + gone})


def _index_figure(results: Results, view: View) -> KeyFigure | None:
    """The index of the one municipality, or the range of several with both ends named."""
    language, table = view.language, view.index(results)
    known = table[table["segregation_index"].notna()] if len(table) else table
    if known.empty:
        return None
    name = say("report.index.name", language)
    if len(known) == 1:
        says = scoring.over_what(results, view, known.iloc[0])
        return KeyFigure(name, _index(known.iloc[0], language), says)
    ranked = known.sort_values("segregation_index", kind="stable")
    least, most = ranked.iloc[0], ranked.iloc[-1]
    ends = {
        "lowest": str(least["municipality_name"]),
        "highest": str(most["municipality_name"]),
    }
    value = f"{_index(least, language)}–{_index(most, language)}"
    return KeyFigure(name, value, say("report.index.range_ends", language, ends))


def _index(row: pd.Series[Any], language: Language) -> str:
    return number(row["segregation_index"], decimals=2, language=language)


def what_is(variable: str, view: View) -> str:
    """Return a variable as the subject of a sentence: "andelen med låg köpkraft"."""
    label = inside_sentence(view.called(variable))
    if variable not in SHARES or view.renames(variable):
        return label
    return definite(label, view.language)


def classes(results: Results, view: View, clustering: Clustering) -> pd.Series[Any]:
    """Return the class of each area that is shown, in one test."""
    first = results.clusterings[0].variable == clustering.variable
    column = "cluster" if first else f"cluster_{clustering.variable}"
    found: pd.Series[Any] = results.areas.loc[view.shown(results).index, column]
    return found


def _cluster_figures(results: Results, view: View, clustering: Clustering) -> list[KeyFigure]:
    """The core of each variable's own pole: few poor are not many rich."""
    language, held = view.language, classes(results, view, clustering)
    tested = int(clustering.local["p"].reindex(held.index).notna().sum())
    some = (
        say("report.figure.all_tested", language)
        if tested == len(held)
        else say("report.figure.tested", language, {"n": tested})
    )
    subject = what_is(clustering.variable, view)
    keys = ("high-high",) if len(results.clusterings) > 1 else cluster_poles(clustering.variable)
    of = say("report.figure.of_clusters", language, {"every": len(held), "tested": some})
    return [
        KeyFigure(
            say("report.figure.clusters", language, {"subject": subject, "where": _is(key, view)}),
            count(int((held == key).sum()), language),
            of,
        )
        for key in keys
    ]


def _is(key: str, view: View) -> str:
    return say("report.clusters.where", view.language, {"class": key})


_EVERYBODY = {"households": "households", "persons": "population", "dwellings": "dwellings"}


def covered(results: Results, view: View) -> str:
    """Say what share of all that is counted the poles hold; nothing where it is not known."""
    options, shown, language = results.options.balance, view.shown(results), view.language
    every = next(
        (share.base for share in SHARES.values() if share.part == options.low),
        _EVERYBODY[options.basis],
    )
    if every not in shown.columns:
        return ""
    sums = shown[[options.low, options.high, every]].astype(float).dropna().sum()
    part = float(sums[options.low] + sums[options.high])
    if not 0 < part < 0.995 * sums[every]:
        return ""
    values: dict[str, object] = {
        "held": part / float(sums[every]),
        "unit": BASES[options.basis],
    }
    return say("report.balance.covered", language, values)


def sources(results: Results) -> tuple[str, ...]:
    """Return the sources that the data name, and the division of the areas."""
    named = [one.source for one in results.dataset.provenance if one.source]
    return (*dict.fromkeys(named), results.dataset.areas_called)
