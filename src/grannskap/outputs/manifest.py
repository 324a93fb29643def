"""The manifest: what made the numbers, and a checksum of every file that was read."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from grannskap import __version__
from grannskap.letters import well_formed

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.dataset import Source

__all__ = ["content", "versions"]

# What makes the numbers and pictures; their versions go into the manifest.
_DEPENDENCIES = (
    "numpy",
    "scipy",
    "pandas",
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "libpysal",
    "esda",
    "mapclassify",
    "matplotlib",
    "folium",
)


def versions() -> dict[str, str]:
    """Return the versions of all that makes the numbers and pictures, by name."""
    return {
        "grannskap": __version__,
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in _DEPENDENCIES},
    }


def content(results: Results, view: View, *, stamp: str = "") -> bytes:
    """Return the manifest: enough to make the numbers again, nothing of machine or hour.

    Parameters
    ----------
    results : Results
        What was measured.
    view : View
        What of it is shown.
    stamp : str
        A checksum of all that it was made from, where one is known.

    Returns
    -------
    bytes
        JSON, without the checksums of the outputs: the folder adds those that it writes.
    """
    provenance = results.dataset.provenance
    made_by = versions()
    told = {
        "grannskap": made_by.pop("grannskap"),
        "python": made_by.pop("python"),
        "versions": made_by,
        **({"stamp": stamp} if stamp else {}),
        "title": view.title,
        "division": results.dataset.division,
        "year": results.year,
        "seed": results.options.autocorrelation.seed,
        "parameters": _parameters(results),
        "inputs": {one.name: one.sha256 for one in provenance if one.name and one.sha256},
        "sources": [_source(one) for one in provenance if one.role == "register"],
        "fetched": _fetched(results),
        "land": [dict(one.parameters) for one in provenance if one.role == "land" and not one.name],
        "disclosure": dict(results.dataset.protection or {}) or None,
        "tests": [_test(clustering) for clustering in results.clusterings],
        "measures": {
            name: {"unit": one.unit, "model": one.model, "parameters": dict(one.parameters)}
            for name, one in results.measured.items()
        },
        "segregation_components": list(results.components),
        "segregation": _segregation(results),
        "notes": [
            {"kind": note.kind, "text": view.tell(note), "codes": list(note.codes)}
            for note in results.notes
        ],
    }
    return well_formed(json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _source(one: Source) -> dict[str, Any]:
    """One register: its file, its line, its years, and what it says of where it comes from."""
    told = {"name": one.name, "source": one.source, "years": list(one.years)}
    return {**told, **one.parameters}


def _fetched(results: Results) -> dict[str, Any]:
    """By file, what was asked of which service, and the checksum of each raw answer."""
    held = [one for one in results.dataset.provenance if one.role == "fetched"]
    return dict(held[0].parameters["files"]) if held else {}


def _parameters(results: Results) -> dict[str, Any]:
    """The project file as it was read; of data in memory, what was asked of the analysis."""
    for one in results.dataset.provenance:
        if one.role == "project":
            return dict(one.parameters)
    return results.options.model_dump(mode="json")


def _test(clustering: Clustering) -> dict[str, Any]:
    """One test: its variable, who is next to whom, the whole and each area."""
    bands = clustering.correlogram
    return {
        "variable": clustering.variable,
        "neighbours": _neighbours(clustering),
        "overall": _overall(clustering),
        "local": _plain(clustering.local.attrs["parameters"]),
        "correlogram": None if bands is None else _plain(bands.attrs.get("parameters", {})),
    }


def _neighbours(clustering: Clustering) -> dict[str, Any]:
    """The whole graph; ``pairs`` are areas linked in either direction, each counted once."""
    described = clustering.description.as_dict()
    return {"pairs" if name == "links" else name: value for name, value in described.items()}


def _overall(clustering: Clustering) -> dict[str, Any] | None:
    """The overall test; ``directed_links`` count a pair that is linked both ways twice."""
    if clustering.overall is None:
        return None
    found = asdict(clustering.overall)
    found["directed_links"] = found.pop("links")
    return _plain(found)


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if _is_plain(value)}


def _segregation(results: Results) -> dict[str, Any] | None:
    """How the scores were made, with the values that the areas were held against."""
    made = results.recipe
    if made is None:
        return None
    by_area = made.method != "minmax" and made.reference is None
    names = {f"reference_{name}": name for name in results.components}
    asked = results.options.segregation.reference
    kind = asked if isinstance(asked, str) else "stated"
    return {
        **asdict(made),
        "reference_kind": None if made.method == "minmax" else kind,
        "medians_by_municipality": {
            str(code): {name: _or_none(row[column]) for column, name in names.items()}
            for code, row in results.index.iterrows()
        }
        if by_area
        else None,
    }


def _or_none(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _is_plain(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str | int | None) or (isinstance(value, float) and isfinite(value))
