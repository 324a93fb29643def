"""Counts summed over places, and the shares of those sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from grannskap.catalogue import GROUPS, SHARES, Share
from grannskap.errors import ColumnError, DataError, few
from grannskap.language import Text, counted
from grannskap.measures import proportion
from grannskap.notes import Note, with_notes

__all__ = ["table"]

Absent = Literal["missing", "nobody"]

_LEVELS = ["place", "year", "group"]
_SIZES = ("population", "households")
_WHOLE_COUNTRY = {2018: 5984, 2025: 6160}
"""How many areas each division has."""


def table(
    register: pd.DataFrame,
    places: pd.Series[Any] | Mapping[str, Sequence[str]],
    *,
    shares: Sequence[str] | None = None,
    country: str | None = None,
    absent: Absent = "missing",
    level: float | None = None,
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
    level : float, optional
        Adds an exact (Clopper–Pearson) interval for each share, at this confidence: how
        far chance alone would move a share of so few.

    Returns
    -------
    pandas.DataFrame
        Index (``place``, ``year``, ``group``) in the order of the places, then by year
        and of `grannskap.catalogue.GROUPS`; a row where an area of the place has one.
        ``areas``; ``population`` and ``households`` where the register holds them; each
        share ``x`` (with ``x_lower`` and ``x_upper`` when a level is given); ``x_missing``
        for each. NaN where no area has both counts, or the base is 0. Notes name the areas
        that are missing and places without any row.

    Raises
    ------
    DataError
        When a place has no areas, one name is used twice, or the country is not whole.
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
    if absent not in ("missing", "nobody"):
        raise DataError(
            expected="absent as missing or nobody", came=repr(absent), remedy="choose one"
        )
    wanted = _wanted(register, shares)
    sizes = [name for name in _SIZES if name in register]
    members = _members(places, register, country)
    rows = _rows(register, members)
    sums = _pieces(rows, wanted, sizes).groupby([rows[name] for name in _LEVELS], observed=True)
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
    told = told.join(_shares(summed, expected, wanted, level))
    return with_notes(told, _notes(rows, members, wanted))


def _wanted(register: pd.DataFrame, shares: Sequence[str] | None) -> list[Share]:
    there = {s.name: s for s in SHARES.values() if {s.part, s.base} <= {*register.columns}}
    if shares is None:
        return list(there.values())
    absent = [name for name in shares if name not in there]
    if absent:
        raise ColumnError(
            expected=f"shares of counts in the register ({few(there, most=12) or 'none'})",
            came=few(absent),
            remedy="add the part and the base of each to the register's columns",
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
            raise DataError(
                expected="a name of its own for the country",
                came=f"{country!r}, which is a place too",
                remedy="choose another name",
            )
        listed[country] = _whole(register)
    empty = [name for name, areas in listed.items() if not areas]
    if empty or not listed:
        raise DataError(
            expected="areas in every place",
            came=f"none in {few(empty)}" if empty else "no places",
            remedy="list the area codes of each place",
        )
    pairs = [(name, area) for name, areas in listed.items() for area in areas]
    members = pd.DataFrame(pairs, columns=["place", "deso"])
    return members.assign(place=pd.Categorical(members["place"], categories=list(listed)))


def _whole(register: pd.DataFrame) -> list[str]:
    codes = sorted(register.index.unique("deso"))
    division = register.attrs.get("division")
    sizes = [_WHOLE_COUNTRY[division]] if division else list(_WHOLE_COUNTRY.values())
    if len(codes) not in sizes:
        raise DataError(
            expected=f"a register of the whole country ({' or '.join(map(str, sizes))} areas)",
            came=f"{len(codes)} areas",
            remedy="leave the country out, or read a register that holds all of it",
        )
    return codes


def _rows(register: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return the register's rows of each place, an area once for every place it is in."""
    flat = register.reset_index()
    keys = [*GROUPS, *sorted({*flat["group"]} - {*GROUPS})]
    flat = flat.assign(group=pd.Categorical(flat["group"], categories=keys, ordered=True))
    return members.astype({"deso": "object"}).merge(flat.astype({"deso": "object"}), on="deso")


def _pieces(rows: pd.DataFrame, wanted: Sequence[Share], sizes: Sequence[str]) -> pd.DataFrame:
    """Return what is to be summed: parts and bases where both are known, and how often."""
    pieces: dict[str, pd.Series[Any]] = {}
    for name in sizes:
        pieces[name], pieces[f"{name}_known"] = rows[name], rows[name].notna()
    for share in wanted:
        both = rows[share.part].notna() & rows[share.base].notna()
        pieces[f"{share.name}_part"] = rows[share.part].where(both)
        pieces[f"{share.name}_base"] = rows[share.base].where(both)
        pieces[f"{share.name}_known"] = both
    return pd.DataFrame(pieces, index=rows.index)


def _shares(
    summed: pd.DataFrame, expected: pd.Series[Any], wanted: Sequence[Share], level: float | None
) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for share in wanted:
        name = share.name
        lacking = expected - summed[f"{name}_known"]
        part = summed[f"{name}_part"].to_numpy(float)
        base = summed[f"{name}_base"].where(summed[f"{name}_base"] > 0).to_numpy(float)
        columns[name] = part / base
        if level is not None:
            bounds = proportion.interval(part, base, confidence=level)
            columns[f"{name}_lower"], columns[f"{name}_upper"] = bounds
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
        text = Text(
            f"{counted(len(gone), 'area').sv} "
            f"saknar uppgift om minst en andel; deras platsers andelar gäller "
            "de övriga områdena.",
            f"{len(gone)} areas lack the counts of at least one share; the shares of their "
            "places are those of the other areas.",
        )
        told.append(Note("areas without counts", text, tuple(sorted(map(str, gone)))))
    seen = {*rows["place"].unique()}
    unseen = [name for name in members["place"].cat.categories if name not in seen]
    if unseen:
        text = Text(
            f"{counted(len(unseen), 'place').sv} finns inte alls i registret: {few(unseen)}.",
            f"{len(unseen)} places are not in the register at all: {few(unseen)}.",
        )
        told.append(Note("places without rows", text, tuple(map(str, unseen))))
    return told
