"""The pairs of neighbours that a test rests on, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Text, count

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["directed", "used"]


def directed(analysis: Analysis) -> Text:
    """Say so where being neighbours goes one way; else nothing."""
    if analysis.clustering.description.symmetric:
        return Text("", "")
    return Text(
        "Grannskapet går åt ett håll: ett område kan räkna ett annat som granne utan att räknas "
        "av det. Ett par räknas en gång, även när det gäller åt båda hållen.",
        "Being neighbours goes one way: an area may count another as its neighbour and not be "
        "counted by it. A pair is counted once, also when it holds both ways.",
    )


def used(analysis: Analysis) -> Text:
    """Say how many of the pairs the test of each area rests on, where not on all."""
    every = analysis.clustering.description.links
    resting = int(analysis.clustering.local.attrs["parameters"]["pairs"])
    if resting == every:
        return Text("", "")
    within = analysis.project.autocorrelation.within is not None
    inside = Text(" i samma kommun", " of the same municipality") if within else Text("", "")
    return Text(
        f"Prövningen av varje område vilar på {count(resting)} av grannparen: de mellan områden"
        f"{inside.sv} som båda har uppgift.",
        f"The test of each area rests on {count(resting, 'en')} of the pairs: those between areas"
        f"{inside.en} that both have data.",
    )
