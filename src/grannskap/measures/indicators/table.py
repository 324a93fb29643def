"""Counts summed over places, the shares of those sums, and how they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from grannskap import deso
from grannskap.catalogue import GROUPS, SHARES, Share
from grannskap.errors import ColumnError, DataError
from grannskap.measures import proportion
from grannskap.notes import Note, with_notes
from grannskap.wording import in_both

__all__ = ["compare", "table"]

Absent = Literal["missing", "nobody"]

_LEVELS = ["place", "year", "group"]
_SIZES = ("population", "persons", "households")


def table(
    register: pd.DataFrame,
    places: pd.Series[Any] | Mapping[str, Sequence[str]],
    *,
    shares: Sequence[str] | None = None,
    country: str | None = None,
    absent: Absent = "missing",
    confidence: float | None = None,
) -> pd.DataFrame:
    """Shares of places by year and group, 0–1, with how many they describe.

    A place's share is the sum of the part over the sum of its base, never the mean of its
    areas' shares. Areas that lack either enter neither sum, and how many they are stands
    beside the share.

    Parameters
    ----------
    register : pandas.DataFrame
        Counts; index ``deso``, ``year``, ``group``.
    places : pandas.Series or mapping
        The place of each area (Series on ``deso``; a missing label is no place), or a
        mapping from a place's name to its areas, which may overlap.
    shares : sequence of str, optional
        Names from `grannskap.catalogue.SHARES`; all whose counts are there unless given.
    country : str, optional
        A name ("Riket") for all areas together; needs a register of the whole country.
    absent : {"missing", "nobody"}
        What an area means that has no row at all for a year and a group other than
        ``"all"``: unknown, or nobody, as in deliveries that leave empty cells out.
    confidence : float, optional
        Adds an exact (Clopper–Pearson) interval for each share, at this confidence: how
        far chance alone would move a share of so few, if all were independent.

    Returns
    -------
    pandas.DataFrame
        Index (``place``, ``year``, ``group``) in the order of the places, then by year
        and of `grannskap.catalogue.GROUPS`; a row where an area of the place has one.
        ``areas``; ``population`` and ``households`` where the register holds them; each
        share ``x`` (with ``x_lower`` and ``x_upper`` when a confidence is given); ``x_missing``
        for each. NaN where no area has both counts, or the base is 0. Notes name the areas
        that are missing, places without any row, and areas whose part passes its base by at
        most 10, as perturbed counts may; a share is at most 1.

    Raises
    ------
    DataError
        When a place has no areas, one name is used twice, the country is not whole, or a part
        is greater than its base.
    ColumnError
        When the counts of a share that was asked for are not there.

    References
    ----------
    Clopper and Pearson (1934), see `grannskap.balance.interval`.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = ["0581C1010", "0581C1020"]
    >>> index = pd.MultiIndex.from_product([codes, [2017], ["all"]],
    ...                                    names=["deso", "year", "group"])
    >>> register = pd.DataFrame({"low": [90, 10], "households": [100, 300]}, index=index)
    >>> table(register, {"Hageby": codes})[["households", "low_income_share"]]
                       households  low_income_share
    place  year group
    Hageby 2017 all           400              0.25
    """
    _check_absent(absent)
    wanted = _wanted(register, shares)
    members = _members(places, register, country)
    rows = _rows(register, members)
    notes = [note for share in wanted for note in _excess(rows, share)]
    told = _summed(rows, members, _known(rows, wanted), absent=absent, confidence=confidence)
    return with_notes(told, [*notes, *_notes(rows, members, wanted)])


def compare(
    register: pd.DataFrame,
    places: pd.Series[Any] | Mapping[str, Sequence[str]],
    then: int,
    now: int,
    *,
    shares: Sequence[str] | None = None,
    country: str | None = None,
    absent: Absent = "missing",
) -> pd.DataFrame:
    """Shares of two years side by side, and their difference in percentage points, −100–100.

    Each share is measured over the areas that have its part and its base in both years, and
    over them alone: two years are never compared over different areas. So a share of one year
    can differ from that of `table`.

    Parameters
    ----------
    register, places, shares, country, absent
        As for `table`.
    then, now : int
        The two years.

    Returns
    -------
    pandas.DataFrame
        Index (``place``, ``group``), in the order of `table`. ``areas``; ``population`` and
        ``households`` then and now, of all areas, where the register holds them; for each
        share ``x``: ``x_then``, ``x_now`` (0–1), ``x_points``, 100 times now minus then, and
        ``x_missing``, how many areas of the place are not known in both years. NaN where none
        is. A note names the areas.

    Raises
    ------
    DataError
        When the register does not hold both years, or they are the same; and as for `table`.
    ColumnError
        When the counts of a share that was asked for are not there.

    Examples
    --------
    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_product([["0581C1010", "0581C1020"], [2012, 2017], ["all"]],
    ...                                    names=["deso", "year", "group"])
    >>> register = pd.DataFrame({"low": [50, 58, 9, None], "households": 100}, index=index)
    >>> places = {"Hageby": ["0581C1010", "0581C1020"]}
    >>> compare(register, places, 2012, 2017, shares=["low_income_share"]).iloc[:, -4:].round(2)
                  low_income_share_then  ...  low_income_share_missing
    place  group                         ...
    Hageby all                      0.5  ...                         1
    <BLANKLINE>
    [1 rows x 4 columns]
    """
    _check_absent(absent)
    _check_years(register, then, now)
    wanted = _wanted(register, shares)
    years = register.index.get_level_values("year")
    both = register[years.isin([then, now])]
    if absent == "nobody":
        both = _with_nobody(both, (then, now))
    members = _members(places, register, country)
    rows = _rows(both, members)
    notes = [note for share in wanted for note in _excess(rows, share)]
    known = _known(rows, wanted)
    twice = known.groupby([rows[name] for name in ("place", "deso", "group")], observed=True)
    common = twice.transform("sum") == 2
    told = _summed(rows, members, common, absent=absent, confidence=None)
    missing = rows.loc[~common.all(axis=1), "deso"].unique()
    gone = {*missing, *(set(members["deso"]) - set(rows["deso"]))}
    return with_notes(_side_by_side(told, then, now), [*notes, *_on_gaps(gone)])


def _side_by_side(told: pd.DataFrame, then: int, now: int) -> pd.DataFrame:
    pairs = told.reset_index("year").index.unique()
    before, after = (told.xs(year, level="year").reindex(pairs) for year in (then, now))
    areas = before["areas"].fillna(after["areas"]).astype("int64")
    columns: dict[str, pd.Series[Any]] = {"areas": areas}
    for name in told:
        if name in (*_SIZES, *SHARES):
            columns[f"{name}_then"], columns[f"{name}_now"] = before[name], after[name]
        if name in SHARES:
            columns[f"{name}_points"] = 100 * (after[name] - before[name])
            missing = before[f"{name}_missing"].fillna(after[f"{name}_missing"])
            columns[f"{name}_missing"] = missing.astype("int64")
    return pd.DataFrame(columns, index=pairs)


def _with_nobody(register: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """Return the register with nobody where an area has a group's row in the other year only."""
    keys = register.index.to_frame(index=False)
    keys = keys.loc[keys["group"] != "all", ["deso", "group"]].drop_duplicates()
    every = keys.merge(pd.DataFrame({"year": years}), how="cross")
    absent = pd.MultiIndex.from_frame(every[list(register.index.names)]).difference(
        pd.MultiIndex.from_frame(register.index.to_frame(index=False))
    )
    nobody = pd.DataFrame(0.0, index=absent, columns=register.select_dtypes("number").columns)
    return pd.concat([register, nobody])


def _check_absent(absent: str) -> None:
    if absent not in ("missing", "nobody"):
        raise DataError("absent as something else", {"absent": repr(absent)})


def _check_years(register: pd.DataFrame, then: int, now: int) -> None:
    years = register.index.get_level_values("year")
    if then == now or not {then, now} <= {*years}:
        raise DataError(
            "years not in the register",
            {"years": sorted(set(years)), "then": str(then), "now": str(now)},
        )


def _wanted(register: pd.DataFrame, shares: Sequence[str] | None) -> list[Share]:
    there = {s.name: s for s in SHARES.values() if {s.part, s.base} <= {*register.columns}}
    if shares is None:
        return list(there.values())
    absent = [name for name in shares if name not in there]
    if absent:
        raise ColumnError(
            "shares not in the register",
            {"absent": absent, "count": len(there), "there": list(there)},
        )
    return [there[name] for name in shares]


def _members(
    places: pd.Series[Any] | Mapping[str, Sequence[str]],
    register: pd.DataFrame,
    country: str | None,
) -> pd.DataFrame:
    """Return a row per place and area, in the order of the places."""
    if isinstance(places, pd.Series):
        labelled = places.dropna()
        listed = {name: list(labelled.index[labelled == name]) for name in sorted(set(labelled))}
    else:
        listed = {name: sorted(set(areas)) for name, areas in places.items()}
    if country is not None:
        if country in listed:
            raise DataError("country called as a place", {"country": country})
        listed[country] = _whole(register)
    empty = [name for name, areas in listed.items() if not areas]
    if empty or not listed:
        raise DataError("places without areas", {"count": len(empty), "empty": empty})
    pairs = [(name, area) for name, areas in listed.items() for area in areas]
    members = pd.DataFrame(pairs, columns=["place", "deso"])
    return members.assign(place=pd.Categorical(members["place"], categories=list(listed)))


def _whole(register: pd.DataFrame) -> list[str]:
    codes = sorted(register.index.unique("deso"))
    division = register.attrs.get("division")
    sizes = [deso.AREAS[division]] if division else list(deso.AREAS.values())
    if len(codes) not in sizes:
        either = {"first": str(sizes[0]), "second": str(sizes[-1])}
        raise DataError(
            "register not of the country",
            {
                "count": str(len(codes)),
                "sizes": in_both("errors.phrases.or", either)
                if division is None
                else str(sizes[0]),
            },
        )
    return codes


def _rows(register: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return the register's rows of each place, an area once for every place it is in."""
    flat = register.reset_index()
    keys = [*GROUPS, *sorted({*flat["group"]} - {*GROUPS})]
    flat = flat.assign(group=pd.Categorical(flat["group"], categories=keys, ordered=True))
    return members.astype({"deso": "object"}).merge(flat.astype({"deso": "object"}), on="deso")


def _known(rows: pd.DataFrame, wanted: Sequence[Share]) -> pd.DataFrame:
    """Tell which rows have the part and the base of each share."""
    both = {s.name: rows[s.part].notna() & rows[s.base].notna() for s in wanted}
    return pd.DataFrame(both, index=rows.index)


def _excess(rows: pd.DataFrame, share: Share) -> list[Note]:
    """Refuse a part that is greater than its base; note what perturbation may have done."""
    codes = pd.Index(rows["deso"].to_numpy())
    over = (rows[share.part] - rows[share.base]).to_numpy(dtype=float, na_value=np.nan)
    return proportion.excess(over, codes, part=share.part, base=share.base, share=share.name)


def _summed(
    rows: pd.DataFrame,
    members: pd.DataFrame,
    known: pd.DataFrame,
    *,
    absent: Absent,
    confidence: float | None,
) -> pd.DataFrame:
    """Return sizes, shares and what they lack, each share over the rows where it is known."""
    wanted = [SHARES[str(name)] for name in known]
    sizes = [name for name in _SIZES if name in rows]
    pieces = _pieces(rows, known, wanted, sizes)
    sums = pieces.groupby([rows[name] for name in _LEVELS], observed=True)
    summed, seen = sums.sum(), sums.size()
    summed.index = _plain(summed.index)
    areas = members["place"].value_counts().reindex(summed.index.get_level_values("place"))
    expected = pd.Series(areas.to_numpy(), index=summed.index)
    told = pd.DataFrame({"areas": expected})
    if absent == "nobody":
        everyone = summed.index.get_level_values("group") == "all"
        expected = expected.where(everyone, seen.to_numpy())
    for name in sizes:
        told[name] = summed[name].where(summed[f"{name}_known"] == expected)
    return told.join(_shares(summed, expected, wanted, confidence))


def _pieces(
    rows: pd.DataFrame, known: pd.DataFrame, wanted: Sequence[Share], sizes: Sequence[str]
) -> pd.DataFrame:
    """Return what is to be summed: parts and bases where they are known, and how often."""
    pieces: dict[str, pd.Series[Any]] = {}
    for name in sizes:
        pieces[name], pieces[f"{name}_known"] = rows[name], rows[name].notna()
    for share in wanted:
        both = known[share.name]
        pieces[f"{share.name}_part"] = rows[share.part].where(both)
        pieces[f"{share.name}_base"] = rows[share.base].where(both)
        pieces[f"{share.name}_known"] = both
    return pd.DataFrame(pieces, index=rows.index)


def _shares(
    summed: pd.DataFrame,
    expected: pd.Series[Any],
    wanted: Sequence[Share],
    confidence: float | None,
) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for share in wanted:
        name = share.name
        lacking = expected - summed[f"{name}_known"]
        part = summed[f"{name}_part"].to_numpy(float)
        base = summed[f"{name}_base"].where(summed[f"{name}_base"] > 0).to_numpy(float)
        columns[name] = np.minimum(part / base, 1.0)
        if confidence is not None:
            ends = proportion.interval(np.minimum(part, base), base, confidence=confidence)
            columns[f"{name}_lower"], columns[f"{name}_upper"] = ends
        missing[f"{name}_missing"] = lacking.astype("int64")
    return pd.DataFrame({**columns, **missing}, index=summed.index)


def _plain(index: pd.Index[Any]) -> pd.MultiIndex:
    """Return the index without its categories, in the same order."""
    levels = [index.get_level_values(name).to_numpy(dtype=object) for name in _LEVELS]
    levels[1] = levels[1].astype("int64")
    return pd.MultiIndex.from_arrays(levels, names=_LEVELS)


def _notes(rows: pd.DataFrame, members: pd.DataFrame, wanted: Sequence[Share]) -> list[Note]:
    told = []
    counts = sorted({count for share in wanted for count in (share.part, share.base)})
    gaps = set(rows.loc[rows[counts].isna().any(axis=1), "deso"])
    gone = gaps | (set(members["deso"]) - set(rows["deso"]))
    if gone:
        values = {"areas": len(gone), "of": "shares"}
        told.append(Note("areas without counts", values, tuple(sorted(map(str, gone)))))
    seen = {*rows["place"].unique()}
    unseen = [name for name in members["place"].cat.categories if name not in seen]
    if unseen:
        names = list(map(str, unseen))
        values = {"places": len(names), "names": names}
        told.append(Note("places without rows", values, tuple(names)))
    return told


def _on_gaps(gone: set[Any]) -> list[Note]:
    if not gone:
        return []
    values = {"areas": len(gone), "of": "shares"}
    return [Note("areas not in both years", values, tuple(sorted(map(str, gone))))]
