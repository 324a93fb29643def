"""Classes, colours, labels and the missing class: decided once, read by every output."""

from grannskap.maps.style.builders import BALANCE_EDGES, balance, clusters
from grannskap.maps.style.model import Quantity, Style, classify, interval_labels, write_value

__all__ = [
    "BALANCE_EDGES",
    "Quantity",
    "Style",
    "balance",
    "classify",
    "clusters",
    "interval_labels",
    "write_value",
]
