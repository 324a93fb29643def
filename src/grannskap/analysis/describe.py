"""Say in plain lines what a project's files hold, before anything is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, COUNTS, SHARES, Status
from grannskap.errors import few
from grannskap.language import Text, count

if TYPE_CHECKING:
    from grannskap.analysis.view import View
    from grannskap.dataset import Dataset
    from grannskap.notes import Note

__all__ = ["describe"]


def describe(dataset: Dataset, view: View, *, year: int | None = None) -> list[str]:
    """Say in plain lines what was found, for ``grannskap check``.

    Parameters
    ----------
    dataset : Dataset
        What was read.
    view : View
        Its language, words, and what it shows.
    year : int, optional
        The year told of; the latest unless given.

    Returns
    -------
    list of str
        A line each.
    """
    language = view.language
    focus = max(dataset.years) if year is None else year
    unknown = Text("ej angiven", "not stated")(language)
    areas, shown = len(dataset.geometry), int(view.mask(dataset.geometry.index).sum())
    years = ", ".join(str(one) if one else unknown for one in dataset.years)
    lines = [
        f"{Text('Områden', 'Areas')(language)}: {count(areas, language)}, "
        f"{Text('varav visas', 'of which shown')(language)} {count(shown, language)}",
        f"{Text('Indelning', 'Division')(language)}: DeSO {dataset.division or unknown}",
        f"{Text('År', 'Years')(language)}: {years}; "
        f"{Text('grupper', 'groups')(language)}: {', '.join(dataset.groups)}",
    ]
    lines += [_column(name, dataset, view, focus) for name in _found(dataset)]
    return [*lines, *(f"– {view.tell(note)}{_first_codes(note)}" for note in dataset.notes)]


def _found(dataset: Dataset) -> list[str]:
    there = set(dataset.variables)
    shares = [one.name for one in SHARES.values() if {one.part, one.base} <= there]
    every = dict.fromkeys([*COUNTS, *AMOUNTS, *shares, *dataset.variables])
    return [name for name in every if name in there or name in shares]


def _column(name: str, dataset: Dataset, view: View, year: int) -> str:
    language, behind = view.language, [name]
    if name in SHARES and name not in dataset.variables:
        behind = [SHARES[name].part, SHARES[name].base]
    known = [dataset.count(one, year=year).status == Status.VALUE for one in behind]
    held = int(known[0].sum()) if len(known) == 1 else int((known[0] & known[1]).sum())
    missing = len(dataset.geometry) - held
    absent = Text("saknas i", "missing in")(language)
    return (
        f"  {name} ({view.called(name)}): {count(held, language)} "
        f"{Text('områden', 'areas')(language)}" + (f", {absent} {missing}" if missing else "")
    )


def _first_codes(note: Note) -> str:
    return f" ({few(note.codes)})" if note.codes else ""
