"""Which borders are frontiers: the shares on both sides differ more than chance explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.counts import Counts
from grannskap.errors import CodeError, DataError
from grannskap.measures.balance import changes
from grannskap.measures.correction import answers
from grannskap.notes import Note, with_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from grannskap.measures.correction import Correction

    Floats = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.object_]

__all__ = ["PERSONS", "Sides", "find", "of_places"]

PERSONS = 3.0
"""How many times more a count of persons varies than one of persons independent of each other.

The mean of squared sizes of Sweden's households over their mean size is just below: persons of one
household have one economic standard.
"""


def find(
    low: Counts | pd.Series[Any],
    high: Counts | pd.Series[Any],
    base: Counts | pd.Series[Any],
    borders: gpd.GeoDataFrame,
    *,
    alpha: float = 0.05,
    correction: Correction = "bh",
    dispersion: float = 0.0,
    alike: float = 1.0,
    confidence: float = 0.95,
) -> gpd.GeoDataFrame:
    r"""Difference of the low share across each shared border, −1–1, and whether chance explains it.

    Parameters
    ----------
    low, high, base : Counts, or pandas.Series of float
        Counts on the same index (``deso``): both poles, and all that they are shares of. In
        a plain column NaN is missing.
    borders : geopandas.GeoDataFrame
        As `borders` returns it.
    alpha : float
        Error rate that q is held against.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q over all borders that were tested.
    dispersion : float
        Correlation of two households in one area, as for `balance.change`.
    alike : float
        How many of those counted always have the same income, as persons of one household have
        (`PERSONS`): counts are divided by it, and rounded, before they are tested.
    confidence : float
        Confidence of the interval of each frontier's ratio, for that frontier alone.

    Returns
    -------
    geopandas.GeoDataFrame
        A row per border: ``first`` and ``second`` (the side with the higher low share first; the
        lower code where they are equal or unknown); ``low_first`` … ``high_second``, counts;
        ``share_first``, ``share_second`` of the low, and ``high_share_first``,
        ``high_share_second``; ``difference`` of the low shares and its bounds
        ``difference_lower``, ``difference_upper``; ``balance_first``, ``balance_second``;
        ``log2_ratio`` of the balances of first to second, its bounds ``log2_ratio_lower``,
        ``log2_ratio_upper``, and of frontiers the interval of chance ``interval_lower``,
        ``interval_upper``; ``p`` and ``q``, the greatest that the possible counts allow, and
        ``q_least``, the least; ``status``, a key of `grannskap.catalogue.FRONTIERS`; ``length``
        in metres, and the line. Sorted by the codes of the borders.

    Raises
    ------
    CodeError
        When an area of the borders has no counts.
    DataError
        When more are low than there are.

    Notes
    -----
    p is Fisher's, two-sided, of equal odds of being low on both sides. What bounds (hidden,
    rounded or perturbed cells) allow is no difference: a border is a ``"frontier"`` where q is
    at most alpha whatever the counts are, ``"chance"`` where it is greater whatever they are,
    and ``"unsure"`` where that hangs on them. A border is tested, not the street: two areas can
    differ gradually. Borders that share an area are not independent; the false discovery rate
    is nevertheless held in the simulations of the tests.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from grannskap.measures.frontiers import borders
    >>> row = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> counts = pd.DataFrame({"low": [90, 30, 28], "high": [10, 60, 61]}, index=row.index)
    >>> found = find(counts["low"], counts["high"], pd.Series(200, index=row.index), borders(row))
    >>> found[["first", "second", "status", "length"]].values.tolist()
    [['0114A0010', '0114A0020', 'frontier', 100.0], ['0114A0020', '0114A0030', 'chance', 100.0]]
    """
    pairs = borders[["first", "second"]].to_numpy(dtype=object)
    first, second = Sides.of(low, high, base, pairs).ordered()
    tested = [_divided(side[one], alike) for side in (second, first) for one in ("low", "rest")]
    greatest, least = changes.possible_p(*tested, dispersion=dispersion)
    table = _described(first, second)
    table |= answers(greatest, least, alpha=alpha, correction=correction, beyond="frontier")
    sharp = table["status"] == "frontier"
    poles = [_divided(side[one], alike) for side in (second, first) for one in ("low", "high")]
    ends = _intervals(poles, sharp, confidence=confidence, dispersion=dispersion)
    found = borders.assign(**table | ends)
    columns = [name for name in found.columns if name not in ("length", "geometry")]
    found = found[[*columns, "length", "geometry"]]
    found.attrs = {}
    return with_notes(found, _notes(found))


class Sides:
    """The counts of both sides of each border, on the borders' numbers."""

    def __init__(self, counts: dict[str, Counts], pairs: Codes) -> None:
        self.counts, self.pairs = counts, pairs

    @classmethod
    def of(
        cls,
        low: Counts | pd.Series[Any],
        high: Counts | pd.Series[Any],
        base: Counts | pd.Series[Any],
        pairs: Codes,
    ) -> Sides:
        """Take the counts of areas, where every area of the borders has them."""
        counts = {"low": _counts(low), "high": _counts(high), "base": _counts(base)}
        counts["rest"] = _rest(counts["base"], counts["low"])
        gone = sorted({*map(str, pairs.ravel())} - {*map(str, counts["low"].value.index)})
        if gone:
            raise CodeError("areas without counts of both poles", {"areas": gone})
        return cls(counts, pairs)

    def at(self, side: int) -> dict[str, Any]:
        """Return the counts of the first or second side, and its codes."""
        codes = self.pairs[:, side]
        return {"code": codes} | {name: _of(one, codes) for name, one in self.counts.items()}

    def ordered(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides, the one with the higher share first."""
        share = (self.counts["low"].value / self.counts["base"].value).astype("float64")
        one, other = (share.reindex(self.pairs[:, side]).to_numpy() for side in (0, 1))
        swapped = (other > one)[:, None]
        turned = Sides(self.counts, np.where(swapped, self.pairs[:, ::-1], self.pairs))
        return turned.at(0), turned.at(1)


def of_places(frontiers: pd.DataFrame, by: pd.Series[Any]) -> pd.DataFrame:
    """Share of the border length inside each place that is a frontier, 0–1.

    Parameters
    ----------
    frontiers : pandas.DataFrame
        As `find` returns it.
    by : pandas.Series of str
        The place of each area, on ``deso``.

    Returns
    -------
    pandas.DataFrame
        A row per place that has a border inside: ``share``, of the length that could be tested,
        with what it is at most if every border that is ``"unsure"`` or ``"untested"`` were a
        frontier, ``share_upper``, and at least if none were, ``share_lower``;
        ``frontier_length`` and ``tested_length`` in metres; ``frontiers``, ``unsure``,
        ``borders`` and ``untested``, counts. Borders between two places belong to neither. NaN
        where nothing could be tested.

    Examples
    --------
    >>> table = pd.DataFrame({"first": ["a"], "second": ["b"], "length": [50.0],
    ...                       "status": ["frontier"]})
    >>> of_places(table, pd.Series("town", index=["a", "b"]))["share"].tolist()
    [1.0]
    """
    one, other = (by.reindex(frontiers[side]).to_numpy() for side in ("first", "second"))
    inside = one == other
    held, status = frontiers["length"].to_numpy()[inside], frontiers["status"].to_numpy()[inside]
    sharp, untested, unsure = (status == word for word in ("frontier", "untested", "unsure"))
    rows = {
        "frontier_length": np.where(sharp, held, 0.0),
        "tested_length": np.where(untested, 0.0, held),
        "_open": np.where(untested | unsure, held, 0.0),
        "_length": held,
        "frontiers": sharp.astype(int),
        "unsure": unsure.astype(int),
        "borders": np.ones(len(held), dtype=int),
        "untested": untested.astype(int),
    }
    table = pd.DataFrame({"place": one[inside], **rows}).groupby("place").sum()
    every, tested = (table[name].replace(0, np.nan) for name in ("_length", "tested_length"))
    shares = {
        "share": table["frontier_length"] / tested,
        "share_lower": table["frontier_length"] / every,
        "share_upper": (table["frontier_length"] + table["_open"]) / every,
    }
    return pd.DataFrame(shares).join(table.drop(columns=["_open", "_length"]))


def _counts(count: Counts | pd.Series[Any]) -> Counts:
    return count if isinstance(count, Counts) else Counts.known(count)


def _rest(base: Counts, low: Counts) -> Counts:
    """Return those who are not low: between what the bounds of both leave."""
    value = base.value - low.value
    if (value < 0).any():
        codes = [str(code) for code in value.index[value < 0]]
        raise DataError("more low than there are", {"areas": codes})
    return base.less(low)


def _divided(count: Counts, alike: float) -> Counts:
    """Return the count as if of as many as have an income of their own."""
    if alike == 1:
        return count
    value, lower, upper = (np.rint(one / alike) for one in (count.value, count.lower, count.upper))
    return Counts(value, lower, upper, count.status)


def _of(count: Counts, codes: Codes) -> Counts:
    """Return the count of one side of each border, on the borders' numbers."""
    parts = count.at(pd.Index(codes))
    names = ("value", "lower", "upper", "status")
    return Counts(*(getattr(parts, name).reset_index(drop=True) for name in names))


def _described(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Counts, shares and balances of both sides, and how far they differ."""
    columns: dict[str, Any] = {"first": first["code"], "second": second["code"]}
    for name in ("low", "high"):
        for end, side in (("first", first), ("second", second)):
            columns[f"{name}_{end}"] = side[name].value.to_numpy()
    for name, pole in (("share", "low"), ("high_share", "high")):
        for end, side in (("first", first), ("second", second)):
            columns[f"{name}_{end}"] = (side[pole].value / side["base"].value).to_numpy()
    (low_one, up_one), (low_two, up_two) = (_share_bounds(side) for side in (first, second))
    columns["difference"] = columns["share_first"] - columns["share_second"]
    columns |= {"difference_lower": low_one - up_two, "difference_upper": up_one - low_two}
    now, then, lower, upper = changes.ratio_changes(
        second["low"], second["high"], first["low"], first["high"]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log2(now) - np.log2(then)
    columns |= {"balance_first": now, "balance_second": then, "log2_ratio": ratio}
    return columns | {"log2_ratio_lower": lower, "log2_ratio_upper": upper}


def _share_bounds(side: dict[str, Counts]) -> tuple[Floats, Floats]:
    low, rest = side["low"], side["rest"]
    least = low.lower / (low.lower + rest.upper)
    most = low.upper / (low.upper + rest.lower)
    return least.fillna(0.0).to_numpy(), most.fillna(1.0).to_numpy()


def _intervals(
    poles: Sequence[Counts],
    sharp: npt.NDArray[np.bool_],
    *,
    confidence: float,
    dispersion: float,
) -> dict[str, Floats]:
    """Return the interval of each frontier's log2 ratio; of others it would be read as a test."""
    names = ("interval_lower", "interval_upper")
    ends = {name: np.full(len(sharp), np.nan) for name in names}
    if sharp.any():
        rows = pd.Index(np.flatnonzero(sharp))
        then_low, then_high, now_low, now_high = (pole.at(rows) for pole in poles)
        table = changes.change(
            *(then_low, then_high, now_low, now_high),
            confidence=confidence,
            correction="none",
            dispersion=dispersion,
        )
        for name in names:
            ends[name][sharp] = table[name].to_numpy()
    return ends


def _notes(table: pd.DataFrame) -> list[Note]:
    counts = table["status"].value_counts()
    told = []
    if counts.get("untested", 0):
        told.append(Note("borders not tested", {"borders": int(counts["untested"])}))
    if counts.get("unsure", 0):
        told.append(Note("borders unsure", {"borders": int(counts["unsure"])}))
    return told
