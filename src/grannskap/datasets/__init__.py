"""Made-up data: a town whose areas and households come from a seed, as frames and as files."""

from grannskap.datasets.files import boundaries_file, write_inputs
from grannskap.datasets.ground import ORIGIN
from grannskap.datasets.municipality import MUNICIPALITY, NAME, Town, town

__all__ = [
    "MUNICIPALITY",
    "NAME",
    "ORIGIN",
    "Town",
    "boundaries_file",
    "town",
    "write_inputs",
]
