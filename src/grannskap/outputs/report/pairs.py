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
    every, resting = analysis.clustering.description.links, _pairs_used(analysis)
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


def _pairs_used(analysis: Analysis) -> int:
    cluster = analysis.clustering.local["cluster"]
    known = set(cluster.index[~cluster.isin(["no data", "too few areas"]).to_numpy()])
    links = analysis.clustering.graph.adjacency.reset_index()
    links = links[(links["weight"] > 0) & (links["focal"] != links["neighbor"])]
    links = links[links["focal"].isin(known) & links["neighbor"].isin(known)]
    if analysis.project.autocorrelation.within is not None:
        own = analysis.areas["municipality"]
        links = links[links["focal"].map(own) == links["neighbor"].map(own)]
    return len({frozenset(pair) for pair in zip(links["focal"], links["neighbor"], strict=True)})
