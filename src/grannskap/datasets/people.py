"""The households of the made-up town: counts that agree with one another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grannskap.datasets.quarters import QUARTERS, Quarter, affluence

__all__ = ["YEARS", "Row", "rows"]

YEARS = (2012, 2017)

_PERSONS = (
    "population",
    "working_age",
    "employed",
    "education_base",
    "post_secondary",
    "born_outside_eu",
    "age_20_29",
)
_QUARTILES = ("low", "medium_low", "medium_high", "high")

Counts = npt.NDArray[np.int64]

_BOUNDS = np.array([159_280.0, 229_940.0, 318_456.0])
"""Upper bounds of the country's three lower quartiles in 2017, kr per consumption unit."""

_CUTS = np.array([-1.1, 0.0, 1.1])
"""Where the bounds lie in units of affluence: a quarter of the country below each (almost)."""

_SPREAD = 0.315  # of log income per unit of affluence: takes the cuts to the bounds
_SORTED_OUT = np.array([0.30, 0.05, -0.30, -0.75])
"""How much likelier (log-odds) a household of each quartile is to rent of the company."""

_ESTATE = {2012: -0.5, 2017: -1.85}
"""The same for high incomes where the company owns nearly every home: they left."""


@dataclass(frozen=True)
class Row:
    """One area in one year and group; every count is whole.

    Attributes
    ----------
    area : int
        The area's number.
    year : int
        2012 or 2017.
    group : str
        ``"all"`` or ``"public_housing"``.
    counts : dict of str to int
        Canonical columns of `catalogue.COUNTS`.
    income : float
        Median disposable income, kr per consumption unit; NaN where nobody lives.
    """

    area: int
    year: int
    group: str
    counts: dict[str, int]
    income: float


def rows(
    numbers: list[int], middles: npt.NDArray[np.float64], rng: np.random.Generator
) -> list[Row]:
    """Make one row per area, year and group.

    Parameters
    ----------
    numbers : list of int
        The quarter of each area.
    middles : numpy.ndarray, shape (n, 2)
        A point in each area, in km from the town hall.
    rng : numpy.random.Generator
        Decides sizes and local differences.

    Returns
    -------
    list of Row
        Areas in order, years in order, everybody before public housing.

    Examples
    --------
    >>> made = rows([0], np.zeros((1, 2)), np.random.default_rng(0))
    >>> [(row.year, row.group) for row in made][:2]
    [(2012, 'all'), (2012, 'public_housing')]
    """
    made: list[Row] = []
    for area, number in enumerate(numbers):
        quarter = QUARTERS[number]
        levels = affluence(number, middles[area])
        persons = round(1150 + 1350 * rng.random())
        local = 0.34 * (rng.random() - 0.5) - 0.15
        shake = 1 + 0.3 * (rng.random(6) - 0.5)
        growth = 0.92 + 0.07 * rng.random()
        for year, level in zip(YEARS, levels, strict=True):
            here = persons if year == YEARS[-1] else round(persons * growth)
            everybody = _everybody(quarter, here, level + local, shake, year)
            public = _public(everybody, quarter, year)
            made.append(Row(area, year, "all", everybody, _median(everybody, year)))
            made.append(Row(area, year, "public_housing", public, _median(public, year)))
    return made


def _everybody(
    quarter: Quarter, persons: int, level: float, shake: npt.NDArray[np.float64], year: int
) -> dict[str, int]:
    households = round(persons / (quarter.size * (0.9 + 0.2 * (shake[0] - 0.85) / 0.3)))
    quartiles = _parts(households, np.diff(_logistic(_CUTS - level), prepend=0, append=1))
    students = round(persons * quarter.students * shake[1])
    working = students + round((persons - students) * 0.54)
    education_base = round((working - students) * 0.88 + 0.35 * students)
    employed = round((working - students) * _logistic(1.32 + 0.95 * level) + 0.30 * students)
    later = 0.0 if year == YEARS[-1] else -0.025
    outside = min(0.75, quarter.born_outside_eu * shake[2] * (1 + 4 * later))
    learned = min(0.85, max(0.03, quarter.education * shake[3] + later))
    public = _company(quartiles, quarter, year)
    tenure = _parts(
        round(households * 1.02) - public.sum(),
        np.array([quarter.rented * shake[4], quarter.tenant_owned * shake[5], _owned(quarter)]),
    )
    return {
        "population": persons,
        **dict(zip(_QUARTILES, map(int, quartiles), strict=True)),
        "households": households,
        "employed": min(employed, working),
        "working_age": working,
        "post_secondary": round(education_base * learned),
        "education_base": education_base,
        "born_outside_eu": round(persons * outside),
        "age_20_29": students + round((persons - students) * 0.10 * shake[1]),
        "public_housing": int(public.sum()),
        "dwellings": int(public.sum() + tenure.sum()),
        "rented": int(public.sum() + tenure[0]),
        "tenant_owned": int(tenure[1]),
        "owned": int(tenure[2]),
    }


def _public(everybody: dict[str, int], quarter: Quarter, year: int) -> dict[str, int]:
    """Those of the area's households that rent of the municipal company."""
    quartiles = np.array([everybody[key] for key in _QUARTILES])
    inside = _company(quartiles, quarter, year)
    share = inside.sum() / everybody["households"]
    less, more = share * (1 - 0.3 * (1 - share)), min(1.0, share * (1 + 0.3 * (1 - share)))
    factors = {"employed": less, "post_secondary": less, "born_outside_eu": more}
    persons = {key: int(everybody[key] * factors.get(key, share)) for key in _PERSONS}
    households = int(inside.sum())
    return {
        **persons,
        **dict(zip(_QUARTILES, map(int, inside), strict=True)),
        "households": households,
        "public_housing": households,
        "dwellings": households,
        "rented": households,
        "tenant_owned": 0,
        "owned": 0,
    }


def _company(quartiles: Counts, quarter: Quarter, year: int) -> Counts:
    """Households of each quartile with the municipal company."""
    if quarter.public == 0:
        return np.zeros(4, dtype=np.int64)
    odds = np.log(quarter.public / (1 - quarter.public)) + _SORTED_OUT
    odds[3] += _ESTATE[year] * max(0.0, quarter.public - 0.4) / 0.36
    renting: Counts = np.floor(quartiles * _logistic(odds)).astype(np.int64)
    return renting


def _owned(quarter: Quarter) -> float:
    return max(0.01, 1 - quarter.public - quarter.rented - quarter.tenant_owned)


def _median(counts: dict[str, int], year: int) -> float:
    """Median income that these quartiles leave room for, in halves of a krona; or NaN.

    The log-odds of lying below a bound grow evenly with log income between two bounds, and
    by the country's slope outside them.
    """
    if counts["households"] == 0:
        return float("nan")
    below = np.cumsum([counts[key] for key in _QUARTILES[:3]]) + 0.5
    odds = np.log(below / (counts["households"] + 1 - below))
    bounds = np.log(_BOUNDS * (1.0 if year == YEARS[-1] else 0.89))
    if odds[0] > 0:
        income = bounds[0] - _SPREAD * odds[0]
    elif odds[2] < 0:
        income = bounds[2] - _SPREAD * odds[2]
    else:
        income = np.interp(0.0, odds, bounds)
    return round(2 * math.exp(income)) / 2


def _parts(total: int, shares: npt.NDArray[np.float64]) -> Counts:
    """Split a total by shares into whole numbers that sum to it (largest remainders)."""
    exact = total * shares / shares.sum()
    whole: Counts = np.floor(exact).astype(np.int64)
    rest = int(total - whole.sum())
    whole[np.argsort(-(exact - whole), kind="stable")[:rest]] += 1
    return whole


def _logistic(x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.asarray(x, dtype=float))))
