"""The words in which a graph is described."""

from __future__ import annotations

from collections.abc import Sequence

from grannskap.errors import few
from grannskap.language import Language, Text, count, number
from grannskap.measures.neighbours.assembly import Provenance

__all__ = [
    "BRIDGES",
    "BY_GEOMETRY",
    "CONNECTED",
    "CROSSING",
    "ISOLATED",
    "LINKED_ISOLATED",
    "NO_CROSSING",
    "PARTS",
    "WITHOUT_LAND",
    "areas",
    "named",
    "pairs",
    "rule",
]

CONNECTED = Text("Alla områden hänger ihop.", "All areas hang together.")
PARTS = Text(
    "Områdena bildar {parts} delar som inte hänger ihop med varandra (antal områden: {sizes}).",
    "The areas form {parts} parts that do not hang together (number of areas: {sizes}).",
)
NO_CROSSING = Text("Ingen grannlänk går över vatten.", "No link crosses water.")

ISOLATED = Text("{count} utan grannar: {names}.", "{count} without neighbours: {names}.")
WITHOUT_LAND = Text("{count} utan land: {names}.", "{count} without land: {names}.")
LINKED_ISOLATED = Text(
    "{count} utan grannar har länkats till de närmaste: {names}.",
    "{count} without neighbours linked to the nearest: {names}.",
)
CROSSING = Text("{count} går över vatten: {names}.", "{count} crossing water: {names}.")
BRIDGES = Text("{count} är tillagda för hand: {names}.", "{count} added by hand: {names}.")
BY_GEOMETRY = Text(
    "{count} möts eller överlappar utan att gränsernas brytpunkter stämmer överens: {names}.",
    "{count} touching or overlapping although the vertices of their borders differ: {names}.",
)

_OF_PAIRS = (CROSSING, BRIDGES, BY_GEOMETRY)


def areas(number_of: int) -> Text:
    """Return "1 area", "238 areas"."""
    return Text(
        f"{count(number_of)} område" + ("n" if number_of != 1 else ""), _many(number_of, "area")
    )


def pairs(number_of: int) -> Text:
    """Return "1 pair of neighbours", "612 pairs of neighbours"."""
    return Text(
        f"{count(number_of)} grannpar",
        f"{count(number_of, 'en')} {'pair' if number_of == 1 else 'pairs'} of neighbours",
    )


def _many(number_of: int, word: str) -> str:
    return f"{count(number_of, 'en')} {word}{'s' if number_of != 1 else ''}"


def named(text: Text, names: Sequence[str]) -> Text:
    """Put the count and at most five of the names into a text."""
    subject = pairs(len(names)) if text in _OF_PAIRS else areas(len(names))
    listed = Text(few(names).replace(" and ", " och ").replace(" more", " till"), few(names))
    return Text(
        text.sv.format(count=subject.sv, names=listed.sv),
        text.en.format(count=subject.en, names=listed.en),
    )


def rule(provenance: Provenance) -> Text:
    """Return the rule as a clause that follows "neighbours if"."""
    return Text(_clause(provenance, "sv"), _clause(provenance, "en"))


def _clause(provenance: Provenance, language: Language) -> str:
    kind = provenance.get("kind", "unknown")
    if kind == "union":
        between = Text(", eller om ", ", or if ")(language)
        return between.join(_clause(part, language) for part in provenance["parts"])
    sizes = {
        name: number(provenance[name], decimals=decimals, language=language)
        for name, decimals in (("tolerance", 2), ("k", 0), ("threshold", 0), ("bandwidth", 0))
        if name in provenance
    }
    text = _RULES[kind](language).format(**sizes)
    if provenance.get("tolerance"):
        text += _TOLERANCE(language).format(**sizes)
    if "crossing" in provenance:
        text += _LAND(language)
    return text


_RULES = {
    "queen": Text("de har gräns eller hörn gemensamt", "they have a border or a corner in common"),
    "rook": Text("de har en sträcka gräns gemensam", "they have a stretch of border in common"),
    "knn": Text(
        "det ena räknar det andra bland sina {k} närmaste (vilket kan gälla åt bara ett håll)",
        "one counts the other among its {k} nearest (which may hold one way only)",
    ),
    "distance": Text(
        "deras mittpunkter ligger högst {threshold} m från varandra",
        "their points are at most {threshold} m apart",
    ),
    "kernel": Text(
        "deras mittpunkter ligger nära varandra, med en vikt som avtar med avståndet "
        "(bandbredd {bandwidth} m)",
        "their points are near each other, with a weight that falls with distance "
        "(bandwidth {bandwidth} m)",
    ),
    "unknown": Text("grafen säger det", "the graph says so"),
}
_TOLERANCE = Text(
    ", även när det skiljer upp till {tolerance} m", ", even when up to {tolerance} m apart"
)
_LAND = Text(" (endast land räknas)", " (only land counts)")
