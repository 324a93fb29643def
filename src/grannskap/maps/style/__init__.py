"""Classes, colours, labels and the missing class: decided once, read by every output."""

from grannskap.maps.style.categories import (
    CHANGES,
    TOO_FEW,
    change,
    changes,
    clusters,
    neighbourhoods,
)
from grannskap.maps.style.colours import Clash, checked, clashes, lightness, seen
from grannskap.maps.style.model import (
    MISSING_LABEL,
    Quantity,
    Square,
    Style,
    classify,
    interval_labels,
    write_value,
)
from grannskap.maps.style.numbers import (
    BALANCE_EDGES,
    SCORE_EDGES,
    SHARE_EDGES,
    balance,
    one_way,
    scores,
    shares,
    two_poles,
)
from grannskap.maps.style.pairs import bivariate, cross
from grannskap.maps.style.schemes import Scheme, edges_of, from_values

__all__ = [
    "BALANCE_EDGES",
    "CHANGES",
    "MISSING_LABEL",
    "SCORE_EDGES",
    "SHARE_EDGES",
    "TOO_FEW",
    "Clash",
    "Quantity",
    "Scheme",
    "Square",
    "Style",
    "balance",
    "bivariate",
    "change",
    "changes",
    "checked",
    "clashes",
    "classify",
    "clusters",
    "cross",
    "edges_of",
    "from_values",
    "interval_labels",
    "lightness",
    "neighbourhoods",
    "one_way",
    "scores",
    "seen",
    "shares",
    "two_poles",
    "write_value",
]
