"""The notes of an analysis as the report tells them: few codes in the line, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap import notes
from grannskap.language import Text, count
from grannskap.outputs import headings
from grannskap.outputs.report import cells

if TYPE_CHECKING:
    from grannskap.analysis import Analysis
    from grannskap.notes import Note

__all__ = ["Remark", "of_data", "of_test"]

_FEW = 5
_MOST = 300

# What the section on the segregation index says in its own words.
_TOLD_THERE = ("components used", "index grows with size", "worst area may be students")

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


def of_data(analysis: Analysis) -> tuple[Remark, ...]:
    """Return the notes on the data: all but those on the index and on the test."""
    told = {*_test_notes(analysis)}
    kept = [n for n in analysis.notes if n not in told and n.kind not in _TOLD_THERE]
    return _remarks(analysis, kept)


def of_test(analysis: Analysis) -> tuple[Remark, ...]:
    """Return the warnings of the tests, without what the neighbours' description says."""
    isolated = set(analysis.clustering.description.isolated)
    kept = [
        note
        for note in _test_notes(analysis)
        if not (note.kind == "areas without neighbours" and set(note.codes) <= isolated)
    ]
    return _remarks(analysis, kept)


def _test_notes(analysis: Analysis) -> tuple[Note, ...]:
    clustering = analysis.clustering
    found = [*notes.of(clustering.local), *clustering.overall.notes]
    for table in (clustering.within, clustering.sensitivity):
        found += [] if table is None else notes.of(table)
    return tuple(dict.fromkeys(found))


def _remarks(analysis: Analysis, kept: Iterable[Note]) -> tuple[Remark, ...]:
    names = cells.area_names(analysis)
    return tuple(_remark(analysis, note, names) for note in kept)


def _remark(analysis: Analysis, note: Note, names: dict[str, str]) -> Remark:
    language = analysis.project.language
    text = note.text(language)
    if note.kind == "footnotes":
        summary = Text("Visa fotnoterna", "Show the footnotes")(language)
        return Remark(text, summary=summary, folded=note.codes)
    if note.kind in _ELSEWHERE:
        where = Text(" Vilka står i manifest.json.", " Which, is told in manifest.json.")
        return Remark(text + where(language))
    told = tuple(_name(code, analysis, names) for code in note.codes)
    if len(told) <= _FEW:
        return Remark(text, names=", ".join(told))
    held = count(len(told), language)
    summary = Text(f"Visa vilka ({held})", f"Show which ({held})")(language)
    left = len(told) - _MOST
    if left > 0:
        more = Text(
            f"och {count(left)} till, alla i manifest.json",
            f"and {count(left, 'en')} more, all in manifest.json",
        )
        told = (*told[:_MOST], more(language))
    return Remark(text, summary=summary, folded=(", ".join(told),))


def _name(code: str, analysis: Analysis, names: dict[str, str]) -> str:
    return (
        f"{code} ({names[code]})" if code in names else headings.concerned(code, analysis.project)
    )
