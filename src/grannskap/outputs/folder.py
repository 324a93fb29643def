"""A folder of results, written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from grannskap.errors import OutputError, system_reason
from grannskap.outputs import moving, ownership
from grannskap.outputs.claim import Claim, claim, refuse_strangers, told
from grannskap.outputs.ownership import MANIFEST

__all__ = ["MANIFEST", "Claim", "Writer", "check", "claim", "replace"]

Writer = Callable[[Path], None]


def check(folder: Path, *, inputs: Iterable[Path] = ()) -> None:
    """Refuse a folder that could not be replaced.

    Parameters
    ----------
    folder : pathlib.Path
        Absent, empty, or the folder of an earlier run whose files nobody changed since.
    inputs : iterable of pathlib.Path
        Files that the run reads.

    Raises
    ------
    OutputError
        See `grannskap.outputs.claim.claim`, which also holds the folder.
    """
    with claim(folder, inputs=inputs):
        pass


def replace(folder: Path | Claim, writers: Mapping[str, bytes | Writer]) -> tuple[str, ...]:
    """Write every file into a new folder, then put it in the place of `folder`.

    Parameters
    ----------
    folder : pathlib.Path or Claim
        Where the results shall stand; a claim serves once.
    writers : mapping
        Relative path to its bytes, or to a function that writes it, in the order to write.
        What stands under `MANIFEST`, a JSON object, gets the checksums of all the others.

    Returns
    -------
    tuple of str
        Files that somebody changed in the very moment of the swap: kept beside the new ones.

    Raises
    ------
    OutputError
        When anything could not be written; `folder` is as it was.
    """
    if isinstance(folder, Path):
        with claim(folder) as held:
            return replace(held, writers)
    with told(folder.named):
        _write_all(moving.new(folder.work), writers)
        others = _others(folder)
        carried = moving.carry(folder.place, folder.work, others)
        moving.like(folder.place, folder.work, [*writers, MANIFEST])
        moving.put(folder.work, folder.place, carried)
    return (*folder.kept, *_finish(folder))


def _write_all(new: Path, writers: Mapping[str, bytes | Writer]) -> None:
    """Write the files, and a manifest that makes them ours."""
    new.mkdir(parents=True)
    for name, content in writers.items():
        _write(new / name, content)
    about = json.loads((new / MANIFEST).read_bytes()) if MANIFEST in writers else {}
    sums = {name: ownership.checksum(new / name) for name in writers if name != MANIFEST}
    sealed = ownership.seal(about, {name: one for name, one in sums.items() if one is not None})
    (new / MANIFEST).write_bytes(sealed)


def _write(path: Path, content: bytes | Writer) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)


def _others(held: Claim) -> tuple[str, ...]:
    """Everybody else's files, of which none may stand where a new one shall."""
    if not held.place.exists():
        return ()
    others = refuse_strangers(held.named, held.place).others
    for name in others:
        path, new = held.place / name, moving.new(held.work)
        in_the_way = [one for one in Path(name).parents if (new / one).is_file()]
        both_folders = path.is_dir() and not path.is_symlink() and (new / name).is_dir()
        if in_the_way or (os.path.lexists(new / name) and not both_folders):
            raise OutputError("file of yours in the way", {"folder": str(held.named), "name": name})
    return others


def _finish(held: Claim) -> list[str]:
    if not moving.is_swapped(held.work):
        return []
    try:
        return moving.finish(held.work, held.place)
    except OSError as error:
        raise OutputError(
            "files not brought back",
            {"work": str(held.work), "folder": str(held.named), "why": system_reason(error)},
        ) from error
