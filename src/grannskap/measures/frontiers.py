"""Frontiers: borders between two neighbouring areas whose shares of poor differ beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from grannskap.counts import Counts
from grannskap.errors import CodeError, DataError
from grannskap.measures.balance import changes
from grannskap.measures.neighbours import links
from grannskap.notes import Note, with_notes

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    from libpysal.graph import Graph
    from libpysal.weights import W

    from grannskap.measures.correction import Correction
    from grannskap.measures.neighbours import Neighbours

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

__all__ = ["find", "of_places", "since"]

TOLERANCE = 1.0
"""Metres within which two borders that share no vertices are one."""

_NO_LINE = shapely.MultiLineString()


def find(
    low: Counts | pd.Series[Any],
    high: Counts | pd.Series[Any],
    base: Counts | pd.Series[Any],
    graph: Neighbours | Graph | W,
    geometry: gpd.GeoSeries,
    *,
    alpha: float = 0.05,
    correction: Correction = "bh",
    dispersion: float = 0.0,
) -> gpd.GeoDataFrame:
    r"""Difference of the low share across each shared border, −1–1, and whether chance explains it.

    Parameters
    ----------
    low, high, base : Counts, or pandas.Series of float
        Counts on the same index (``deso``): both poles, and all that the low are a share of. In
        a plain column NaN is missing.
    graph : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        Who is next to whom; pairs that meet in a corner alone, or across water, have no border
        and are left out, with a note.
    geometry : geopandas.GeoSeries
        Polygons of the areas in metres, index ``deso``.
    alpha : float
        Error rate that q is held against.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q over all borders that were tested.
    dispersion : float
        Correlation of two households in one area, as for `balance.change`.

    Returns
    -------
    geopandas.GeoDataFrame
        A row per border: ``first`` and ``second`` (the side with the higher share first; the
        lower code where they are equal or unknown); ``share_first``, ``share_second``;
        ``difference`` (0–1) and its bounds ``difference_lower``, ``difference_upper``;
        ``log2_ratio`` of the balances of first to second, with ``log2_ratio_lower`` and
        ``log2_ratio_upper``; ``p``, ``q``; ``frontier`` (boolean; missing where nothing could be
        tested); ``length`` in metres, and the border as a line. Sorted by codes.

    Raises
    ------
    CodeError
        When an area of the graph has no polygon or no counts.
    DataError
        When polygons are not in metres, or more are low than there are.

    Notes
    -----
    p is Fisher's, two-sided, of equal odds of being low on both sides; what bounds (hidden,
    rounded or perturbed cells) allow is no difference. A border is tested, not the street: two
    areas can differ gradually. Borders that share an area are not independent; the false
    discovery rate is nevertheless held in the simulations of the tests.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from grannskap.measures.neighbours import build
    >>> row = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> counts = pd.DataFrame({"low": [90, 30, 28], "high": [10, 60, 61]}, index=row.index)
    >>> found = find(counts["low"], counts["high"], pd.Series(200, index=row.index),
    ...              build(row), row)
    >>> found[["first", "second", "frontier", "length"]].values.tolist()
    [['0114A0010', '0114A0020', True, 100.0], ['0114A0020', '0114A0030', False, 100.0]]
    """
    import geopandas as gpd

    pairs, lines, corners = _borders(graph, geometry)
    table = _compared(low, high, base, pairs, correction=correction, dispersion=dispersion)
    table["frontier"] = (table["q"] <= alpha).astype("boolean").mask(table["q"].isna())
    table["length"] = shapely.length(lines)
    found = gpd.GeoDataFrame(table, geometry=lines, crs=geometry.crs)
    return with_notes(found, _notes(found, corners))


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
        A row per place: ``share``, of the length that could be tested; ``frontier_length`` and
        ``tested_length`` in metres; ``frontiers``, ``tested`` and ``untested``, counts. Borders
        between two places belong to neither. NaN where nothing could be tested.

    Examples
    --------
    >>> table = pd.DataFrame({"first": ["a"], "second": ["b"], "length": [50.0],
    ...                       "frontier": pd.array([True], dtype="boolean")})
    >>> of_places(table, pd.Series("town", index=["a", "b"]))["share"].tolist()
    [1.0]
    """
    one, other = by.reindex(frontiers["first"]), by.reindex(frontiers["second"])
    inside = one.to_numpy() == other.to_numpy()
    held = frontiers[inside]
    tested = held["frontier"].notna()
    rows = pd.DataFrame(
        {
            "place": one.to_numpy()[inside],
            "frontier_length": held["length"].where(held["frontier"].fillna(value=False), 0.0),
            "tested_length": held["length"].where(tested, 0.0),
            "frontiers": held["frontier"].fillna(value=False).astype(int),
            "tested": tested.astype(int),
            "untested": (~tested).astype(int),
        }
    )
    table = rows.groupby("place").sum()
    table.insert(0, "share", table["frontier_length"] / table["tested_length"].replace(0, np.nan))
    return table


def since(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What became of each border between two years: opened, closed, stayed or never one.

    Parameters
    ----------
    then, now : pandas.DataFrame
        As `find` returns them, of the same division.

    Returns
    -------
    pandas.DataFrame
        On the codes of both sides (lower first), borders of both years: ``then`` and ``now``
        (boolean, missing where untested), ``became``: ``closed`` (a frontier that was none),
        ``opened`` (was one and is none), ``stayed``, ``never``, or ``untested``; ``length`` now.
        That one year's border is a frontier and the other's is not does not mean that the two
        years differ beyond chance.

    Examples
    --------
    >>> table = pd.DataFrame({"first": ["a"], "second": ["b"], "length": [50.0],
    ...                       "frontier": pd.array([True], dtype="boolean")})
    >>> since(table, table)["became"].tolist()
    ['stayed']
    """
    one, other = (_by_pair(table) for table in (then, now))
    index = other.index[other.index.isin(one.index)]
    table = pd.DataFrame(
        {
            "then": one["frontier"].reindex(index),
            "now": other["frontier"].reindex(index),
            "length": other["length"].reindex(index),
        }
    )
    words = {
        (False, True): "closed",
        (True, False): "opened",
        (True, True): "stayed",
        (False, False): "never",
    }
    known = table[["then", "now"]].notna().all(axis=1)
    became = [
        words[bool(was), bool(is_one)] if sure else "untested"
        for was, is_one, sure in zip(table["then"], table["now"], known, strict=True)
    ]
    table.insert(2, "became", became)
    return table


def _by_pair(table: pd.DataFrame) -> pd.DataFrame:
    sides = np.sort(table[["first", "second"]].to_numpy(dtype=str), axis=1)
    index = pd.MultiIndex.from_arrays([sides[:, 0], sides[:, 1]], names=["first", "second"])
    return pd.DataFrame(table[["frontier", "length"]]).set_axis(index)


def _borders(
    graph: Neighbours | Graph | W, geometry: gpd.GeoSeries
) -> tuple[npt.NDArray[np.str_], Shapes, int]:
    """Return the pairs that share a border, lower code first, its lines, and how many do not."""
    if geometry.crs is None or not geometry.crs.is_projected:
        raise DataError("polygons not in metres", {"crs": str(geometry.crs)})
    linked = links(graph, geometry)
    pairs = linked[["focal", "neighbor"]].to_numpy(dtype=str)
    shapes = geometry.reindex(pd.unique(pairs.ravel()))
    one, other = (shapes.reindex(pairs[:, side]).to_numpy() for side in (0, 1))
    lines = _lines(shapely.intersection(shapely.boundary(one), shapely.boundary(other)))
    unmatched = shapely.length(lines) == 0
    near = shapely.buffer(other[unmatched], TOLERANCE)
    close = _lines(shapely.intersection(shapely.boundary(one[unmatched]), near))
    close[shapely.length(close) <= 4 * TOLERANCE] = _NO_LINE
    lines[unmatched] = close
    kept = shapely.length(lines) > 0
    return pairs[kept], lines[kept], int((~kept).sum())


def _lines(shapes: Shapes) -> Shapes:
    """Return the lines of each shape, merged, without its points."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    linear = shapely.get_dimensions(parts) == 1
    lines = np.full(len(shapes), _NO_LINE, dtype=object)
    shapely.multilinestrings(parts[linear], indices=owner[linear], out=lines)
    return np.asarray(shapely.line_merge(lines))


def _compared(
    low: Counts | pd.Series[Any],
    high: Counts | pd.Series[Any],
    base: Counts | pd.Series[Any],
    pairs: npt.NDArray[np.str_],
    *,
    correction: Correction,
    dispersion: float,
) -> pd.DataFrame:
    counts = {"low": _counts(low), "high": _counts(high), "base": _counts(base)}
    counts["rest"] = _rest(counts["base"], counts["low"])
    _check_codes(counts["low"].value.index, pairs)
    pairs = _ordered(counts, pairs)
    sides = [
        {name: _of(count, pairs[:, side]) for name, count in counts.items()} for side in (0, 1)
    ]
    first, second = sides
    options: dict[str, Any] = {"correction": correction, "dispersion": dispersion}
    odds = changes.change(second["low"], second["rest"], first["low"], first["rest"], **options)
    ratio = changes.change(
        second["low"], second["high"], first["low"], first["high"], correction="none"
    )
    shares = [side["low"].value / side["base"].value for side in sides]
    (low_one, up_one), (low_two, up_two) = (_share_bounds(side) for side in sides)
    return pd.DataFrame(
        {
            "first": pairs[:, 0],
            "second": pairs[:, 1],
            "share_first": shares[0].to_numpy(),
            "share_second": shares[1].to_numpy(),
            "difference": (shares[0] - shares[1]).to_numpy(),
            "difference_lower": low_one - up_two,
            "difference_upper": up_one - low_two,
            "log2_ratio": ratio["estimate"].to_numpy(),
            "log2_ratio_lower": ratio["lower"].to_numpy(),
            "log2_ratio_upper": ratio["upper"].to_numpy(),
            "p": odds["p"].to_numpy(),
            "q": odds["q"].to_numpy(),
        }
    )


def _counts(count: Counts | pd.Series[Any]) -> Counts:
    return count if isinstance(count, Counts) else Counts.known(count)


def _rest(base: Counts, low: Counts) -> Counts:
    """Return those who are not low: between what the bounds of both leave."""
    value = base.value - low.value
    if (value < 0).any():
        codes = [str(code) for code in value.index[value < 0]]
        raise DataError("more low than there are", {"areas": codes})
    lower = (base.lower - low.upper).clip(lower=0.0)
    status = low.status.where(low.value.isna(), base.status)
    return Counts(value, lower, (base.upper - low.lower).clip(lower=0.0), status)


def _check_codes(index: pd.Index[Any], pairs: npt.NDArray[np.str_]) -> None:
    gone = sorted({*pairs.ravel()} - {*map(str, index)})
    if gone:
        raise CodeError("areas without counts of both poles", {"areas": gone})


def _ordered(counts: dict[str, Counts], pairs: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """Return the pairs with the side of the higher share first."""
    share = (counts["low"].value / counts["base"].value).astype("float64")
    one, other = (share.reindex(pairs[:, side]).to_numpy() for side in (0, 1))
    swapped = (other > one)[:, None]
    return np.where(swapped, pairs[:, ::-1], pairs)


def _of(count: Counts, codes: npt.NDArray[np.str_]) -> Counts:
    """Return the count of one side of each border, on the borders' numbers."""
    parts = count.at(pd.Index(codes))
    names = ("value", "lower", "upper", "status")
    return Counts(*(getattr(parts, name).reset_index(drop=True) for name in names))


def _share_bounds(side: dict[str, Counts]) -> tuple[Floats, Floats]:
    low, rest = side["low"], side["rest"]
    least = low.lower / (low.lower + rest.upper)
    most = low.upper / (low.upper + rest.lower)
    return least.fillna(0.0).to_numpy(), most.fillna(1.0).to_numpy()


def _notes(table: pd.DataFrame, corners: int) -> list[Note]:
    told = []
    if corners:
        told.append(Note("neighbours without a border", {"pairs": corners}))
    untested = int(table["frontier"].isna().sum())
    if untested:
        told.append(Note("borders not tested", {"borders": untested}))
    return told
