"""Frontiers in tables and plain words: the sharpest, by place, over the years, and their limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isinf
from typing import TYPE_CHECKING, Any

from grannskap.analysis import borders, series
from grannskap.catalogue import BASES, FRONTIER_CHANGES, FRONTIER_YEARS, GROUPS
from grannskap.language import inside_sentence, number, ratio, share
from grannskap.outputs import frontiers
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.outputs.report.model import Block, Paragraph, Picture, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View
    from grannskap.language import Language

__all__ = ["section", "sharpest"]

_MOST = 10
_MOST_PLACES = 40
_KM = 1000.0
_SAME = 1e-9


def section(results: Results, view: View, pictures: Sequence[Picture]) -> Section | None:
    """Tell of the borders that are shown; None where none was tested."""
    found = borders.shown(results, view)
    if found is None or (found["status"] == "untested").all():
        return None
    blocks = tuple(_blocks(results, view, found, pictures))
    return Section(say("report.frontiers.heading", view.language), blocks, anchor="sharp-borders")


def _blocks(
    results: Results, view: View, found: pd.DataFrame, pictures: Sequence[Picture]
) -> Iterator[Block]:
    language = view.language
    places = frontiers.by_place(results, view)
    yield Paragraph(_found(results, view, found))
    if "border_years" in found:
        yield Paragraph(_over_years(results, view, found))
    yield from pictures
    sharp = found[found["status"] == "frontier"].assign(least=borders.least)
    if len(sharp):
        held = {"held": min(len(sharp), _MOST)}
        caption = say("report.frontiers.table", language, held)
        yield Table(sharpest(results, view, sharp, caption))
        yield Paragraph(say("report.frontiers.order", language), tone="quiet")
    if places is not None and len(places) > 1:
        yield Table(_by_place(view, places))
    if "border_years" in found:
        yield Table(_years(results, view, found))
    yield Paragraph(_limits(results, view), tone="quiet")


def _found(results: Results, view: View, found: pd.DataFrame) -> str:
    """How many borders are frontiers, and what share of their length that is."""
    known = found[found["status"] != "untested"]
    sharp = known["status"] == "frontier"
    open_ = found["status"].isin(["unsure", "untested"])
    length, whole = known["length"], float(found["length"].sum())
    held = float(length[sharp].sum())
    values = {
        "place": view.whole_name(results),
        **view.pole_shares(results),
        "sharp": int(sharp.sum()),
        "borders": len(known),
        "km": held / _KM,
        "share": held / float(length.sum()),
        "open": int(open_.sum()),
        "least": 100 * held / whole,
        "most": 100 * (held + float(found["length"][open_].sum())) / whole,
    }
    keys = ["report.frontiers.found"]
    keys += ["report.frontiers.open"] if open_.any() else []
    told = [say(key, view.language, values) for key in keys]
    return " ".join([*told, *_between(results, view)])


def _between(results: Results, view: View) -> list[str]:
    """The least and the greatest share among municipalities, where there are several."""
    table = frontiers.by_place(results, view)
    wanted = [name for name, of in view.places(results).items() if of[0] == "municipality"]
    if table is None or len(wanted) < 2:
        return []
    rows = table.loc[table.index.isin([(name, results.year) for name in wanted])]
    shares = rows["frontier_share"].dropna()
    if len(shares) < 2:
        return []
    values = {
        "municipalities": len(shares),
        "least": 100 * float(shares.min()),
        "most": 100 * float(shares.max()),
    }
    return [say("report.frontiers.between", view.language, values)]


def _over_years(results: Results, view: View, found: pd.DataFrame) -> str:
    """What became of the borders, where that is more than chance explains."""
    assert results.frontiers is not None
    counts = found["border_years"].value_counts()
    values: dict[str, Any] = {
        "before": str(results.frontiers.then),
        "after": str(results.year),
        "stayed": int(counts.get("stayed", 0)),
        "opened": int(counts.get("opened", 0)),
        "closed": int(counts.get("closed", 0)),
        "wider": int((found["became"] == "wider").sum()),
        "narrower": int((found["became"] == "narrower").sum()),
    }
    keys = ["report.frontiers.stayed", "report.frontiers.opened", "report.frontiers.closed"]
    if values["wider"] or values["narrower"]:
        keys.append("report.frontiers.differs")
    balance = results.options.balance
    crossed = series.warning(results, (balance.low, balance.high), view.language)
    told = [*(say(key, view.language, values) for key in keys), crossed]
    return " ".join(one for one in told if one)


def _limits(results: Results, view: View) -> str:
    """What a frontier says, and what it does not."""
    asked, language = results.options, view.language
    values = {
        **view.pole_shares(results),
        "unit": BASES[asked.balance.basis](language),
        "rate": asked.autocorrelation.fdr,
    }
    keys = ["report.frontiers.tested"]
    if asked.autocorrelation.correction in ("bh", "by"):
        keys.append("report.frontiers.rate")
    if asked.balance.basis == "persons":
        keys.append("report.frontiers.together")
    keys.append("report.frontiers.limits")
    return " ".join(say(key, language, values) for key in keys)


# --- The sharpest ------------------------------------------------------------------------------


def sharpest(results: Results, view: View, sharp: pd.DataFrame, caption: str) -> Grid:
    """The first ten of some frontiers, with the column ``least``: both sides, shares and test."""
    language = view.language
    shares = view.pole_shares(results)
    columns = [
        Column(say("report.frontiers.sides", language), number=False),
        *(
            Column(say("report.frontiers.share_of", language, {"share": shares[f"{pole}_share"]}))
            for pole in ("low", "high")
        ),
        Column(say("report.frontiers.times", language)),
        Column(say("report.frontiers.length", language)),
        Column(say("report.column.q", language)),
    ]
    extra = [name for name in ("tenure_differs", "border_years") if name in sharp]
    columns += [Column(say(_MORE[name], language), number=False) for name in extra]
    most = sharp.iloc[:_MOST]
    written = [borders.shares(results, most, pole, language) for pole in ("low", "high")]
    names = view.area_names(results)
    rows = [
        _row(view.language, names, row, told, extra)
        for (_, row), *told in zip(most.iterrows(), *written, strict=True)
    ]
    file = "tables/frontiers.csv"
    return cells.grid(caption, columns, rows, file=file, every=len(sharp))


_MORE = {
    "tenure_differs": "report.frontiers.tenure",
    "border_years": "report.frontiers.years",
}


def _row(
    language: Language,
    names: Mapping[str, str],
    row: pd.Series[Any],
    shares: Sequence[tuple[str, str]],
    extra: Sequence[str],
) -> list[Cell | str]:
    one, other = (cells.area(str(row[side]), names) for side in ("first", "second"))
    return [
        *(
            Cell(here, detail=say("report.frontiers.against", language, {"side": there}))
            for here, there in ((one, other), *shares)
        ),
        _times(row, language),
        _length(float(row["length"]), language),
        cells.p_value(float(row["q"]), language),
        *(_CELLS[name](row, language) for name in extra),
    ]


def _times(row: pd.Series[Any], language: Language) -> Cell:
    """How many times the balances differ, over its log2 and what chance leaves of that."""
    lower, upper = float(row["log2_ratio_lower"]), float(row["log2_ratio_upper"])
    exact = abs(upper - lower) < _SAME
    text = ratio(float(2 ** row["least"]), language)
    low, high = float(row["interval_lower"]), float(row["interval_upper"])
    log2 = say("report.frontiers.log2", language, {"between": _log2s(low, high, language)})
    return Cell(text if exact else say("headline.at_least", language, {"value": text}), detail=log2)


def _log2s(low: float, high: float, language: Language) -> str:
    """Write an interval of log2; one without an end as at least, or at most, the other."""
    least, most = (number(end, decimals=1, language=language) for end in (low, high))
    if isinf(low) and isinf(high):
        return "–"
    if isinf(high):
        return say("headline.at_least", language, {"value": least})
    return say("headline.at_most", language, {"value": most}) if isinf(low) else f"{least}–{most}"


def _length(metres: float, language: Language) -> str:
    if round(metres) < _KM:
        return f"{number(metres, decimals=0, language=language)}\N{NO-BREAK SPACE}m"
    return f"{number(metres / _KM, decimals=1, language=language)}\N{NO-BREAK SPACE}km"


def _tenure(row: pd.Series[Any], language: Language) -> Cell | str:
    sides = [row["tenure_first"], row["tenure_second"]]
    if not all(isinstance(one, str) for one in sides):
        return "–"
    named = [inside_sentence(GROUPS[one](language)) for one in dict.fromkeys(sides)]
    differs = "differs" if len(named) > 1 else "same"
    said = say("report.frontiers.tenures", language, {"of": differs})
    return Cell(said, detail=" / ".join(named))


def _fate(row: pd.Series[Any], language: Language) -> Cell:
    told = FRONTIER_YEARS[row["border_years"]](language)
    more = row["became"] if row["became"] in ("wider", "narrower") else ""
    return Cell(told, detail=FRONTIER_CHANGES[more](language) if more else "")


_CELLS = {"tenure_differs": _tenure, "border_years": _fate}


# --- By place, and over the years --------------------------------------------------------------


def _by_place(view: View, places: pd.DataFrame) -> Grid:
    """A row per place and year: the share of its border length, and how many borders."""
    language = view.language
    columns = [
        Column(say("report.column.place", language), number=False),
        Column(say("report.column.year", language), number=False),
        Column(say("report.frontiers.of_length", language)),
        Column(say("report.frontiers.sharp", language)),
        Column(say("report.frontiers.unsure", language)),
        Column(say("report.frontiers.km", language)),
    ]
    rows = [
        _place(str(place), int(year), places.iloc[number], language)
        for number, (place, year) in enumerate(places.index.tolist())
    ]
    caption = say("report.frontiers.by_place", language)
    file = "tables/frontiers-by-place.csv"
    return cells.grid(caption, columns, rows, file=file, most=_MOST_PLACES)


def _place(place: str, year: int, row: pd.Series[Any], language: Language) -> list[Cell | str]:
    sharp, km = row["frontier_frontiers"], row["frontier_frontier_length"] / _KM
    open_ = row["frontier_unsure"] + row["frontier_untested"]
    of = say("report.table.of", language, {"every": int(row["frontier_borders"])})
    return [
        place,
        str(year or "–"),
        _of_length(row, language),
        Cell(number(sharp, decimals=0, language=language), of),
        number(open_, decimals=0, language=language),
        number(km, decimals=1, language=language),
    ]


def _of_length(row: pd.Series[Any], language: Language) -> Cell:
    """The share of the length, over what it is at least and at most."""
    ends = [float(row[f"frontier_share_{end}"]) for end in ("lower", "upper")]
    text = share(float(row["frontier_share"]), language)
    told = [share(one, language) for one in ends]
    return Cell(text, detail="–".join(told) if told[0] != told[1] else "")


def _years(results: Results, view: View, found: pd.DataFrame) -> Grid:
    """A row per kind of border over two years: how many, how long, and which have changed."""
    assert results.frontiers is not None
    language = view.language
    columns = [
        Column(say("report.frontiers.border", language), number=False),
        Column(say("report.frontiers.borders", language)),
        Column(say("report.frontiers.km_long", language)),
        *(Column(say(key, language)) for key in _MOVED.values()),
    ]
    rows = []
    for name, words in FRONTIER_YEARS.items():
        part = found[found["border_years"] == name]
        counts = [len(part), float(part["length"].sum()) / _KM]
        counts += [int((part["became"] == one).sum()) for one in _MOVED]
        decimals = (0, 1, 0, 0)
        told = [
            number(one, decimals=fine, language=language)
            for one, fine in zip(counts, decimals, strict=True)
        ]
        rows.append([f"{words(language)[:1].upper()}{words(language)[1:]}", *told])
    span = {"before": str(results.frontiers.then), "after": str(results.year)}
    caption = say("report.frontiers.years_table", language, span)
    return cells.grid(caption, columns, rows, file="tables/frontiers.csv")


_MOVED = {
    "wider": "report.frontiers.more_apart",
    "narrower": "report.frontiers.less_apart",
}
