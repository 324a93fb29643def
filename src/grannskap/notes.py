"""Notes: what was dropped, repaired, hidden or approximated, counted and named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from grannskap.language import Language, Text
from grannskap.wording import in_both, say

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
    """One thing that a reader of the output must be told, as plain data.

    Attributes
    ----------
    kind : str
        A fixed name for programs, for example ``"repaired polygons"``; its sentence is that of
        this name in the message catalogue.
    values : mapping
        Numbers, names and lists of them that the sentence holds, as JSON can hold them.
    codes : tuple of str
        The area codes (or other names) it concerns, all of them.

    Examples
    --------
    >>> Note("areas not joined", {"areas": 3}).text.sv
    'I registret saknas 3 områden.'
    """

    kind: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    codes: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """One sentence in both languages, with the count in it."""
        return in_both(f"notes.{self.kind}", self.values)

    def told(self, language: Language, called: Callable[[str], str]) -> str:
        """Return the sentence in one language, with columns as `called` names them."""
        return say(f"notes.{self.kind}", language, self.values, called=called)


def of(frame: pd.DataFrame | pd.Series[Any]) -> tuple[Note, ...]:
    """Return the notes that a frame carries, in the order they were made."""
    return tuple(
        Note(told["kind"], told["values"], tuple(told["codes"]))
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
    return {"kind": note.kind, "values": {**note.values}, "codes": list(note.codes)}
