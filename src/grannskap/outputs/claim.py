"""A folder held for one run: what can go wrong with it is found out before the work."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grannskap.errors import OutputError, system_reason
from grannskap.outputs import exchange, moving, ownership
from grannskap.wording import in_both

__all__ = ["Claim", "check", "claim", "hold", "refuse_strangers", "told"]

WAIT = 10.0
"""Seconds for which a run waits for another that writes into the same folder."""

_STALE_AFTER = 3600.0  # seconds after which another run's leavings are taken for dead
_ROOM = 32 * 2**20  # what a run writes at least; its maps and tables grow with what is read
_LONGEST_NAME = "maps/" + "x" * 64


@dataclass(frozen=True)
class Claim:
    """A folder that one run may replace.

    Attributes
    ----------
    named : pathlib.Path
        The folder as the user named it.
    place : pathlib.Path
        Where it is: absolute, without links.
    work : pathlib.Path
        A folder beside it, for this run alone, in which new files are made.
    kept : tuple of str
        Files that a killed run's end left beside a new one, under a name of their own.
    """

    named: Path
    place: Path
    work: Path
    kept: tuple[str, ...] = ()


@contextlib.contextmanager
def claim(folder: Path, *, inputs: Iterable[Path] = ()) -> Iterator[Claim]:
    """Hold a folder for one run, from before the work until its files are in place.

    Parameters
    ----------
    folder : pathlib.Path
        Absent, empty, or the folder of an earlier run whose files nobody changed since.
    inputs : iterable of pathlib.Path
        Files that the run reads; the folder may neither hold them nor lie within one.

    Yields
    ------
    Claim
        For `grannskap.outputs.folder.replace`.

    Raises
    ------
    OutputError
        When the folder cannot be replaced, or another run is at it.
    """
    read = list(inputs)
    with hold(folder, inputs=read) as place, contextlib.ExitStack() as undo:
        with told(folder):
            kept = _mend(place)
            _refuse_what_stands(folder, place)
            work = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
            undo.callback(moving.clear, work)
            _try_long_name(work)
            _refuse_lack_of_room(place, read)
        yield Claim(folder, place, work, tuple(kept))


@contextlib.contextmanager
def hold(folder: Path, *, inputs: Iterable[Path] = ()) -> Iterator[Path]:
    """Keep other runs from a folder, whatever stands in it; parameters as `claim`.

    Yields
    ------
    pathlib.Path
        Where it is: absolute, without links; the folder above it is there.

    Raises
    ------
    OutputError
        When it can be no folder of a run, or another run is at it.
    """
    place = _place(folder)
    _refuse_inputs(folder, place, list(inputs))
    with contextlib.ExitStack() as undo:
        with told(folder):
            _make_parents(place.parent, undo)
            undo.enter_context(_locked(folder, place))
        yield place


def check(folder: Path, *, inputs: Iterable[Path] = ()) -> None:
    """Refuse a folder that cannot be claimed, and touch nothing; parameters as `claim`.

    Raises
    ------
    OutputError
        As `claim`, but for another run that is at it.
    """
    place = _place(folder)
    _refuse_inputs(folder, place, list(inputs))
    with told(folder):
        _refuse_what_stands(folder, place)


@contextlib.contextmanager
def told(folder: Path) -> Iterator[None]:
    """Tell in one line what the system says while it writes.

    Parameters
    ----------
    folder : pathlib.Path
        The folder as the user named it.

    Raises
    ------
    OutputError
        In place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            "no room to write",
            {
                "folder": str(folder),
                "why": system_reason(error),
                "file": error.filename if isinstance(error.filename, str) else None,
                "windows": sys.platform == "win32",
            },
        ) from error


def _place(folder: Path) -> Path:
    """Follow links to where the folder is, and refuse what no folder can be put in place of."""
    try:
        place = folder.absolute().resolve()
        is_folder, is_there = place.is_dir(), os.path.lexists(place)
        is_link = folder.is_symlink()
    except (OSError, RuntimeError, ValueError) as error:
        nowhere = in_both("errors.phrases.path that leads nowhere")
        why = system_reason(error) if isinstance(error, OSError) else nowhere
        raise OutputError("no way to folder", {"folder": str(folder), "why": why}) from error
    if is_link and not is_there:
        raise OutputError("link that leads nowhere", {"folder": str(folder)})
    if is_there and not is_folder:
        raise OutputError("file where a folder belongs", {"folder": str(folder)})
    if is_folder and (place == place.parent or os.path.ismount(place)):
        raise OutputError("folder that is a disk", {"folder": str(folder)})
    if is_folder and _stands_in(place):
        raise OutputError("folder started in", {"folder": str(folder)})
    return place


def _stands_in(place: Path) -> bool:
    try:
        here = Path.cwd()
    except OSError:  # deleted
        return False
    return any(one.samefile(place) for one in (here, *here.parents))


def _refuse_inputs(folder: Path, place: Path, inputs: Sequence[Path]) -> None:
    """Compare folders as the disk knows them: by link, in capitals or not, all one."""
    around = [one for one in (place, *place.parents) if one.exists()]
    for path in inputs:
        above = {*path.absolute().parents, *path.resolve().parents}
        if place.exists() and any(_exists(one) and one.samefile(place) for one in above):
            raise OutputError("folder holds its inputs", {"folder": str(folder), "name": path.name})
        if _exists(path) and path.is_dir() and any(one.samefile(path) for one in around):
            raise OutputError(
                "folder within its inputs", {"folder": str(folder), "name": path.name}
            )


def _exists(path: Path) -> bool:
    """Tell whether a path leads somewhere; one that no disk can hold (too long) does not."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def _make_parents(parent: Path, undo: contextlib.ExitStack) -> None:
    """Make the folders above; those that are empty afterwards go again."""
    missing = []
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        undo.callback(_remove_if_empty, one)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


@contextlib.contextmanager
def _locked(folder: Path, place: Path) -> Iterator[None]:
    path = place.parent / f".{place.name}.lock"
    until = time.monotonic() + WAIT
    while (held := exchange.lock(path)) is None:
        if time.monotonic() > until:
            raise OutputError("another run writes", {"folder": str(folder)})
        time.sleep(0.05)
    try:
        yield
    finally:
        exchange.unlock(path, held)


def _prefix(place: Path) -> str:
    return f".{place.name}.partial-"


def _mend(place: Path) -> list[str]:
    """Finish, or clear away, what killed runs left beside the folder."""
    aside = place.parent / f".{place.name}.previous"  # where version 0.1.0 moved it
    if aside.is_dir() and not aside.is_symlink() and not place.exists():
        aside.rename(place)
    kept: list[str] = []
    for work in place.parent.iterdir():
        if not work.name.startswith(_prefix(place)) or work.is_symlink() or not work.is_dir():
            continue
        if moving.is_swapped(work):
            kept += moving.finish(work, place)
        elif time.time() - work.stat().st_mtime > _STALE_AFTER:
            moving.clear(work)
    return kept


def _refuse_what_stands(folder: Path, place: Path) -> None:
    if not place.is_dir():
        return
    for inner, folders, _files in os.walk(place):
        here = Path(inner)
        if not os.access(here, os.W_OK | os.X_OK):
            raise OutputError(
                "folder with a closed one", {"folder": str(folder), "inner": str(here)}
            )
        for name in folders:
            if os.path.ismount(here / name):
                raise OutputError(
                    "folder with a disk", {"folder": str(folder), "inner": str(here / name)}
                )
    standing = refuse_strangers(folder, place)
    held = [name for name in sorted(standing.unchanged) if exchange.is_held_open(place / name)]
    if held:
        raise OutputError("files open elsewhere", {"folder": str(folder), "names": held})


def refuse_strangers(folder: Path, place: Path) -> ownership.Standing:
    """Refuse a folder that is not an earlier run's, or in which a run's file was changed.

    Parameters
    ----------
    folder : pathlib.Path
        The folder as the user named it.
    place : pathlib.Path
        Where it is.

    Returns
    -------
    Standing
        What stands there.
    """
    standing = ownership.look(place)
    if standing.others and not standing.is_ours:
        raise OutputError(
            "folder with files of others",
            {"folder": str(folder), "names": sorted(one.name for one in place.iterdir())},
        )
    if standing.changed:
        raise OutputError("changed since", {"folder": str(folder), "names": list(standing.changed)})
    return standing


def _try_long_name(work: Path) -> None:
    """Make the longest name of a run, which an old Windows may find too long."""
    tried = moving.new(work) / _LONGEST_NAME
    tried.parent.mkdir(parents=True)
    tried.touch()
    shutil.rmtree(moving.new(work))


def _refuse_lack_of_room(place: Path, inputs: Sequence[Path]) -> None:
    needed = _ROOM + sum(path.stat().st_size for path in inputs if path.is_file())
    free = shutil.disk_usage(place.parent).free
    if free < needed:
        raise OutputError(
            "disk nearly full",
            {"needed": f"{needed / 2**20:.0f}", "place": str(place), "free": f"{free / 2**20:.0f}"},
        )
