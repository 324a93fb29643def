"""The folder that holds a folder for each town: whose its own files are, and what stands in it.

Every town's folder is a run's own, with a manifest, and is written and replaced as any other. Above
them lie a page, a table and a record that is to these what the manifest is to a run's files.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grannskap.errors import OutputError
from grannskap.outputs import claim, exchange, manifest, ownership
from grannskap.outputs.folder import MANIFEST

if TYPE_CHECKING:
    from grannskap.project import Project

__all__ = ["PAGE", "RECORD", "TABLE", "Collection", "hold", "is_whole", "put", "stamp"]

RECORD = "towns.json"
"""The file that marks the folder, and tells what is in it and what it was made from."""

PAGE = "index.html"
TABLE = "towns.csv"
"""The page that leads to every town, and its table."""

_BEFORE = "before"
"""In the record: checksums of the files that the last run was about to replace."""


@dataclass(frozen=True)
class Collection:
    """A folder of towns that one run may write into.

    Attributes
    ----------
    named : pathlib.Path
        The folder as the user named it.
    place : pathlib.Path
        Where it is: absolute, without links.
    record : mapping
        What an earlier run told of it; empty before the first.
    """

    named: Path
    place: Path
    record: Mapping[str, Any]


def stamp(project: Project, checksums: Sequence[tuple[str, str]] | None) -> str:
    """Return what tells one making from another: all that was read, asked and made with.

    Parameters
    ----------
    project : Project
        What is asked.
    checksums : sequence of (str, str), or None
        Name and SHA-256 of each input; None where what is read can have none.

    Returns
    -------
    str
        SHA-256, hexadecimal; empty where nothing can be told from it.
    """
    if checksums is None:
        return ""
    told = {
        "versions": manifest.versions(),
        "project": project.model_dump(mode="json", by_alias=True),
        "inputs": [list(one) for one in checksums],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@contextlib.contextmanager
def hold(folder: Path, *, inputs: Iterable[Path] = ()) -> Iterator[Collection]:
    """Hold a folder of towns for one run.

    Parameters
    ----------
    folder : pathlib.Path
        Absent, empty, or an earlier run's with its page and table as that left them.
    inputs : iterable of pathlib.Path
        Files that the run reads; the folder may neither hold them nor lie within one.

    Yields
    ------
    Collection
        For `put`.

    Raises
    ------
    OutputError
        When it is somebody else's, a file in it was changed, or another run is at it.
    """
    with claim.hold(folder, inputs=inputs) as place, contextlib.ExitStack() as undo:
        with claim.told(folder):
            place.mkdir(exist_ok=True)
            undo.callback(_remove_if_unused, place)
            record = _record(folder, place)
            if not record:
                _write(place / RECORD, ownership.seal({}, {}))
        yield Collection(folder, place, record)


def _remove_if_unused(place: Path) -> None:
    """Take away a folder into which nothing came but the mark."""
    with contextlib.suppress(OSError):
        record = ownership.read(place / RECORD)
        if [one.name for one in place.iterdir()] == [RECORD] and record == {"outputs": {}}:
            (place / RECORD).unlink()
        place.rmdir()


def _record(folder: Path, place: Path) -> dict[str, Any]:
    """Return what an earlier run told; refuse a folder that is another's, or was changed."""
    names = sorted(one.name for one in place.iterdir())
    record = ownership.read(place / RECORD)
    if record is None:
        if names:
            raise OutputError(
                "folder with files of others", {"folder": str(folder), "names": names}
            )
        return {}
    changed = [name for name in (PAGE, TABLE) if not _is_ours(place / name, record)]
    if changed:
        raise OutputError("changed since", {"folder": str(folder), "names": changed})
    return record


def _is_ours(path: Path, record: Mapping[str, Any]) -> bool:
    """Tell whether a file is as a run wrote it: the last, or the one before if that was killed."""
    if not os.path.lexists(path):
        return True
    known = (record["outputs"].get(path.name), record.get(_BEFORE, {}).get(path.name))
    return ownership.checksum(path) in [one for one in known if one is not None]


def put(held: Collection, files: Mapping[str, bytes], *, told: Mapping[str, Any]) -> None:
    """Write page and table, each whole or not at all, and the record before them.

    Parameters
    ----------
    held : Collection
        From `hold`.
    files : mapping of str to bytes
        `PAGE` and `TABLE`.
    told : mapping
        What the record tells besides; plain data.

    Raises
    ------
    OutputError
        When they cannot be written.
    """
    with claim.told(held.named):
        standing = {name: ownership.checksum(held.place / name) for name in files}
        before = {name: one for name, one in standing.items() if one is not None}
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        _write(held.place / RECORD, ownership.seal({**told, _BEFORE: before}, sums))
        for name, content in files.items():
            _write(held.place / name, content)
        exchange.sync(held.place)


def _write(path: Path, content: bytes) -> None:
    made = path.with_name(f".{path.name}.partial")
    try:
        made.write_bytes(content)
        exchange.sync(made)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def is_whole(folder: Path, made_from: str) -> bool:
    """Tell whether a town's folder was made from just this, and nothing of it is gone.

    A file that somebody changed since is theirs, and no reason to make the others again.

    Parameters
    ----------
    folder : pathlib.Path
        Of a town; it may be absent.
    made_from : str
        A `stamp`; what has none is never whole.
    """
    made = ownership.read(folder / MANIFEST)
    if not made_from or made is None or made.get("stamp") != made_from:
        return False
    found = ownership.look(folder)
    return {*made["outputs"]} <= {*found.unchanged, *found.changed}
