"""Whose files stand in a folder: an earlier run's, by checksum, or anybody else's."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["FORMAT", "MANIFEST", "MARK", "Standing", "checksum", "look", "read", "seal", "settled"]

MANIFEST = "manifest.json"
"""The file that marks a folder as a run's, and lists what the run wrote."""

MARK = "grannskap_manifest"
"""The key of a manifest that no other program writes."""

FORMAT = 1
"""What stands under `MARK`: how the manifest lists the files of the run."""

_SEAL = "manifest_sha256"
_SQLITE = b"SQLite format 3\0"
_SQLITE_HEADER = 100
# Ways of writing, change counter, and the counter and version that the header was valid for:
# a program that merely opens a database, as QGIS does, may set them (SQLite's file format, 1.3).
_SQLITE_PASSING = {18: b"\1\1", 24: b"\0\0\0\1", 92: b"\0\0\0\1", 96: b"\0\0\0\0"}
_MOST_BYTES = 256 * 2**20  # more than the manifest of a whole country by far


@dataclass(frozen=True)
class Standing:
    """What stands in a folder.

    Attributes
    ----------
    is_ours : bool
        Whether an earlier run's manifest stands there, as that run wrote it.
    unchanged : frozenset of str
        Files that the run wrote and nobody has changed since, the manifest with them.
    changed : tuple of str
        What stands under a name that the run wrote, with another content.
    others : tuple of str
        Everything else, also links and folders that hold nothing.
    """

    is_ours: bool
    unchanged: frozenset[str]
    changed: tuple[str, ...]
    others: tuple[str, ...]


def look(folder: Path) -> Standing:
    """Tell the files of an earlier run, unchanged, from everybody else's.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that exists.

    Returns
    -------
    Standing
        Names relative to the folder, with ``/``.
    """
    ours = read(folder / MANIFEST)
    sums = None if ours is None else ours["outputs"]
    unchanged, changed, others = {MANIFEST} if sums is not None else set(), [], []
    listed = sums or {}
    parents = {parent.as_posix() for name in listed for parent in Path(name).parents}
    for name in _names(folder, parents=parents):
        if name in unchanged:
            continue
        if name not in listed and name not in parents:
            others.append(name)
        elif name in listed and checksum(folder / name) == listed[name]:
            unchanged.add(name)
        else:
            changed.append(name)
    return Standing(sums is not None, frozenset(unchanged), tuple(changed), tuple(others))


def seal(content: Mapping[str, Any], sums: Mapping[str, str]) -> bytes:
    """Return the bytes of a manifest that `look` takes for a run's.

    Parameters
    ----------
    content : mapping
        What the manifest tells besides; plain data.
    sums : mapping
        Relative path of each file of the run to its `checksum`.

    Returns
    -------
    bytes
        JSON: the mark first, a checksum of all the rest last, so that a changed manifest is
        no longer the run's.
    """
    told = {MARK: FORMAT, **content, "outputs": dict(sorted(sums.items()))}
    return _json({**told, _SEAL: hashlib.sha256(_json(told)).hexdigest()})


def checksum(path: Path) -> str | None:
    """Return the SHA-256 of a file's content; None of what is no plain file or cannot be read.

    Of a database (a GeoPackage is one) as it was `settled`, so that it is not taken for
    changed once QGIS has had it open.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as file:
            digest = hashlib.sha256(settled(file.read(_SQLITE_HEADER)))
            while block := file.read(2**20):
                digest.update(block)
        return digest.hexdigest()
    except OSError:
        return None


def settled(header: bytes) -> bytes:
    """Return a database's first 100 bytes with fixed values for what opening it may set.

    Of any other file the bytes as they are. A GeoPackage is written with them, so that its
    `checksum` is the SHA-256 of its bytes as they lie on the disk.
    """
    if len(header) < _SQLITE_HEADER or not header.startswith(_SQLITE):
        return header
    out = bytearray(header)
    for at, value in _SQLITE_PASSING.items():
        out[at : at + len(value)] = value
    return bytes(out)


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def read(manifest: Path) -> dict[str, Any] | None:
    """Return what a manifest tells that is ours to the last byte, else None.

    Parameters
    ----------
    manifest : pathlib.Path
        A file that `seal` made, or any other, or none.

    Returns
    -------
    dict or None
        With the checksums under ``"outputs"``.
    """
    try:
        about = manifest.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_BYTES:
            return None
        content = manifest.read_bytes()
        told = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get(MARK) != FORMAT or _SEAL not in told:
        return None
    rest = {key: value for key, value in told.items() if key not in (MARK, "outputs", _SEAL)}
    sums = told.get("outputs")
    if not isinstance(sums, dict) or seal(rest, sums) != content:
        return None
    return {**rest, "outputs": sums}


def _names(folder: Path, *, parents: set[str], inside: str = "") -> Iterator[str]:
    """Every file, link and empty folder, except the run's own folders that were emptied."""
    with os.scandir(folder / inside) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    if not entries and inside and inside not in parents:
        yield inside
    for entry in entries:
        name = f"{inside}/{entry.name}" if inside else entry.name
        if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
            yield from _names(folder, parents=parents, inside=name)
        else:
            yield name


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether a folder of Windows stands elsewhere (Python tells from 3.12 on)."""
    return bool(getattr(entry, "is_junction", bool)())
