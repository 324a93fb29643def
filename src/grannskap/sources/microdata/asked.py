"""What is asked of microdata: where the rows are, what their columns hold, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "FLAGS",
    "HOUSEHOLD_COLUMNS",
    "METHOD",
    "PERSON_COLUMNS",
    "QUARTILES",
    "SCB_2021",
    "TENURES",
    "Asked",
    "Rows",
    "Scale",
]

Rows = Literal["persons", "households"]

QUARTILES = ("low", "medium_low", "medium_high", "high")
"""The country's four groups of households by income per consumption unit."""

TENURES = ("rented", "tenant_owned", "owned")

FLAGS = (*TENURES, "public_housing")
"""What a household can be beside everybody: its tenures, and the municipal company's."""

_WORK = ("employed", "working_age")
_EDUCATION = ("post_secondary", "education_base")

PERSON_COLUMNS = (
    *("household", "area", "age", "income", "year", "cohabiting", "in_turns"),
    *("tenure", "landlord", "employed", "education", "birth"),
)
"""What a column of person rows can hold; the first four must be there."""

HOUSEHOLD_COLUMNS = (
    *("household", "area", "adults", "children", "income", "year", "cohabiting"),
    *("in_turns", "tenure", "landlord"),
)
"""What a column of household rows can hold; the first five must be there."""


@dataclass(frozen=True)
class Scale:
    """Hundredths of a consumption unit that each member of a household has.

    Attributes
    ----------
    partner, adult : int
        The second of two who live together as a couple, and each further adult.
    child, children : int
        The first child (0–19), and each further one.
    turn, turns : int
        The first child where all of them live there in turns, and each further such child.
    """

    partner: int = 51
    adult: int = 60
    child: int = 52
    children: int = 42
    turn: int = 52
    turns: int = 42


METHOD = Scale()
"""A child has its whole weight wherever it lives."""

SCB_2021 = Scale(turn=38, turns=28)
"""SCB's from 2021: children who live in turns have less."""


@dataclass(frozen=True)
class Asked:
    """Where rows are, what their columns hold, and by which rules they are counted.

    Attributes
    ----------
    source : str
        A Parquet or CSV file, a folder of Parquet files, a DuckDB file, or a database's URL.
    columns : mapping of str to str
        What a column holds (of `PERSON_COLUMNS` or `HOUSEHOLD_COLUMNS`) to its name.
    rows : {"persons", "households"}
        What a row is of.
    table : str or None
        The table of a database.
    year : int or None
        The year of all rows, where no column tells it.
    values : mapping of str to sequence
        What stands in a column for ``cohabiting``, ``in_turns``, ``employed``,
        ``post_secondary``, ``born_outside_eu``, ``rented``, ``tenant_owned``, ``owned`` and
        ``public_housing``; a column of true and false needs none.
    scale : Scale
        Weights of the members.
    bounds : mapping of int to sequence of float
        The upper bounds of the three lower quartiles by year, kronor per unit; others are
        computed from the rows, which must then be the whole country's.
    without_income : {"keep", "leave out"}
        What becomes of households with an income of zero or less.
    engine : str
        ``"duckdb"``, or where Spark runs: ``"spark://…"``, ``"local[2]"``.
    memory : str
        What DuckDB may hold before it spills to disk.
    threads : int
        DuckDB's.
    medians : bool
        Whether each area's median of income per unit is worked out as well.
    """

    source: str
    columns: Mapping[str, str]
    rows: Rows = "persons"
    table: str | None = None
    year: int | None = None
    values: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    scale: Scale = METHOD
    bounds: Mapping[int, Sequence[float]] = field(default_factory=dict)
    without_income: Literal["keep", "leave out"] = "keep"
    engine: str = "duckdb"
    memory: str = "4GB"
    threads: int = 2
    medians: bool = True

    @property
    def groups(self) -> tuple[str, ...]:
        """What the rows tell of a household beside that it is one: of `FLAGS`."""
        told = [name for name in TENURES if "tenure" in self.columns and name in self.values]
        by_landlord = "landlord" in self.columns
        if by_landlord or ("tenure" in self.columns and "public_housing" in self.values):
            told.append("public_housing")
        return tuple(told)

    @property
    def people(self) -> tuple[str, ...]:
        """The counts of persons that the rows can give, under the catalogue's names."""
        if self.rows == "households":
            return ("population",)
        needs = {"employed": _WORK, "education": _EDUCATION, "birth": ("born_outside_eu",)}
        told = [name for column, names in needs.items() if column in self.columns for name in names]
        return ("population", "age_20_29", *told)

    @property
    def counted(self) -> tuple[str, ...]:
        """Every column that the counts have."""
        tenures = [name for name in self.groups if name in TENURES]
        whole = ("dwellings",) if len(tenures) == len(TENURES) else ()
        flags = [name for name in self.groups if whole or name not in TENURES]
        amounts = ("disposable_income",) if self.medians else ()
        return (*QUARTILES, "households", *self.people, *flags, *whole, *amounts)
