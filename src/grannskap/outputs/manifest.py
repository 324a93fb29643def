"""The manifest: what made the numbers, and a checksum of every file."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from grannskap import __version__

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["checksum", "content"]

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


def content(analysis: Analysis, sums: Mapping[str, str]) -> bytes:
    """Return the manifest: enough to make the numbers again, nothing of machine or hour.

    Parameters
    ----------
    analysis : Analysis
        What was measured.
    sums : mapping
        Relative path of each file to its `checksum`.

    Returns
    -------
    bytes
        JSON.
    """
    project = analysis.project
    told = {
        "grannskap": __version__,
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in _DEPENDENCIES},
        "title": project.title,
        "division": analysis.division,
        "year": analysis.year,
        "seed": project.autocorrelation.seed,
        "parameters": project.model_dump(mode="json", by_alias=True),
        "inputs": {
            path.relative_to(project.folder.resolve()).as_posix(): checksum(path.read_bytes())
            for path in [project.file.resolve(), *project.files()]
        },
        "outputs": dict(sorted(sums.items())),
        "neighbours": _neighbours(analysis),
        "overall": _overall(analysis),
        "local": _local(analysis),
        "segregation_components": list(analysis.components),
        "segregation": _segregation(analysis),
        "notes": [
            {"kind": note.kind, "text": note.text(project.language), "codes": list(note.codes)}
            for note in analysis.notes
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _neighbours(analysis: Analysis) -> dict[str, Any]:
    """The whole graph; ``pairs`` are areas linked in either direction, each counted once."""
    told = analysis.clustering.description.as_dict()
    return {"pairs" if name == "links" else name: value for name, value in told.items()}


def _overall(analysis: Analysis) -> dict[str, Any]:
    """The overall test; ``directed_links`` count a pair that is linked both ways twice."""
    told = asdict(analysis.clustering.overall)
    told["directed_links"] = told.pop("links")
    return {name: value for name, value in told.items() if _is_plain(value)}


def _local(analysis: Analysis) -> dict[str, Any]:
    """How each area was tested; ``pairs`` are those between areas that could be tested."""
    told = analysis.clustering.local.attrs["parameters"]
    return {name: value for name, value in told.items() if _is_plain(value)}


def _segregation(analysis: Analysis) -> dict[str, Any] | None:
    """How the scores were made, with the values that the areas were held against."""
    made = analysis.recipe
    if made is None:
        return None
    by_area = made.method != "minmax" and made.reference is None
    names = {f"reference_{name}": name for name in analysis.components}
    return {
        **asdict(made),
        "reference_kind": None if made.method == "minmax" else _kind_of_reference(analysis),
        "medians_by_municipality": {
            str(code): {name: _or_none(row[column]) for column, name in names.items()}
            for code, row in analysis.municipalities.iterrows()
        }
        if by_area
        else None,
    }


def _kind_of_reference(analysis: Analysis) -> str:
    asked = analysis.project.segregation.reference
    return asked if isinstance(asked, str) else "stated"


def _or_none(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _is_plain(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str | int | None) or (isinstance(value, float) and isfinite(value))


def checksum(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()
