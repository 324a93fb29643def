"""The first page: what a reader should know first, both poles, in sentences true of these results.

Nothing is told that a count or a test does not carry. A paragraph is a tuple of sentences.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grannskap.analysis import headline, rounding, series
from grannskap.catalogue import CLUSTER_KEYS, cluster_poles
from grannskap.language import Language, count, number
from grannskap.outputs.report import findings, scoring, years
from grannskap.wording import listed, say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Clustering, Results, View

__all__ = ["summary"]

_MOST_NAMES = 3
_MOST_NEIGHBOURHOODS = 5


def summary(results: Results, view: View) -> tuple[str, ...]:
    """Return the paragraphs of the first page: balance, areas, clusters, index, change."""
    clusters = _clusters(results, view)
    students = [scoring.students(results, view, one) for one in results.clusterings]
    paragraphs = (
        _balance(results, view),
        _areas(results, view),
        *clusters,
        students,
        _index(results, view),
        _change(results, view),
        [say("report.not_why", view.language)],
    )
    told = (" ".join(one for one in sentences if one) for sentences in paragraphs)
    return tuple(paragraph for paragraph in told if paragraph)


# --- How many of one pole there are for each of the other ------------------------------------


def _balance(results: Results, view: View) -> list[str]:
    language, row = view.language, findings.whole(results, view)
    if math.isnan(row["estimate"]):
        return []
    told = _figure(results, view, row)
    if math.isinf(row["estimate"]):
        return told
    return [
        *told,
        _counts(results, view, row),
        findings.covered(results, view),
        _gaps(row, language),
    ]


def _figure(results: Results, view: View, row: pd.Series) -> list[str]:
    """The balance in people; its bounds where what is not known moves it, and why."""
    language, poles = view.language, headline.poles(results, view)
    values: dict[str, object] = {"where": _where(results, view), "high": poles.high}
    if math.isinf(row["estimate"]):
        held = count(findings.behind(results, view)["low"], language)
        values |= {"low": held, "who": poles.low}
        return [say("report.balance.only_low", language, values)]
    if not headline.is_moved(row, language):
        people = findings.in_people(results, view, row["estimate"], row["estimate"])
        return [say("report.balance.known", language, {**values, "people": people})]
    values["between"] = findings.in_people(results, view, row["lower"], row["upper"])
    if not row["areas_missing"]:
        return [say("report.balance.rounded", language, values)]
    known = headline.of_hundred(row["estimate"], row["estimate"], language)
    values |= {**_lacking(row), "known": known}
    return [say("report.balance.hidden", language, values)]


def _where(results: Results, view: View) -> str:
    """All that is shown, as a sentence begins with it."""
    if view.whole(results)[0] == "scope":
        return say("report.where.all", view.language)
    return say("report.where.place", view.language, {"place": view.whole_name(results)})


def _counts(results: Results, view: View, row: pd.Series) -> str:
    """The two counts; about as many where they are made from rounded per cents."""
    language, poles = view.language, headline.poles(results, view)
    behind = findings.behind(results, view)
    write = headline.about if findings.is_rounded(row, language) else count
    low, high = (write(behind[name], language) for name in ("low", "high"))
    values = {"low": low, "high": high, "who": poles.low, "against": poles.against}
    return say("report.balance.counts", language, values)


def _lacking(row: pd.Series) -> dict[str, object]:
    held, gone = int(row["areas"]), int(row["areas_missing"])
    return {"areas": gone, "every": held + gone}


def _gaps(row: pd.Series, language: Language) -> str:
    """Say which areas are not counted, where they do not move the figure or nobody knows."""
    if not row["areas_missing"] or headline.is_moved(row, language):
        return ""
    if headline.bounds(row["lower"], row["upper"], language):
        return say("report.balance.few_missing", language, _lacking(row))
    return say("report.balance.of_others", language, _lacking(row))


# --- The areas -------------------------------------------------------------------------------


def _areas(results: Results, view: View) -> list[str]:
    return [_leaning(results, view), *_ends(results, view), _neighbourhoods(results, view)]


def _leaning(results: Results, view: View) -> str:
    """In how many areas the low pole is larger, in how many smaller; only where bounds agree."""
    language = view.language
    table = results.at("balance", "area").reindex(view.shown(results).index)
    low, high = table["lower"], table["upper"]
    gone = table["status"].isin(["missing", "suppressed", "outside division", "not joined"])
    more, fewer, equal = low > 1, high < 1, (low == 1) & (high == 1)
    decided = more | fewer | equal
    held = {
        "fewer": fewer,
        "equal": equal,
        "unclear": ~decided & ~gone,
        "missing": ~decided & gone,
    }
    words = headline.poles(results, view)
    first = {"n": int(more.sum()), "every": len(table), "low": words.low, "than": words.than}
    parts = [say("report.areas.more_low", language, first)]
    texts = {
        "fewer": "report.areas.fewer",
        "equal": "report.areas.equal",
        "unclear": "report.areas.unclear",
        "missing": "report.areas.missing",
    }
    counts = {name: int(areas.sum()) for name, areas in held.items()}
    parts += [say(texts[name], language, {"n": n}) for name, n in counts.items() if n]
    return f"{listed(parts, language)}."


def _ends(results: Results, view: View) -> list[str]:
    """The lowest and the highest balance of an area; none is named where several share it."""
    behind, language = findings.behind(results, view), view.language
    least, most = float(behind["lowest"]), float(behind["highest"])
    if math.isnan(least):
        return []
    told = []
    if headline.balance(least, language) == headline.balance(most, language):
        value = headline.of_hundred(least, least, language)
        told.append(say("report.areas.same", language, {"value": value}))
    else:
        key = "report.areas.lowest" if _all_known(results, view) else "report.areas.of_known"
        told.append(say(key, language, _end(results, view, "lowest")))
        if not math.isinf(most):
            told.append(say("report.areas.highest", language, _end(results, view, "highest")))
    without, rounded = (
        int(behind.get(name, 0)) for name in ("areas_without_high", "areas_rounded_to_zero")
    )
    if without:
        values = {"areas": without, "high": headline.poles(results, view).high}
        told.append(say("report.areas.only_low", language, values))
    return [*told, *(_rounded(results, view) if rounded else ())]


def _rounded(results: Results, view: View) -> list[str]:
    """Say what the balance is at least, or at most, where a count is rounded to zero."""
    found, language = rounding.zeros(results, view), view.language
    ends = [(found.over, found.least, math.inf)] if found.over else []
    ends += [(found.under, 0.0, found.most)] if found.under else []
    told = [
        {"areas": areas, "value": headline.of_hundred(least, most, language)}
        for areas, least, most in ends
    ]
    return [say("report.areas.rounded", language, values) for values in told]


def _all_known(results: Results, view: View) -> bool:
    """Whether every area has a balance, so that no other can lie beyond the ends."""
    behind = findings.behind(results, view)
    without = ("areas_without_high", "areas_rounded_to_zero", "areas_without_either")
    gone = int(findings.whole(results, view)["areas_missing"])
    return not gone and not any(int(behind.get(name, 0)) for name in without[1:])


def _end(results: Results, view: View, end: str) -> dict[str, object]:
    """An extreme and its area, or how many areas are written alike."""
    behind, language = findings.behind(results, view), view.language
    value, code = float(behind[end]), behind[f"{end}_area"]
    alike = headline.written_alike(view.shown(results)["balance"], value, language)
    told = headline.of_hundred(value, value, language)
    if alike != 1 or not isinstance(code, str):
        if findings.is_rounded(findings.whole(results, view), language):
            told = say("headline.about", language, {"held": told})
        return {"place": say("report.table.areas", language, {"areas": alike}), "value": told}
    if headline.is_moved(results.row("balance", ("area", code)), language):
        told = say("headline.about", language, {"held": told})
    return {"place": area_place(code, view.area_names(results), language), "value": told}


def area_place(code: str, names: Mapping[str, str], language: Language) -> str:
    """Write an area inside a sentence: "ett område i Västra Flogsta"; by its code if unnamed."""
    if names.get(code):
        return say("report.areas.named", language, {"name": names[code]})
    return say("report.areas.code", language, {"code": code})


def _neighbourhoods(results: Results, view: View) -> str:
    """The balance of each named neighbourhood, the first few of them."""
    language, parts = view.language, list[str]()
    for place in results.dataset.neighbourhoods:
        row = results.row("balance", ("neighbourhood", place.name))
        if math.isnan(row["estimate"]) or math.isinf(row["estimate"]):
            continue
        moved = headline.is_moved(row, language)
        ends = (row["lower"], row["upper"]) if moved else (row["estimate"],) * 2
        values = {"name": place.name, "value": headline.of_hundred(*ends, language)}
        key = "report.areas.neighbourhood_next" if parts else "report.areas.neighbourhood"
        parts.append(say(key, language, values))
    return f"{listed(parts[:_MOST_NEIGHBOURHOODS], language)}." if parts else ""


# --- Areas that are like their neighbours ------------------------------------------------------


def _clusters(results: Results, view: View) -> list[list[str]]:
    """A paragraph for each tested variable; the second leans on the first where both agree."""
    told: list[list[str]] = []
    for one in results.clusterings:
        before = results.clusterings[: len(told)]
        joined = {_together(results, other, some=True) for other in before}
        first = "report.clusters.words.joined" not in joined
        told.append(_clustered(results, view, one, first=first))
    return [*told[:-1], *([*last, *_beyond(results, view)] for last in told[-1:])]


def _clustered(results: Results, view: View, clustering: Clustering, *, first: bool) -> list[str]:
    """What all areas together show, and where: joined in one breath where they seem to differ."""
    language, names = view.language, view.area_names(results)
    subject = findings.what_is(clustering.variable, view)
    classes = findings.classes(results, view, clustering)
    codes = {
        key: sorted(map(str, classes.index[(classes == key).to_numpy()])) for key in CLUSTER_KEYS
    }
    some = any(codes.values())
    together = _together(results, clustering, some=some)
    if together == "report.clusters.words.joined" and not first:
        together = "report.clusters.words.joined_too"
    told = [say(together, language, {"subject": subject})] if together else []
    if not some:
        return told
    it, nexts = say("report.clusters.words.it", language), False
    for key in (*cluster_poles(clustering.variable), "high-low", "low-high"):
        if not codes[key] and key in ("high-low", "low-high"):
            continue
        values = {"what": it if told else subject, "every": len(classes)}
        values["where"] = say("report.clusters.where", language, {"class": key})
        told.append(_in_areas(codes[key], values, names, language, first=not nexts))
        nexts = True
    quiet = int((classes == "not significant").sum())
    return [*told, say("report.clusters.words.chance_in", language, {"areas": quiet})]


def _together(results: Results, clustering: Clustering, *, some: bool) -> str:
    """Return the key of what is said of all areas together; empty where nothing needs saying."""
    result = clustering.overall
    if result is None:
        return "" if some else "report.clusters.words.chance_here"
    if result.p > results.options.autocorrelation.fdr:
        return "report.clusters.words.apart_only" if some else "report.clusters.words.chance"
    larger = result.value > result.expected
    if result.statistic == "bivariate_moran":
        return "report.clusters.words.follow" if larger else "report.clusters.words.follow_low"
    if result.statistic == "g":
        return "report.clusters.words.near" if larger else "report.clusters.words.near_low"
    if larger != (result.statistic == "moran"):
        return "report.clusters.words.unlike"
    return "report.clusters.words.joined" if some else "report.clusters.words.together_only"


def _in_areas(
    codes: Sequence[str],
    values: Mapping[str, object],
    names: Mapping[str, str],
    language: Language,
    *,
    first: bool,
) -> str:
    """Say in how many areas, and in which, a variable is high (low) with its neighbours."""
    if not codes:
        return say("report.clusters.words.none", language, values)
    found = {**values, "held": len(codes), "places": _places(codes, names, language)}
    return say("report.clusters.found" if first else "report.clusters.found_next", language, found)


def _places(codes: Sequence[str], names: Mapping[str, str], language: Language) -> str:
    """Name areas, those of one name together, and count those that do not fit."""
    grouped = Counter(names.get(code, code) for code in codes)
    ordered = sorted(grouped.items(), key=lambda item: (-item[1], item[0]))
    told = [
        name
        if held == 1
        else say("report.clusters.words.several", language, {"name": name, "areas": held})
        for name, held in ordered[:_MOST_NAMES]
    ]
    left = sum(held for _, held in ordered[_MOST_NAMES:])
    if not left:
        return listed(told, language)
    values = {"list": ", ".join(told), "areas": left}
    return say("report.clusters.words.more", language, values)


def _beyond(results: Results, view: View) -> list[str]:
    """Say what the areas were compared with, where it is not just what is shown."""
    if not results.clusterings:
        return []
    if results.options.autocorrelation.within:
        return [say("report.clusters.words.within", view.language)]
    local = results.clusterings[0].local["p"].dropna()
    if set(local.index) <= set(view.shown(results).index):
        return []
    return [say("report.clusters.words.beyond", view.language, {"areas": len(local)})]


# --- Index and change ----------------------------------------------------------------------------


def _index(results: Results, view: View) -> list[str]:
    """The index of the one municipality, or the range of several with both ends named."""
    table, language = view.index(results), view.language
    known = table[table["segregation_index"].notna()] if len(table) else table
    if known.empty:
        return [say("report.index.none", language)]
    if len(known) == 1:
        row = known.iloc[0]
        value = number(row["segregation_index"], decimals=2, language=language)
        over = scoring.over_what(results, view, row)
        return [say("report.index.is", language, {"value": value, "over": over})]
    ranked = known.sort_values("segregation_index", kind="stable")
    ends = {"least": ranked.iloc[0], "most": ranked.iloc[-1]}
    values: dict[str, object] = {
        name: number(row["segregation_index"], decimals=2, language=language)
        for name, row in ends.items()
    }
    values |= {
        "lowest": str(ends["least"]["municipality_name"]),
        "highest": str(ends["most"]["municipality_name"]),
    }
    return [say("report.index.range", language, values)]


def _change(results: Results, view: View) -> list[str]:
    """The balance then and now over the areas known in both years, and how many areas changed."""
    if results.change is None:
        return years.in_short(results, view)
    language = view.language
    both = {"before": str(results.options.compare), "after": str(results.year)}
    row = results.then_and_now(view.whole(results))
    then, now = float(row["ratio_then"]), float(row["ratio_now"])
    known = results.change["within_chance"][view.mask(results.areas.index)].dropna()
    if math.isnan(then) or known.empty:
        return [say("report.change_none", language, both)]
    written = [headline.of_hundred(value, value, language) for value in (then, now)]
    direction = "same" if written[0] == written[1] else "up" if now > then else "down"
    if max(then, now) < 9.995:  # "från 151 till 144 på 100"
        written[0] = count(round(100 * then), language)
    values = {"direction": direction, "then": written[0], "now": written[1]}
    areas = {"areas": int(row["areas"])}
    beyond = {"beyond": int((~known.astype(bool)).sum()), "areas": len(known)}
    balance = results.options.balance
    crossed = series.warning(results, (balance.low, balance.high), language)
    return [
        say("report.change.balance", language, {**both, **values, **areas}),
        *([crossed] if crossed else []),
        say("report.change.beyond", language, beyond),
    ]
