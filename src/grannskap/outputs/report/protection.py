"""What disclosure control has hidden, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["KINDS", "told"]

KINDS = (
    "hidden by disclosure control",
    "people in hidden counts",
    "totals hidden too",
    "hidden more than needed",
    "dominance not judged",
    "counts rounded",
)
"""Notes that are told in one paragraph, not in the list."""


def told(results: Results, view: View) -> str:
    """Return a paragraph on what is hidden and how many that holds; empty without a gate."""
    if results.dataset.protection is None:
        return ""
    notes = {note.kind: view.tell(note) for note in results.notes if note.kind in KINDS}
    return " ".join([say("report.method.protected", view.language), *notes.values()])
