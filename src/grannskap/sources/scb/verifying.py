"""Verifying: hold every table, number and layer of the catalogue against the true service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grannskap.errors import GrannskapError
from grannskap.language import Text
from grannskap.sources.scb import resolving
from grannskap.sources.scb.layers import LAYERS
from grannskap.sources.scb.service import Service
from grannskap.sources.scb.tables import KNOWN, Series
from grannskap.sources.scb.wfs import Maps
from grannskap.wording import in_both

__all__ = ["Finding", "verify"]


@dataclass(frozen=True)
class Finding:
    """What became of one thing that the catalogue knows.

    Attributes
    ----------
    name : str
        The table or layer.
    there : bool
        Whether it is as the catalogue has it.
    told : Text
        What was found.
    """

    name: str
    there: bool
    told: Text


def verify(service: Service, maps: Maps) -> Iterator[Finding]:
    """Ask for everything that the catalogue knows, and tell what has moved.

    Parameters
    ----------
    service, maps : Service, Maps
        What is asked.

    Yields
    ------
    Finding
        For each series of a table, then for each layer.
    """
    for series in KNOWN:
        yield _of_series(service, series)
    names = maps.names()
    for layer in LAYERS:
        there = layer.name in names
        key = "program.verify.layer" if there else "program.verify.no layer"
        yield Finding(layer.name, there, in_both(key, {"name": layer.name}))


def _of_series(service: Service, series: Series) -> Finding:
    name = f"{series.table} {series.file}"
    try:
        table = service.table(series)
        resolving.fixed(series, table)
        codes = service.contents(series)
    except GrannskapError as error:
        return Finding(name, there=False, told=Text(error.told("sv"), error.told("en")))
    moved = [
        f"{one.name}: {one.contents.code} → {codes[one.name]}"
        for one in series.cells
        if one.contents.code and codes[one.name] != one.contents.code
    ]
    found = resolving.years(table)
    values = {
        "name": name,
        "updated": table.updated[:10],
        "first": str(found[0]) if found else "–",
        "last": str(found[-1]) if found else "–",
        "moved": moved,
    }
    key = "program.verify.codes moved" if moved else "program.verify.table"
    return Finding(name, there=not moved, told=in_both(key, values))
