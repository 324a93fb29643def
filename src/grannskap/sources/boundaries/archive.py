"""Unpack an archive of polygons, within limits that no honest one meets."""

from __future__ import annotations

import stat
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from grannskap.errors import InputFileError
from grannskap.language import Text
from grannskap.sources import guard
from grannskap.sources.boundaries.limits import MOST_BYTES
from grannskap.wording import in_both

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
        raise _unsafe(file, in_both("errors.phrases.archive without a directory"))
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    if size > _MOST_DIRECTORY:
        raise _unsafe(file, in_both("errors.phrases.directory too large", {"bytes": str(size)}))


def _check(file: Path, members: list[ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        found = {"members": len(members), "most": _MOST_MEMBERS}
        raise _unsafe(file, in_both("errors.phrases.members of an archive", found))
    for member in members:
        named = {"member": member.filename}
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise _unsafe(file, in_both("errors.phrases.member that climbs out", named))
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _unsafe(file, in_both("errors.phrases.a link", named))
        if member.flag_bits & 0x1:
            raise _unsafe(file, in_both("errors.phrases.encrypted member", named))
    if sum(member.file_size for member in members) > _MOST_BYTES:
        raise _unsafe(file, in_both("errors.phrases.too large once unpacked"))
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _RATIO_FROM and ratio > _MOST_RATIO:
            packed = {"member": member.filename, "ratio": f"{ratio:.0f}"}
            raise _unsafe(file, in_both("errors.phrases.packed many times", packed))


def _main_member(file: Path, members: list[ZipInfo]) -> ZipInfo:
    found = [
        member
        for member in members
        if PurePosixPath(member.filename).suffix.lower() in {*_WHOLE, ".shp"}
        and not member.filename.startswith("__MACOSX/")
    ]
    if len(found) != 1:
        raise InputFileError(
            "polygons in archive",
            {
                "name": file.name,
                "names": [member.filename for member in found],
                "count": len(found),
            },
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


def _unsafe(file: Path, came: Text) -> InputFileError:
    return InputFileError("unsafe archive", {"name": file.name, "what": came})
