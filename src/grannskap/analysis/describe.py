"""Say in plain lines what a project's files hold, before anything is measured."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, COUNTS, SHARES, Status
from grannskap.language import inside_sentence
from grannskap.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grannskap.analysis.view import View
    from grannskap.dataset import Dataset
    from grannskap.notes import Note

__all__ = ["describe"]

_MOST_CODES = 3
_COUNTED = {"footnotes": "rows", "other regions": "rows"}
"""Notes that are told once of all files together, and what of them is added up."""


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
    division = dataset.areas_called if dataset.division else unknown
    lines = [
        say("program.found.areas", language, {"areas": areas, "shown": shown}),
        say("program.found.division", language, {"division": division}),
        say("program.found.years", language, held),
        *_columns(dataset, view, focus),
        *_shares(dataset, view),
    ]
    lines += _interventions(view)
    return [*lines, *(_note(note, view) for note in _together(dataset.notes))]


def _interventions(view: View) -> list[str]:
    """Say in a line how many interventions the list holds, and how many are marked on maps."""
    held = view.interventions
    if held is None:
        return []
    marked = sum(one.mark is not None for one in held.placed)
    values = {"file": held.file, "every": len(held.placed), "marked": marked}
    return [say("program.found.interventions", view.language, values)]


def _columns(dataset: Dataset, view: View, year: int) -> Iterator[str]:
    """Say of each column what it is, and in how many areas it is not known."""
    there = set(dataset.variables)
    for name in dict.fromkeys([*COUNTS, *AMOUNTS, *dataset.variables]):
        if name in there:
            known = int((dataset.count(name, year=year).status == Status.VALUE).sum())
            missing = len(dataset.geometry) - known
            values = {"name": name, "label": view.called(name), "areas": known, "missing": missing}
            key = "program.found.column_missing" if missing else "program.found.column"
            yield f"  {say(key, view.language, values)}"


def _shares(dataset: Dataset, view: View) -> list[str]:
    """Say in a line which shares follow from the columns."""
    there = set(dataset.variables)
    found = [one.name for one in SHARES.values() if {one.part, one.base} <= there]
    called = ", ".join(inside_sentence(view.called(name)) for name in found)
    return [say("program.found.shares", view.language, {"shares": called})] if found else []


def _together(notes: Iterable[Note]) -> Iterator[Note]:
    """Give each note once; those that are only counted as one, with the sum of all."""
    sums: Counter[str] = Counter()
    every = list(notes)
    for note in every:
        if note.kind in _COUNTED:
            sums[note.kind] += int(str(note.values[_COUNTED[note.kind]]))
    for note in every:
        if note.kind not in _COUNTED:
            yield note
        elif note.kind in sums:
            yield replace(note, values={_COUNTED[note.kind]: sums.pop(note.kind)}, codes=())


def _note(note: Note, view: View) -> str:
    values = {"note": view.tell(note), "codes": _first(note.codes, view)}
    key = "program.found.note_codes" if note.codes else "program.found.note"
    return say(key, view.language, values)


def _first(codes: tuple[str, ...], view: View) -> str:
    """Name the first codes that a note concerns, and count the others."""
    named, left = ", ".join(codes[:_MOST_CODES]), len(codes) - _MOST_CODES
    return say("headline.few", view.language, {"list": named, "left": left}) if left > 0 else named
