"""Looking: what each file in a folder is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grannskap.deso import Division
from grannskap.errors import GrannskapError
from grannskap.language import Text
from grannskap.sources import boundaries, register
from grannskap.sources.register import Recognised
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Areas", "Looked", "Numbers", "Outlines", "Unplaced", "look"]

_TABLES = (".xlsx", ".csv", ".txt", ".tsv", ".px", ".json", ".parquet")
_SHAPES = (".gpkg", ".geojson", ".shp", ".fgb", ".zip", ".json", ".parquet")
_BESIDE = (
    *(".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".xml"),
    *(".gpkg-wal", ".gpkg-shm", ".toml", ".md", ".html"),
)
"""What lies beside such files, and is passed over without a word."""

_MOST_FILES = 200
_DEEPEST = 2
_OURS = "grannskap_manifest"
_OF_POLICE = {"NAMN", "KATEGORI"}


@dataclass(frozen=True, eq=False)
class Areas:
    """A file of boundaries of areas."""

    path: Path
    polygons: gpd.GeoDataFrame

    @property
    def division(self) -> Division | None:
        """The division that the file tells."""
        told: Division | None = self.polygons.attrs.get("division")
        return told


@dataclass(frozen=True)
class Numbers:
    """A file of numbers by area."""

    path: Path
    found: Recognised


@dataclass(frozen=True, eq=False)
class Outlines:
    """A file of shapes that are no areas: those of the police, or others."""

    path: Path
    shapes: gpd.GeoDataFrame
    police: bool


@dataclass(frozen=True)
class Unplaced:
    """A file that has no place in a project, and why."""

    path: Path
    why: Text


@dataclass(frozen=True)
class Looked:
    """What lies in a folder.

    Attributes
    ----------
    folder : Path
        The folder.
    areas : tuple of Areas
        Files of boundaries, those of most areas first.
    numbers : tuple of Numbers
        Files of numbers, in the order of their names.
    outlines : tuple of Outlines
        Files of other shapes.
    unplaced : tuple of Unplaced
        Files that nothing could be made of.
    """

    folder: Path
    areas: tuple[Areas, ...]
    numbers: tuple[Numbers, ...]
    outlines: tuple[Outlines, ...]
    unplaced: tuple[Unplaced, ...]

    def __bool__(self) -> bool:
        """Tell whether anything lies there that a project could use."""
        return bool(self.areas or self.numbers or self.outlines or self.unplaced)


def look(folder: Path) -> Looked:
    """Find out what each file in a folder is, two levels down; nothing is written.

    Parameters
    ----------
    folder : Path
        May be empty, or not be there.

    Returns
    -------
    Looked
        Every file that is not beside another, once.
    """
    found = [_seen(path) for path in _files(folder)]
    areas = [one for one in found if isinstance(one, Areas)]
    return Looked(
        folder,
        tuple(sorted(areas, key=lambda one: -len(one.polygons))),
        tuple(one for one in found if isinstance(one, Numbers)),
        tuple(one for one in found if isinstance(one, Outlines)),
        tuple(one for one in found if isinstance(one, Unplaced)),
    )


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder, without those beside others and those of an earlier run."""
    found: list[Path] = []
    waiting = [(folder, 1)] if folder.is_dir() else []
    while waiting and len(found) < _MOST_FILES:
        here, depth = waiting.pop(0)
        inside = sorted(one for one in here.iterdir() if not one.name.startswith("."))
        if any(one.name == "manifest.json" and _is_ours(one) for one in inside):
            continue
        found += [one for one in inside if one.is_file() and one.suffix.lower() not in _BESIDE]
        if depth < _DEEPEST:
            waiting += [(one, depth + 1) for one in inside if one.is_dir()]
    return found[:_MOST_FILES]


def _is_ours(manifest: Path) -> bool:
    try:
        with manifest.open("rb") as file:
            return _OURS.encode() in file.read(200)
    except OSError:
        return False


def _seen(path: Path) -> Areas | Numbers | Outlines | Unplaced:
    """Find out what one file is: shapes by their codes or columns, numbers by their headings."""
    kind = path.suffix.lower()
    errors: list[GrannskapError] = []
    for reader in (_as_areas, _as_numbers, _as_outlines):
        if kind in (_TABLES if reader is _as_numbers else _SHAPES):
            try:
                return reader(path)
            except GrannskapError as error:
                errors.append(error)
    if not errors:
        return Unplaced(path, in_both("starting.of no kind"))
    # The last reader of shapes refuses what is none; the one of numbers knows more of it.
    telling = errors[1] if len(errors) > 2 else errors[0]
    return Unplaced(path, Text(telling.told("sv"), telling.told("en")))


def _as_areas(path: Path) -> Areas:
    return Areas(path, boundaries.read(path))


def _as_numbers(path: Path) -> Numbers:
    return Numbers(path, register.recognise(path))


def _as_outlines(path: Path) -> Outlines:
    police = set(boundaries.columns_of(path)) >= _OF_POLICE
    shapes = boundaries.read_overlay(path, name="NAMN" if police else None)
    return Outlines(path, shapes, police)
