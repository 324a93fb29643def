"""Every municipality of a country or county: a folder each, and a page that leads to them."""

from grannskap.outputs.towns.collection import Collection, hold, stamp
from grannskap.outputs.towns.making import Outcome, Town
from grannskap.outputs.towns.run import Done, run, standing
from grannskap.outputs.towns.table import table

__all__ = ["Collection", "Done", "Outcome", "Town", "hold", "run", "stamp", "standing", "table"]
