"""The notes of an analysis as the report tells them: few codes in the line, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grannskap import notes
from grannskap.language import count
from grannskap.outputs.report import protection
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.notes import Note

__all__ = ["Remark", "of_data", "of_test"]

_FOOTNOTES = "footnotes"
_FEW = 5
_MOST = 60

# What the section on the segregation index says in its own words.
_TOLD_THERE = ("components used", "index grows with size", "worst area may be students")

_NOT_HERE = (*_TOLD_THERE, *protection.KINDS, notes.FOR_THE_OWNER)

# Outside the map by the project's own choice: their codes tell a reader nothing.
_ELSEWHERE = ("register rows not joined",)


@dataclass(frozen=True)
class Remark:
    """A note: its sentence, the names it concerns, and a heading for those that are folded.

    Attributes
    ----------
    text : str
        One sentence.
    names : str
        The names in the line, when they are few.
    summary : str
        Heading of the folded names, when they are many.
    folded : tuple of str
        They.
    """

    text: str
    names: str = ""
    summary: str = ""
    folded: tuple[str, ...] = ()


def of_data(results: Results, view: View) -> tuple[Remark, ...]:
    """Return the notes on the data: all but those on the index, on the test and for the owner."""
    tested = {*_test_notes(results)}
    kept = [n for n in results.notes if n not in tested and n.kind not in _NOT_HERE]
    return _remarks(results, view, kept)


def of_test(results: Results, view: View) -> tuple[Remark, ...]:
    """Return the warnings of the tests, without what the neighbours' description says."""
    isolated = {
        code for clustering in results.clusterings for code in clustering.description.isolated
    }
    kept = [
        note
        for note in _test_notes(results)
        if not (note.kind == "areas without neighbours" and set(note.codes) <= isolated)
    ]
    return _remarks(results, view, kept)


def _test_notes(results: Results) -> tuple[Note, ...]:
    found: list[Note] = []
    for clustering in results.clusterings:
        found += notes.of(clustering.local)
        found += () if clustering.overall is None else clustering.overall.notes
        for table in (clustering.within, clustering.sensitivity):
            found += [] if table is None else notes.of(table)
    return tuple(dict.fromkeys(found))


def _remarks(results: Results, view: View, kept: Iterable[Note]) -> tuple[Remark, ...]:
    names = view.area_names(results)
    return tuple(_remark(view, note, names) for note in _footnotes_once(kept))


def _footnotes_once(kept: Iterable[Note]) -> Iterator[Note]:
    """The notes, those on footnotes as one: tables of one source repeat most of theirs."""
    held = [*kept]
    all_of_them = dict.fromkeys(
        code for note in held if note.kind == _FOOTNOTES for code in note.codes
    )
    first = True
    for note in held:
        if note.kind != _FOOTNOTES:
            yield note
        elif first:
            first = False
            values = {**note.values, "rows": len(all_of_them)}
            yield replace(note, values=values, codes=tuple(all_of_them))


def _remark(view: View, note: Note, names: dict[str, str]) -> Remark:
    language = view.language
    text = view.tell(note)
    if note.kind == _FOOTNOTES:
        return Remark(text, summary=say("report.page.show_footnotes", language), folded=note.codes)
    if note.kind in _ELSEWHERE:
        return Remark(say("report.page.in_manifest", language, {"text": text}))
    named = tuple(view.concerned(code, names) for code in note.codes)
    if len(named) <= _FEW:
        return Remark(text, names=", ".join(named))
    summary = say("report.page.show_which", language, {"held": len(named)})
    left = len(named) - _MOST
    if left > 0:
        more = say("report.page.more_in_manifest", language, {"left": count(left, language)})
        named = (*named[:_MOST], more)
    return Remark(text, summary=summary, folded=(", ".join(named),))
