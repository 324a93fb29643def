"""The distances to the published segregation index, as lines to print and as a file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.catalogue import label
from grannskap.errors import OutputError, system_reason
from grannskap.language import inside_sentence, number
from grannskap.outputs import tables
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Calibration
    from grannskap.language import Language

__all__ = ["lines", "write"]

_NAMES = {"2582": "Boden", "1480": "Göteborg", "0581": "Norrköping", "0181": "Södertälje"}
"""The municipalities of the study."""


def lines(found: Calibration, language: Language) -> list[str]:
    """Return what the command line says: a row per way, the closest first, and what it shows."""
    components = [inside_sentence(label(name)(language)) for name in found.components]
    values = {"components": components, "all_areas": found.all_areas}
    told = [say("program.calibrated.made_of", language, values), "", *_rows(found, language), ""]
    exact = int(found.table["exact"].sum())
    ways = {"exact": exact, "ways": len(found.table), "places": len(found.published)}
    told.append(say("program.calibrated.exact", language, ways))
    told.append(say("program.calibrated.caution", language, ways))
    if found.absent:
        names = [_NAMES[code] for code in found.absent]
        told.append(say("program.calibrated.absent", language, {"names": names}))
    return told


def write(found: Calibration, path: Path) -> None:
    """Write every way and its distances as CSV, into a file that is not there yet."""
    content = tables.csv(found.table.rename_axis("rank"))
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise OutputError("table file exists", {"file": str(path)}) from None
    except OSError as error:
        values = {"file": str(path), "why": system_reason(error)}
        raise OutputError("table cannot be written", values) from None


def _rows(found: Calibration, language: Language) -> list[str]:
    """Rows of words and numbers under each other: the published values, then every way."""
    heads = [
        say("program.calibrated.way", language),
        say("program.calibrated.distance", language),
        say("program.calibrated.furthest", language),
    ]
    grid = [[heads[0], *map(_NAMES.__getitem__, found.published), *heads[1:]]]
    areas = [number(count, decimals=0, language=language) for count in found.areas.values()]
    grid.append([say("program.calibrated.areas", language), *areas, "", ""])
    values = [_number(value, language) for value in found.published.values()]
    grid.append([say("program.calibrated.published", language), *values, "", ""])
    for row in found.table.to_dict("records"):
        told = (row[name] for name in (*found.published, "distance", "furthest"))
        grid.append([_way(row, language), *(_number(float(one), language) for one in told)])
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in grid
    ]


def _way(row: Mapping[Hashable, Any], language: Language) -> str:
    keys = (
        "program.calibrated.method",
        "program.calibrated.reference",
        "program.calibrated.worst",
    )
    values = {name: row[name] for name in ("method", "reference", "worst")}
    return ", ".join(say(key, language, values) for key in keys)


def _number(value: float, language: Language) -> str:
    if np.isnan(value):
        return "–"
    return "∞" if np.isinf(value) else number(value, decimals=2, language=language)
