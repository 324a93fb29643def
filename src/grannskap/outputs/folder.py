"""A folder of results, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from grannskap.errors import OutputError, few
from grannskap.outputs import ownership
from grannskap.outputs.ownership import MANIFEST

__all__ = ["MANIFEST", "Writer", "check", "replace"]

Writer = Callable[[Path], None]

_STALE_AFTER = 3600.0  # seconds after which another run's leavings are taken for dead


def check(folder: Path, *, inputs: Iterable[Path] = ()) -> None:
    """Refuse a folder that holds what no earlier run wrote, or that cannot be written.

    Parameters
    ----------
    folder : pathlib.Path
        Absent, empty, or the folder of an earlier run whose files nobody changed since.
    inputs : iterable of pathlib.Path
        Files that the run reads; the folder may neither hold them nor lie within one.

    Raises
    ------
    OutputError
        When the folder is a file, cannot be written, or holds other people's files.
    """
    _restore(folder)
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            expected="a folder to write into", came=f"the file {folder}", remedy="name a folder"
        )
    if folder.is_dir():
        _refuse_inputs(folder, inputs)
        _refuse_strangers(folder)
    parent = _nearest_existing(folder.absolute().parent)
    if not os.access(parent, os.W_OK) or not parent.is_dir():
        raise OutputError(
            expected="a folder that can be written",
            came=f"{parent}, which cannot",
            remedy="name another folder with --out",
        )


def _refuse_inputs(folder: Path, inputs: Iterable[Path]) -> None:
    """Compare folders as the disk knows them: by link, in capitals or not, all one."""
    for path in inputs:
        above = {*path.absolute().parents, *path.resolve().parents}
        if any(one.exists() and one.samefile(folder) for one in above):
            raise OutputError(
                expected="a folder apart from what is read",
                came=f"{folder}, which holds {path.name}",
                remedy="name another folder with --out; nothing there was touched",
            )
        around = [folder.resolve(), *folder.resolve().parents]
        if path.is_dir() and any(one.samefile(path) for one in around):
            raise OutputError(
                expected="a folder apart from what is read",
                came=f"{folder}, which lies in {path.name}",
                remedy="name another folder with --out; nothing there was touched",
            )


def _refuse_strangers(folder: Path) -> None:
    standing = ownership.look(folder)
    if standing.others and not standing.is_ours:
        raise OutputError(
            expected="an empty folder or one of an earlier run",
            came=f"{folder} with {few(sorted(p.name for p in folder.iterdir()))}",
            remedy="name another folder with --out; nothing there was touched",
        )
    if standing.changed:
        raise OutputError(
            expected=f"{folder} as the earlier run left it",
            came=f"{few(standing.changed)}, changed since",
            remedy="move or rename what you want to keep, or name another folder with --out; "
            "nothing there was touched",
        )


def replace(folder: Path, writers: Mapping[str, bytes | Writer]) -> None:
    """Write every file into a new folder, then put it in the place of `folder`.

    A process that is killed leaves `folder` as it was (or, between two renames, under a
    name from which the next run restores it).

    Parameters
    ----------
    folder : pathlib.Path
        Where the results shall stand.
    writers : mapping
        Relative path to its bytes, or to a function that writes it, in the order to write.
        What stands under `MANIFEST`, a JSON object, gets the checksums of all the others.

    Raises
    ------
    OutputError
        When anything could not be written; `folder` is as it was.
    """
    check(folder)
    try:
        with _staging(folder) as staging:
            _write_all(staging, writers)
            _keep_strangers(folder, staging)
            _swap(staging, folder)
    except OSError as error:
        raise OutputError(
            expected=f"room and permission to write {folder}",
            came=error.strerror or str(error),
            remedy="make room or name another folder with --out; the old folder is untouched",
        ) from error


def _write_all(staging: Path, writers: Mapping[str, bytes | Writer]) -> None:
    """Write the files, and a manifest that makes them ours."""
    for name, content in writers.items():
        _write(staging / name, content)
    manifest = staging / MANIFEST
    told = json.loads(manifest.read_bytes()) if MANIFEST in writers else {}
    sums = {name: ownership.checksum(staging / name) for name in writers if name != MANIFEST}
    manifest.write_bytes(ownership.seal(told, {name: one for name, one in sums.items() if one}))


def _write(path: Path, content: bytes | Writer) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder beside the real one, so that the last step is a rename; gone afterwards."""
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}.partial-"
    for old in parent.glob(f"{prefix}*"):
        if time.time() - old.stat().st_mtime > _STALE_AFTER:
            shutil.rmtree(old, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    staging.chmod(0o755)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _keep_strangers(folder: Path, staging: Path) -> None:
    """Carry over what stands in the old folder and is not the earlier run's."""
    if not folder.is_dir():
        return
    for name in ownership.look(folder).others:
        path, target = folder / name, staging / name
        if os.path.lexists(target):
            raise OutputError(
                expected=f"no file of yours under the name {name} in {folder}",
                came="one",
                remedy="rename it, or name another folder with --out; nothing there was touched",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not path.is_symlink():
            target.mkdir()
        else:
            shutil.copy2(path, target, follow_symlinks=False)


def _swap(staging: Path, folder: Path) -> None:
    previous = _previous(folder)
    if folder.exists():
        shutil.rmtree(previous, ignore_errors=True)
        folder.rename(previous)
    try:
        staging.rename(folder)
    except OSError:
        _restore(folder)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _previous(folder: Path) -> Path:
    return folder.absolute().parent / f".{folder.name}.previous"


def _restore(folder: Path) -> None:
    """Put back a folder that a killed run had moved aside and not replaced."""
    previous = _previous(folder)
    if previous.is_dir() and not folder.exists():
        previous.rename(folder)


def _nearest_existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
