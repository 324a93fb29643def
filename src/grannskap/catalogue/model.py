"""What the catalogue is made of: columns, shares, divisions of a count, and fields of tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from grannskap.language import Text

Pole = Literal["low", "high"]
"""An end of a quantity."""

Concept = Literal[
    "purchasing power",
    "economic standard",
    "income quarters",
    "income",
    "employment",
    "education",
    "birth",
    "housing",
    "tenure",
    "age",
    "background",
    "people",
]
"""What a column tells of; measures of one concept are never called by another's words."""

Kind = Literal["text", "year", "count", "amount", "share", "ratio", "fine", "p", "flag"]
"""How the values of a column are written: a ratio with two decimals, `fine` with three."""


class Status(StrEnum):
    """Why a cell holds a number, or does not."""

    VALUE = "value"
    MISSING = "missing"
    SUPPRESSED = "suppressed"
    OUTSIDE_DIVISION = "outside division"
    NOT_JOINED = "not joined"

    def label(self) -> Text:
        """Return the words that outputs use for this status."""
        return _STATUS_LABELS[self.value]


_STATUS_LABELS = {
    "value": Text("uppgift finns", "value"),
    "missing": Text("uppgift saknas", "missing"),
    "suppressed": Text("dold av sekretess", "suppressed"),
    "outside division": Text("utanför indelningen", "outside division"),
    "not joined": Text("saknas i registret", "not joined"),
}


@dataclass(frozen=True)
class Column:
    """A column of the register: a count or an amount.

    Attributes
    ----------
    name : str
        Canonical name, in every frame and table.
    label : Text
        What a reader sees.
    unit : Text
        What one of it is: persons, households, dwellings, kronor.
    concept : Concept
        What it tells of.
    poor : {"low", "high"} or None
        Which end of it marks the poor pole, where one does.
    """

    name: str
    label: Text
    unit: Text
    concept: Concept
    poor: Pole | None = None


@dataclass(frozen=True)
class Share:
    """A share in 0–1: a count over its base.

    Attributes
    ----------
    name : str
        Canonical name.
    part, base : str
        Columns whose quotient it is.
    label : Text
        What a reader sees.
    concept : Concept
        What it tells of.
    poor : {"low", "high"}
        Which end of it marks the poor pole.
    """

    name: str
    part: str
    base: str
    label: Text
    concept: Concept
    poor: Pole = "high"


@dataclass(frozen=True)
class Partition:
    """A count and the columns, none overlapping another, that divide it.

    Attributes
    ----------
    whole : str
        The column that is divided.
    parts : tuple of str
        The columns that divide it.
    exhaustive : bool
        Whether they are all of it; otherwise they may be less.
    """

    whole: str
    parts: tuple[str, ...]
    exhaustive: bool


@dataclass(frozen=True)
class Field:
    """A column that our own tables have: its heading, and how its values are written.

    Attributes
    ----------
    label : Text
        What stands above it.
    kind : Kind
        How its values are written.
    poor : {"low", "high"} or None
        Which end of it marks the poor pole, where one does.
    """

    label: Text
    kind: Kind
    poor: Pole | None = None


def status_column(name: str) -> str:
    """Return the name of the column that holds the status of column `name`.

    Examples
    --------
    >>> status_column("low")
    'low_status'
    """
    return f"{name}_status"


def lower_column(name: str) -> str:
    """Return the name of the column that holds the least that column `name` can be.

    Examples
    --------
    >>> lower_column("low")
    'low_lower'
    """
    return f"{name}_lower"


def upper_column(name: str) -> str:
    """Return the name of the column that holds the most that column `name` can be.

    Examples
    --------
    >>> upper_column("low")
    'low_upper'
    """
    return f"{name}_upper"
