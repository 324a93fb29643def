"""Say in plain lines what a project's files hold, before anything is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, COUNTS, SHARES, Status
from grannskap.wording import say

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
    unknown = say("program.found.unknown", language)
    areas, shown = len(dataset.geometry), int(view.mask(dataset.geometry.index).sum())
    years = ", ".join(str(one) if one else unknown for one in dataset.years)
    held = {"years": years, "groups": ", ".join(dataset.groups)}
    division = str(dataset.division or unknown)
    lines = [
        say("program.found.areas", language, {"areas": areas, "shown": shown}),
        say("program.found.division", language, {"division": division}),
        say("program.found.years", language, held),
    ]
    lines += [f"  {_column(name, dataset, view, focus)}" for name in _found(dataset)]
    return [*lines, *(_note(note, view) for note in dataset.notes)]


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
    values = {"name": name, "label": view.called(name), "areas": held, "missing": missing}
    key = "program.found.column_missing" if missing else "program.found.column"
    return say(key, language, values)


def _note(note: Note, view: View) -> str:
    values = {"note": view.tell(note), "codes": list(note.codes)}
    key = "program.found.note_codes" if note.codes else "program.found.note"
    return say(key, view.language, values)
