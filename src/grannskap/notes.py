"""Notes: what was dropped, repaired, hidden or approximated, counted and named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from grannskap.language import Text

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

__all__ = ["FOR_THE_OWNER", "Note", "of", "with_notes"]

FOR_THE_OWNER = "cells given away"
"""Kind of the note that helps whoever would undo the hiding: not for what is published."""

_KEY = "grannskap_notes"

Frame = TypeVar("Frame", bound="pd.DataFrame | pd.Series[Any]")


@dataclass(frozen=True)
class Note:
    """One thing that a reader of the output must be told.

    Attributes
    ----------
    kind : str
        A fixed name for programs, for example ``"repaired polygons"``.
    text : Text
        One sentence in both languages, with the count in it.
    codes : tuple of str
        The area codes (or other names) it concerns, all of them.
    """

    kind: str
    text: Text
    codes: tuple[str, ...] = ()


def of(frame: pd.DataFrame | pd.Series[Any]) -> tuple[Note, ...]:
    """Return the notes that a frame carries, in the order they were made."""
    return tuple(
        Note(told["kind"], Text(told["sv"], told["en"]), tuple(told["codes"]))
        for told in frame.attrs.get(_KEY, ())
    )


def with_notes(frame: Frame, notes: Iterable[Note]) -> Frame:
    """Return a shallow copy of the frame that carries these notes after its own.

    They lie in ``attrs`` as plain JSON data, so that the frame can be written, pickled,
    copied and set beside others like any other.
    """
    copy = frame.copy(deep=False)
    copy.attrs = {**frame.attrs, _KEY: [*frame.attrs.get(_KEY, ()), *map(_plain, notes)]}
    return cast("Frame", copy)


def _plain(note: Note) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "sv": note.text.sv,
        "en": note.text.en,
        "codes": list(note.codes),
    }
