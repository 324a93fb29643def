"""The made-up town: areas and households from a seed, in the files that planners have."""

from grannskap.demo.files import boundaries_file, write_inputs
from grannskap.demo.ground import ORIGIN
from grannskap.demo.making import MUNICIPALITY, NAME, Town, town
from grannskap.demo.running import run

__all__ = [
    "MUNICIPALITY",
    "NAME",
    "ORIGIN",
    "Town",
    "boundaries_file",
    "run",
    "town",
    "write_inputs",
]
