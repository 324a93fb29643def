"""The rule of a graph in words: a clause that follows "neighbours if"."""

from __future__ import annotations

from grannskap.language import Language, Text
from grannskap.measures.neighbours.assembly import Provenance
from grannskap.wording import say

__all__ = ["rule"]


def rule(provenance: Provenance) -> Text:
    """Return the rule in both languages."""
    return Text(_clause(provenance, "sv"), _clause(provenance, "en"))


def _clause(provenance: Provenance, language: Language) -> str:
    kind = provenance.get("kind", "unknown")
    if kind == "union":
        between = say("neighbours.or", language)
        return between.join(_clause(part, language) for part in provenance["parts"])
    text = say("neighbours.rule", language, {**provenance, "kind": kind})
    if provenance.get("tolerance"):
        text += say("neighbours.tolerance", language, provenance)
    if "crossing" in provenance:
        text += say("neighbours.land", language)
    return text
