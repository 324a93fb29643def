"""Planning: which of the files in a folder make a project, and what it shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, SHARES
from grannskap.contrasts import contrast_in
from grannskap.deso import Division
from grannskap.language import Text
from grannskap.starting.looking import Areas, Looked, Numbers, Outlines, Unplaced
from grannskap.wording import in_both

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["Aside", "Plan", "Shown", "plan"]

_OTHER_PAIRS = (("rented", "owned"), ("foreign_background", "swedish_background"))
"""What a balance is of where nothing tells of incomes."""

_PARTS = (
    ("employment_rate", "employment_rate_20_65", "employment_rate_16_64", "employment_rate_16_65"),
    ("disposable_income", "median_income"),
    ("post_secondary_share", "post_secondary_share_25_65"),
)
"""The parts of the index, and what each can be, the best first."""

_FIRST_OF_2025 = 2024
_MOST_OTHERS = 5


@dataclass(frozen=True)
class Shown:
    """The municipality that is shown, and others that could be."""

    code: str
    name: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Aside:
    """A file that is known, and left for the user to take in; why."""

    numbers: Numbers
    why: Text


@dataclass(frozen=True, eq=False)
class Plan:
    """What a project file is to say.

    Attributes
    ----------
    folder : Path
        Where it is to stand.
    areas : Areas or None
        The boundaries; None where there are none.
    division : {2018, 2025} or None
        Their division.
    guessed : bool
        Whether the division was told by the years of the numbers, and not by a file.
    shown : Shown or None
        What is shown; None for all of it.
    year : int
        The year in focus; 0 where none is known.
    registers : tuple of Numbers
        What is read, each with the columns that are taken of it.
    poles : tuple of str or None
        The poles of the balance, where the columns do not say by themselves; empty where nothing
        can be balanced.
    components : tuple of str
        The parts of the index that the columns give.
    names : Numbers or None
        The file of names of areas.
    police : Outlines or None
        The areas of the police.
    asides : tuple of Aside
        Files of numbers that are known and not read.
    unplaced : tuple of Unplaced
        The other files.
    """

    folder: Path
    areas: Areas | None
    division: Division | None
    guessed: bool
    shown: Shown | None
    year: int
    registers: tuple[Numbers, ...]
    poles: tuple[str, ...] | None
    components: tuple[str, ...]
    names: Numbers | None
    police: Outlines | None
    asides: tuple[Aside, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def runs(self) -> bool:
        """Whether the project has all that a run needs."""
        return self.areas is not None and self.poles != ()


def plan(looked: Looked) -> Plan:
    """Choose boundaries, numbers, year and municipality, and tell why other files are left."""
    areas = next(iter(looked.areas), None)
    known = [one for one in looked.numbers if one.found.columns]
    names = [one for one in looked.numbers if one.found.names is not None]
    focus, poles = _focus(known)
    division, guessed = _division(areas, known, focus)
    registers, asides = _chosen(known, focus, division, areas)
    columns = {name for one in registers for name in one.found.columns}
    police = [one for one in looked.outlines if one.police and _touch(one, areas)]
    return Plan(
        folder=looked.folder,
        areas=areas,
        division=division,
        guessed=guessed,
        shown=_shown(looked, areas, registers),
        year=focus,
        registers=tuple(registers),
        poles=None if contrast_in(columns) else poles,
        components=tuple(_components(columns)),
        names=next(iter(names), None),
        police=next(iter(police), None),
        asides=tuple(asides),
        unplaced=(*looked.unplaced, *_left(looked, names[:1], police[:1])),
    )


def _focus(known: Sequence[Numbers]) -> tuple[int, tuple[str, ...]]:
    """Return the latest year in which a balance can be made, and its poles."""
    contrasts = [(one, contrast_in(one.found.columns)) for one in known]
    years = [year for one, pair in contrasts if pair for year in one.found.years]
    if years:
        return max(years), ()
    for pair in _OTHER_PAIRS:
        there = [one for one in known if set(pair) <= set(one.found.columns)]
        if there:
            return max(year for one in there for year in one.found.years), pair
    return max((year for one in known for year in one.found.years), default=0), ()


def _division(
    areas: Areas | None, known: Sequence[Numbers], focus: int
) -> tuple[Division | None, bool]:
    told = [areas.division] if areas is not None else []
    told += [one.found.division for one in known if one.found.division is not None]
    for one in told:
        if one is not None:
            return one, False
    if not focus:
        return None, False
    return (2018 if focus < _FIRST_OF_2025 else 2025), True


def _chosen(
    known: Sequence[Numbers], focus: int, division: Division | None, areas: Areas | None
) -> tuple[list[Numbers], list[Aside]]:
    """Part the files of numbers into those that are read, and those that are left and why."""
    held: dict[tuple[str, int], str] = {}
    chosen: list[Numbers] = []
    asides: list[Aside] = []
    codes = None if areas is None else set(areas.polygons.index)
    # Files of incomes first: what they hold is taken from them.
    for one in sorted(known, key=lambda one: contrast_in(one.found.columns) is None):
        why = _why_left(one, focus, division, codes)
        new = {
            name: address
            for name, address in one.found.columns.items()
            if not any((name, year) in held for year in one.found.years)
        }
        whole = {of for name, of in one.found.percent.items() if name in new}
        new |= {name: one.found.columns[name] for name in whole - set(new)}
        if why is None and not set(new) - whole:
            keys = [(name, year) for name in one.found.columns for year in one.found.years]
            first = next(held[key] for key in keys if key in held)
            why = in_both("starting.same as", {"file": first})
        if why is not None:
            asides.append(Aside(one, why))
            continue
        chosen.append(replace(one, found=replace(one.found, columns=new)))
        held |= {(name, year): one.path.name for name in new for year in one.found.years}
    order = {one.path: number for number, one in enumerate(known)}
    return sorted(chosen, key=lambda one: order[one.path]), asides


def _why_left(
    one: Numbers, focus: int, division: Division | None, codes: Collection[str] | None
) -> Text | None:
    """Return why a file is not read, None where it is."""
    found = one.found
    if codes is not None and not found.areas & set(codes):
        return in_both("starting.elsewhere")
    if found.division is not None and found.division != division:
        values = {"own": str(found.division), "division": str(division)}
        return in_both("starting.other division", values)
    if (0 in found.years) != (focus == 0):
        return in_both("starting.no year")
    if focus not in found.years and contrast_in(found.columns) is None:
        years = ", ".join(map(str, found.years))
        return in_both("starting.other year", {"years": years, "year": str(focus)})
    return None


def _components(columns: set[str]) -> list[str]:
    """Return the parts of the index that the columns give."""
    shares = {one.name for one in SHARES.values() if {one.part, one.base} <= columns}
    there = shares | (columns & set(AMOUNTS))
    found = [next((name for name in names if name in there), None) for names in _PARTS]
    return [name for name in found if name is not None]


def _shown(looked: Looked, areas: Areas | None, registers: Sequence[Numbers]) -> Shown | None:
    """Choose the municipality that the folder is named after, else the one of most areas."""
    if areas is None or len(_towns(areas)) == 1:
        return None
    sizes = _towns(areas)
    here = set(areas.polygons.index)
    partial = {code[:4] for one in registers for code in one.found.areas - here}
    whole = [code for code in sizes.index if code not in partial] or list(sizes.index)
    names = _names_of_towns(areas)
    folder = looked.folder.resolve().name.casefold()
    named = [code for code in whole if names[code].casefold() == folder]
    code = (named or whole)[0]
    others = [f"{other} {names[other]}" for other in whole if other != code]
    return Shown(code, names[code], tuple(others[:_MOST_OTHERS]))


def _towns(areas: Areas) -> pd.Series[int]:
    """Return how many areas each municipality has, the largest first."""
    sizes: pd.Series[int] = areas.polygons["municipality"].value_counts()
    return sizes


def _names_of_towns(areas: Areas) -> dict[str, str]:
    both = areas.polygons[["municipality", "municipality_name"]].drop_duplicates("municipality")
    return {str(code): str(name) for code, name in both.itertuples(index=False)}


def _touch(outlines: Outlines, areas: Areas | None) -> bool:
    """Tell whether some of the shapes touch the areas."""
    if areas is None:
        return False
    return bool(outlines.shapes.intersects(areas.polygons.union_all()).any())


def _left(looked: Looked, names: Sequence[Numbers], police: Sequence[Outlines]) -> list[Unplaced]:
    """Return the files that were read and have no place."""
    left = [Unplaced(one.path, in_both("starting.more boundaries")) for one in looked.areas[1:]]
    for one in looked.numbers:
        if not one.found.columns and one not in names:
            held = [repr(name) for name in one.found.headings]
            key = "starting.more names" if one.found.names else "starting.not known"
            left.append(Unplaced(one.path, in_both(key, {"headings": held})))
    for shapes in looked.outlines:
        if shapes not in police:
            key = "starting.far away" if shapes.police else "starting.shapes"
            left.append(Unplaced(shapes.path, in_both(key)))
    return left
