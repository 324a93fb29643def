"""The quarters of the made-up town: where each lies, who lives there, and in what homes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["QUARTERS", "SUPPRESSED", "Quarter", "affluence", "nearest"]

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Quarter:
    """A named part of the municipality, as a RegSO would be.

    Attributes
    ----------
    name : str
        An invented name.
    kind : str
        A, B or C: which areas can belong to it.
    at : tuple of float
        Its middle in km east and north of the town hall.
    level : tuple of float
        Affluence in the earlier and the later year: 0 puts a quarter of the households in
        each of the country's quartiles (almost), −1.6 puts ten low ones on each high one.
    size : float
        Persons per household.
    public, rented, tenant_owned : float
        Shares of the homes: the municipal company's, other landlords', tenant-owned.
    students : float
        Share of the persons who are students aged 20–29.
    education : float
        Share with three years or more after upper secondary school.
    born_outside_eu : float
        Share of the persons.
    """

    name: str
    kind: str
    at: tuple[float, float]
    level: tuple[float, float]
    size: float
    public: float
    rented: float
    tenant_owned: float
    education: float
    born_outside_eu: float
    students: float = 0.04


# name, kind, at, level, size, public, rented, tenant_owned, education, born_outside_eu, students
QUARTERS = (
    Quarter("Centrum", "C", (0.0, 0.5), (-0.10, -0.05), 1.65, 0.10, 0.32, 0.55, 0.33, 0.09),
    Quarter("Hamnen", "C", (0.5, -0.25), (-0.60, 0.20), 1.75, 0.05, 0.25, 0.68, 0.36, 0.07),
    Quarter("Lärdomshöjden", "C", (-0.9, -0.1), (-1.1, -1.1), 1.35, 0.3, 0.5, 0.2, 0.56, 0.1, 0.56),
    Quarter("Norrängen", "C", (-0.3, 3.2), (-0.92, -1.62), 2.55, 0.76, 0.10, 0.10, 0.12, 0.47),
    Quarter("Tallkullen", "C", (1.9, 2.2), (-0.40, -0.85), 2.3, 0.48, 0.18, 0.22, 0.17, 0.28),
    Quarter("Ekbacken", "C", (1.5, 0.7), (0.05, 0.10), 2.05, 0.12, 0.20, 0.38, 0.27, 0.10),
    Quarter("Solviken", "C", (3.3, 0.2), (0.60, 1.12), 2.65, 0.0, 0.03, 0.12, 0.46, 0.04),
    Quarter("Väderkvarn", "C", (-1.35, 1.15), (-0.20, -0.25), 1.95, 0.22, 0.28, 0.40, 0.25, 0.12),
    Quarter("Björkhaga", "C", (-3.0, 0.9), (0.50, 0.52), 2.55, 0.03, 0.06, 0.15, 0.33, 0.06),
    Quarter("Söderport", "C", (-0.1, -1.3), (-0.35, -0.38), 1.85, 0.28, 0.30, 0.36, 0.23, 0.13),
    Quarter("Bruksvallen", "C", (-2.0, -1.25), (-0.42, -0.48), 2.1, 0.30, 0.15, 0.20, 0.15, 0.14),
    Quarter("Strandängen", "C", (1.5, -2.3), (0.20, 0.55), 2.4, 0.04, 0.08, 0.30, 0.38, 0.05),
    Quarter("Sörgärdet", "C", (-1.2, -3.3), (0.08, 0.05), 2.45, 0.10, 0.08, 0.14, 0.22, 0.08),
    Quarter("Hittebruk", "B", (-6.9, -3.9), (-0.48, -0.58), 2.1, 0.24, 0.12, 0.08, 0.12, 0.13),
    Quarter("Sagosund", "B", (6.6, 3.6), (0.28, 0.32), 2.45, 0.06, 0.06, 0.10, 0.28, 0.04),
    Quarter("Drömsta", "B", (-3.9, 7.2), (-0.12, -0.12), 2.25, 0.14, 0.10, 0.08, 0.17, 0.07),
    Quarter("Nordanskog", "A", (0.5, 6.5), (0.08, 0.10), 2.3, 0.0, 0.08, 0.02, 0.19, 0.03),
    Quarter("Västanfjäll", "A", (-8.0, 0.0), (-0.18, -0.20), 2.2, 0.0, 0.10, 0.02, 0.14, 0.03),
    Quarter("Sunnanslätt", "A", (-1.0, -6.8), (0.02, 0.02), 2.3, 0.0, 0.09, 0.02, 0.16, 0.04),
    Quarter("Östanö", "A", (8.5, 0.5), (0.30, 0.34), 2.35, 0.0, 0.06, 0.03, 0.26, 0.03),
    Quarter("Fabelkusten", "A", (6.9, -4.7), (0.10, 0.12), 2.1, 0.0, 0.06, 0.02, 0.24, 0.02),
)
"""Every quarter; two poles, a student quarter, and what lies between."""

SUPPRESSED = "Hamnen"
"""The quarter whose smallest area has its incomes hidden, as where few households live."""

_REACH = 0.75  # km over which one quarter passes into the next


def nearest(kind: str, at: Points) -> int:
    """Number of the nearest quarter of this kind of area, to a point in km.

    Examples
    --------
    >>> QUARTERS[nearest("C", np.array([-0.3, 3.0]))].name
    'Norrängen'
    """
    away = [
        np.hypot(*(at - quarter.at)) if quarter.kind == kind else np.inf for quarter in QUARTERS
    ]
    return int(np.argmin(away))


def affluence(number: int, at: Points) -> tuple[float, float]:
    """Affluence in both years: the quarter's own, softened towards the quarters around.

    Examples
    --------
    >>> earlier, later = affluence(3, np.array(QUARTERS[3].at))
    >>> QUARTERS[3].name, later < earlier < 0
    ('Norrängen', True)
    """
    own = QUARTERS[number]
    around = [quarter for quarter in QUARTERS if quarter.kind == own.kind]
    away = np.array([np.hypot(*(at - quarter.at)) for quarter in around])
    weight = np.exp(-0.5 * (away / _REACH) ** 2) + 1e-9
    levels = np.array([quarter.level for quarter in around])
    soft = (weight[:, None] * levels).sum(axis=0) / weight.sum()
    mixed = 0.75 * np.array(own.level) + 0.25 * soft
    return float(mixed[0]), float(mixed[1])
