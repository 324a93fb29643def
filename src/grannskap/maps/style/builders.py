"""Styles of the measures: balance, clusters, scores and shares."""

from __future__ import annotations

from collections.abc import Sequence

from grannskap.language import Language, Text
from grannskap.maps.style.model import MISSING_LABEL, Style, interval_labels
from grannskap.schema import CLUSTERS

__all__ = ["BALANCE_EDGES", "balance", "clusters"]

BALANCE_EDGES = (0.25, 0.5, 0.8, 1.25, 2.0, 4.0)
"""Class edges of a balance: the same distance for 2 and for 1/2, and fixed across years."""

# ColorBrewer PuOr, seven classes: keeps its order in grey and for the colour-blind. Orange
# is the pole where low income outweighs high.
_PUOR = ("#542788", "#998ec3", "#d8daeb", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806")
_CLUSTER_COLOURS = (
    "#b35806",
    "#542788",
    "#fdb863",
    "#b2abd2",
    "#e6e6e6",
    "#ffffff",
    "#ffffff",
)


def balance(
    *,
    title: str = "",
    unit: str = "",
    edges: Sequence[float] = BALANCE_EDGES,
    language: Language = "sv",
) -> Style:
    """Style of a balance: PuOr around 1 on a log scale.

    Examples
    --------
    >>> balance().labels[3]
    '0,80–1,25 x'
    """
    labels = [f"{text} x" for text in interval_labels(edges, decimals=2, language=language)]
    return Style(
        name="balance",
        title=title
        or Text("Balans mellan låg och hög köpkraft", "Balance of low and high")(language),
        unit=unit or Text("låg per hög", "low per high")(language),
        quantity="ratio",
        scale="log",
        edges=tuple(edges),
        labels=tuple(labels),
        colours=_PUOR,
        missing_label=MISSING_LABEL(language),
        language=language,
    )


def clusters(*, title: str = "", language: Language = "sv") -> Style:
    """Style of local clusters: the seven classes, always all of them.

    Examples
    --------
    >>> len(clusters().labels)
    7
    """
    return Style(
        name="low-income-clusters",
        title=title or Text("Koncentration av låg inkomst", "Clusters of low income")(language),
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(CLUSTERS),
        labels=tuple(text(language) for text in CLUSTERS.values()),
        colours=_CLUSTER_COLOURS,
        missing_label=CLUSTERS["no data"](language),
        language=language,
    )
