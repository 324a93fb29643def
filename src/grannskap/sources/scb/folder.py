"""The folder: files that are fetched for a project, each whole, and where each came from."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap import __version__
from grannskap.errors import InputFileError, OutputError, system_reason
from grannskap.sources import guard
from grannskap.sources.scb.records import Record
from grannskap.sources.scb.store import write_whole

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from grannskap.sources.scb.numbers import Columns

__all__ = ["FETCHED", "Folder", "origins", "table"]

FETCHED = "inputs/fetched.json"
"""Where a project keeps what its files came from."""

_MOST = 1 << 28
_MARK = ";"
_NO_HOUR = "2000-01-01T00:00:00Z"
"""So that the same shapes give the same bytes."""


@dataclass
class Folder:
    """A project's folder; what lies there and was not fetched is never replaced.

    Attributes
    ----------
    path : Path
        Where it is.
    files : dict of str to dict
        By name, the checksum and records of each file that was fetched.
    written : list of str
        What was written or was right already, in order.
    """

    path: Path
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, path: Path) -> Folder:
        """Open a folder, and refuse one in which a fetched file was changed since.

        Raises
        ------
        OutputError
            Naming those files.
        """
        held = origins(path / FETCHED) if (path / FETCHED).exists() else {}
        folder = cls(path, dict(held))
        changed = [
            name
            for name in held
            if name.startswith("inputs/") and folder._differs(name, held[name])
        ]
        if changed:
            raise OutputError("fetched files changed", {"files": changed, "folder": str(path)})
        return folder

    def put(self, name: str, content: bytes, records: Sequence[Record]) -> None:
        """Write a file, unless it is there already just so.

        Raises
        ------
        OutputError
            When a file of that name is there that was not fetched, or it cannot be written.
        """
        target = self.path / name
        whole = hashlib.sha256(content).hexdigest()
        here = guard.checksum(target) if target.exists() else ""
        if here not in ("", whole) and name not in self.files:
            raise OutputError("fetched files changed", {"files": [name], "folder": str(self.path)})
        records_told = [one.as_dict() for one in records]
        # First the record, with both: whenever it is interrupted, the file is one that we know.
        self.files[name] = {"sha256": whole, "before": here, "records": records_told}
        self.close()
        if here != whole:
            self._write(target, content)
        self.written.append(name)

    def put_shapes(self, name: str, frame: gpd.GeoDataFrame, records: Sequence[Record]) -> None:
        """Write shapes as a GeoPackage, unless those of the same answers are there already."""
        told = [one.as_dict() for one in records]
        held = self.files.get(name, {})
        same = [one.get("sha256") for one in held.get("records", [])]
        there = (self.path / name).exists() and not self._differs(name, {**held, "before": ""})
        if told and same == [one["sha256"] for one in told] and there:
            self.written.append(name)
            return
        import pyogrio

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / Path(name).name
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _NO_HOUR})
            try:
                frame.to_file(file, driver="GPKG", layer=file.stem, engine="pyogrio")
            finally:
                pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
            self.put(name, file.read_bytes(), records)

    def put_project(self, name: str, text: str) -> str:
        """Write a project file, beside one that somebody wrote or changed; return its name."""
        held = self.files.get(name)
        target = self.path / name
        if target.exists() and (held is None or self._differs(name, held)):
            name = f"{target.stem}.new.toml"
            self.files.setdefault(name, {})
        self.put(name, text.encode(), ())
        return name

    def close(self) -> None:
        """Write down where everything came from."""
        told = {"grannskap": __version__, "files": dict(sorted(self.files.items()))}
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        self._write(self.path / FETCHED, text.encode())

    def _differs(self, name: str, held: Mapping[str, Any]) -> bool:
        path = self.path / name
        known = (held.get("sha256"), held.get("before"))
        return path.exists() and guard.checksum(path) not in known

    def _write(self, target: Path, content: bytes) -> None:
        try:
            write_whole(target, content)
        except OSError as error:
            values = {"folder": str(target.parent), "why": system_reason(error)}
            raise OutputError("folder cannot be written", values) from None


def origins(path: Path) -> dict[str, dict[str, Any]]:
    """Read where the files of a project came from: by name, their checksum and records.

    Raises
    ------
    InputFileError
        When the file cannot be read.
    """
    content = guard.content(path, most=_MOST)
    with guard.reading(path, form="JSON"):
        told = json.loads(content)
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict) or not all(isinstance(one, dict) for one in files.values()):
        raise InputFileError("no record of a fetch", {"file": path.name})
    return files


def table(
    columns: Columns, *, area: str, names: Mapping[str, str] | None = None, area_name: str = ""
) -> bytes:
    """Return columns as CSV that people and `register.read` read alike.

    Semicolons, decimal commas and a byte order mark, as Excel expects in Sweden; SCB's marks
    stand in place of numbers.

    Parameters
    ----------
    columns : Columns
        As `numbers.read` returns them.
    area : str
        What stands above the codes.
    names : mapping of str to str, optional
        Names of the areas, by code; a column of them is then written.
    area_name : str
        What stands above the names.
    """
    years, areas = columns.years, columns.areas
    held = [[code for code in areas for _ in years]]
    heads = [area]
    if names is not None:
        held.append([names.get(code, "") for code in areas for _ in years])
        heads.append(area_name)
    held.append([str(year) for year in years] * len(areas))
    heads.append("År")
    for cells in columns.series.cells:
        held.append(_texts(columns.values[cells.name], columns.marks[cells.name]))
        heads.append(cells.heading)
    rows = (_MARK.join(map(_quoted, row)) for row in zip(*held, strict=True))
    return ("\ufeff" + "\r\n".join([_MARK.join(map(_quoted, heads)), *rows]) + "\r\n").encode()


def _texts(values: npt.NDArray[np.float64], marks: npt.NDArray[np.object_]) -> list[str]:
    return [
        mark or ("." if math.isnan(value) else _number(value))
        for value, mark in zip(values.ravel().tolist(), marks.ravel().tolist(), strict=True)
    ]


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value).replace(".", ",")


def _quoted(text: str) -> str:
    if any(sign in text for sign in (_MARK, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
