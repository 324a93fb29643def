"""DeSO codes and divisions: parse, check, take apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import CodeError
from grannskap.notes import Note
from grannskap.wording import in_both

__all__ = [
    "AREAS",
    "COUNTRY",
    "Codes",
    "Division",
    "Level",
    "called",
    "county",
    "in_scope",
    "kind",
    "municipality",
    "parse",
    "same_division",
]

Division = Literal[2018, 2025]

Level = Literal["deso", "regso"]
"""What areas are: DeSO, or the RegSO that are made up of them."""

COUNTRY = "country"
"""The scope that holds every code."""

AREAS: dict[Division, int] = {2018: 5984, 2025: 6160}
"""How many DeSO each division has."""

_FLAGS = re.IGNORECASE | re.ASCII
_CODE = re.compile(r"(?P<code>\d{4}[ABC]\d{4})(?:_DeSO(?P<division>\d{4}))?", _FLAGS)
_ZERO_EATEN = re.compile(r"[1-9]\d{2}[ABC]\d{4}(?:_DeSO\d{4})?", _FLAGS)
_REGSO = re.compile(r"(?P<code>\d{4}R\d{3})(?:_RegSO(?P<division>\d{4}))?", _FLAGS)
_REGSO_EATEN = re.compile(r"[1-9]\d{2}R\d{3}(?:_RegSO\d{4})?", _FLAGS)
_SCOPE = re.compile(r"\d{2}|\d{4}(?:[ABC](?:\d{4})?|R(?:\d{3})?)?", re.ASCII)
_OF_REGSO = {"2020": "2018"}
"""The year of DeSO that goes with a year of RegSO, where they differ."""
_DIVISIONS: dict[str, Division] = {"2018": 2018, "2025": 2025}


@dataclass(frozen=True)
class Codes:
    """Checked DeSO codes, in the order they came.

    Attributes
    ----------
    values : pandas.Index
        Bare codes such as ``"0114A0010"``, named ``deso``; may repeat.
    division : {2018, 2025} or None
        The division stated by the caller or by a suffix; None when neither told.
    notes : tuple of Note
        What was repaired or stripped.
    """

    values: pd.Index[Any]
    division: Division | None
    notes: tuple[Note, ...]


MUNICIPALITIES: dict[str, int] = {
    **{"01": 26, "03": 8, "04": 9, "05": 13, "06": 13, "07": 8, "08": 12, "09": 1, "10": 5},
    **{"12": 33, "13": 6, "14": 49, "17": 16, "18": 12, "19": 10, "20": 15, "21": 10, "22": 7},
    **{"23": 8, "24": 15, "25": 14},
}
"""How many municipalities each county has: 290 in all, since 2003."""


def parse(
    values: Iterable[object], *, division: Division | None = None, level: Level = "deso"
) -> Codes:
    """Parse and check DeSO codes as they stand in people's files.

    A suffix ``_DeSO2025`` is stripped and recorded. A leading zero that a spreadsheet
    ate (``114A0010``) is put back when the result cannot be another code, which holds
    for the counties 01–09, and a note says so.

    Parameters
    ----------
    values : iterable
        Codes as text.
    division : {2018, 2025}, optional
        The division that the codes are known to belong to.
    level : {"deso", "regso"}
        Which codes they are; those of RegSO look like ``0380R001``, and their ``_RegSO2020`` is
        of division 2018.

    Returns
    -------
    Codes
        Bare codes, their division where known, and notes.

    Raises
    ------
    CodeError
        When a value is no DeSO code, or when two divisions are mixed.

    Examples
    --------
    >>> parse(["0114A0010_DeSO2025", "114C1010"]).values.tolist()
    ['0114A0010', '0114C1010']
    """
    form, eaten_form = (_CODE, _ZERO_EATEN) if level == "deso" else (_REGSO, _REGSO_EATEN)
    texts = ["" if value is None else str(value).strip() for value in values]
    repaired = [f"0{text}" if eaten_form.fullmatch(text) else text for text in texts]
    matches = [form.fullmatch(text) for text in repaired]
    bad = [text or "(empty)" for text, match in zip(texts, matches, strict=True) if match is None]
    if bad:
        raise CodeError(
            "codes of another form", {"count": len(bad), "codes": list(dict.fromkeys(bad))}
        )
    found = [match for match in matches if match is not None]
    index = pd.Index([match["code"].upper() for match in found], name="deso", dtype="str")
    years = {match["division"] for match in found} - {None}
    if level == "regso":
        years = {_OF_REGSO.get(year, year) for year in years}
    told = same_division(years | _stated(division))
    eaten = sorted({new for old, new in zip(texts, repaired, strict=True) if old != new})
    return Codes(index, told, _notes_on_zeros(eaten))


def _stated(division: Division | None) -> set[str]:
    return set() if division is None else {str(division)}


def _notes_on_zeros(codes: Sequence[str]) -> tuple[Note, ...]:
    if not codes:
        return ()
    zeros = tuple(code.split("_")[0].upper() for code in codes)
    return (Note("repaired codes", {"codes": len(zeros)}, zeros),)


def same_division(told: Iterable[object]) -> Division | None:
    """Return the one division that was told, or None when nothing was.

    Parameters
    ----------
    told : iterable
        Divisions as numbers or text; None entries are passed over.

    Returns
    -------
    {2018, 2025} or None
        The division.

    Raises
    ------
    CodeError
        When two divisions are mixed, or one is unknown.

    Examples
    --------
    >>> same_division([2018, None, "2018"])
    2018
    """
    names = {str(name) for name in told if name is not None}
    unknown = names - set(_DIVISIONS)
    if unknown:
        raise CodeError("unknown division", {"names": sorted(unknown)})
    if len(names) > 1:
        raise CodeError("two divisions")
    return _DIVISIONS[names.pop()] if names else None


def called(level: Level, division: Division | None) -> str:
    """Return what areas are called, with the year of their division.

    Examples
    --------
    >>> called("deso", 2018), called("regso", 2018), called("regso", None)
    ('DeSO 2018', 'RegSO 2020', 'RegSO')
    """
    name = "RegSO" if level == "regso" else "DeSO"
    year = 2020 if level == "regso" and division == 2018 else division
    return name if year is None else f"{name} {year}"


def municipality(codes: pd.Index[Any]) -> pd.Series[Any]:
    """Municipality code, 4 digits, by DeSO code (index ``deso``).

    Examples
    --------
    >>> municipality(pd.Index(["0114A0010"])).tolist()
    ['0114']
    """
    return _named(codes, codes.str[:4], "municipality")


def county(codes: pd.Index[Any]) -> pd.Series[Any]:
    """County code, 2 digits, by DeSO code (index ``deso``).

    Examples
    --------
    >>> county(pd.Index(["0114A0010"])).tolist()
    ['01']
    """
    return _named(codes, codes.str[:2], "county")


def kind(codes: pd.Index[Any]) -> pd.Series[Any]:
    """Kind of area by DeSO code: A outside localities, B in one, C in the main one.

    Examples
    --------
    >>> kind(pd.Index(["0114A0010"])).tolist()
    ['A']
    """
    return _named(codes, codes.str[4], "kind")


def _named(codes: pd.Index[Any], values: object, name: str) -> pd.Series[Any]:
    return pd.Series(np.asarray(values), index=pd.Index(codes, name="deso"), name=name, dtype="str")


def in_scope(codes: pd.Index[Any], scope: str | Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell which codes lie in a scope.

    Parameters
    ----------
    codes : pandas.Index
        Bare DeSO codes.
    scope : str or sequence of str
        ``"country"``, a county (2 digits), a municipality (4 digits), a DeSO code, a
        municipality's kind of area (``"0380C"`` is its main locality), or several of these.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        True where the code begins with one of the scope's codes.

    Raises
    ------
    CodeError
        When the scope is empty, or a part of it is of another form or holds no code at all.

    Examples
    --------
    >>> in_scope(pd.Index(["0114A0010", "0380C1010"]), "03").tolist()
    [False, True]
    """
    parts = [scope] if isinstance(scope, str) else list(scope)
    inside = np.zeros(len(codes), dtype=bool)
    for part in parts or [""]:
        here = np.full(len(codes), part == COUNTRY)
        if _SCOPE.fullmatch(part):
            texts = codes.to_numpy(dtype=object)
            here |= np.array([code.startswith(part) for code in texts], dtype=bool)
        if not here.any():
            raise _empty_scope(part, codes)
        inside |= here
    return inside


def _empty_scope(part: str, codes: pd.Index[Any]) -> CodeError:
    """Say whether a scope is no code at all, has lost its zero, or lies elsewhere."""
    there = sorted({str(code)[:4] for code in codes})
    padded = f"0{part}"
    if _SCOPE.fullmatch(padded) and any(code.startswith(padded) for code in codes):
        remedy = in_both("errors.phrases.did you mean", {"near": padded})
    elif _SCOPE.fullmatch(part):
        remedy = in_both("errors.phrases.the municipalities here", {"codes": there})
    else:
        remedy = in_both("errors.phrases.codes in quotes")
    return CodeError("scope without areas", {"part": part, "remedy": remedy})
