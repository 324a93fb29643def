"""Unpack an archive of polygons, within limits that no honest one meets."""

from __future__ import annotations

import stat
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from grannskap.errors import InputFileError, few
from grannskap.sources import guard
from grannskap.sources.boundaries.limits import MOST_BYTES

__all__ = ["unpack"]

_MOST_MEMBERS = 200
_MOST_BYTES = MOST_BYTES
_MOST_RATIO = 200
_RATIO_FROM = 1024**2
_WHOLE = {".gpkg", ".geojson", ".json", ".fgb", ".parquet"}
_SHAPEFILE = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
_CHUNK = 1024**2
_END = b"PK\x05\x06"
_TAIL = 1 << 17
_MOST_DIRECTORY = 1 << 20


def unpack(file: Path, folder: Path) -> Path:
    """Unpack the one file of polygons that an archive holds.

    Parameters
    ----------
    file : Path
        A zip archive.
    folder : Path
        An empty folder to unpack into.

    Returns
    -------
    Path
        The unpacked file, a Shapefile's parts beside it.

    Raises
    ------
    InputFileError
        When the archive is damaged, unsafe, or holds no or several such files.
    """
    _check_directory(file)
    with ZipFile(file) as archive:
        members = archive.infolist()
        _check(file, members)
        return _extract(archive, _main_member(file, members), members, folder)


def _check_directory(file: Path) -> None:
    """Refuse a directory of members that is larger than 200 of them need, before it is read."""
    with guard.opened(file, most=MOST_BYTES) as stream:
        stream.seek(max(0, file.stat().st_size - _TAIL))
        tail = stream.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        raise _unsafe(file, "an archive without a directory")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    if size > _MOST_DIRECTORY:
        raise _unsafe(file, f"a directory of members of {size} bytes")


def _check(file: Path, members: list[ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        raise _unsafe(file, f"{len(members)} members (at most {_MOST_MEMBERS})")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise _unsafe(file, f"a member that climbs out of it ({member.filename})")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _unsafe(file, f"a link ({member.filename})")
        if member.flag_bits & 0x1:
            raise _unsafe(file, f"an encrypted member ({member.filename})")
    if sum(member.file_size for member in members) > _MOST_BYTES:
        raise _unsafe(file, "more than 1 GB once unpacked")
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _RATIO_FROM and ratio > _MOST_RATIO:
            raise _unsafe(file, f"{member.filename} packed {ratio:.0f} times (a zip bomb?)")


def _main_member(file: Path, members: list[ZipInfo]) -> ZipInfo:
    found = [
        member
        for member in members
        if PurePosixPath(member.filename).suffix.lower() in {*_WHOLE, ".shp"}
        and not member.filename.startswith("__MACOSX/")
    ]
    if len(found) != 1:
        raise InputFileError(
            expected=f"one file of polygons in {file.name}",
            came=few([member.filename for member in found]) or "none",
            remedy="pack one GeoPackage, GeoJSON, FlatGeobuf, GeoParquet or Shapefile",
        )
    return found[0]


def _extract(archive: ZipFile, main: ZipInfo, members: list[ZipInfo], folder: Path) -> Path:
    wanted = PurePosixPath(main.filename)
    parts = _SHAPEFILE if wanted.suffix.lower() == ".shp" else {wanted.suffix.lower()}
    for member in members:
        path = PurePosixPath(member.filename)
        if path.with_suffix("") == wanted.with_suffix("") and path.suffix.lower() in parts:
            _copy(archive, member, folder / f"polygons{path.suffix.lower()}")
    return folder / f"polygons{wanted.suffix.lower()}"


def _copy(archive: ZipFile, member: ZipInfo, target: Path) -> None:
    # zipfile stops at the size that the directory states, so the check above holds.
    with archive.open(member) as packed, target.open("wb") as unpacked:
        while chunk := packed.read(_CHUNK):
            unpacked.write(chunk)


def _unsafe(file: Path, came: str) -> InputFileError:
    return InputFileError(
        expected=f"a small, whole archive in {file.name}",
        came=came,
        remedy="unpack it yourself and name the file of polygons",
    )
