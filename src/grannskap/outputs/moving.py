"""New files into the place of old ones in one step, and everybody else's back where they were."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from grannskap.outputs import exchange, ownership

__all__ = ["carry", "clear", "finish", "is_swapped", "like", "new", "put"]

# In a run's folder: what it made, what it took the place of, and how to know which is which.
_NEW, _OLD, _RECORD = "new", "old", "swap.json"

_Seen = tuple[int, int, int]  # of a file: its number on the disk, its size, its time


def new(work: Path) -> Path:
    """Return the folder in which a run makes its files.

    Parameters
    ----------
    work : pathlib.Path
        The run's folder.
    """
    return work / _NEW


def carry(place: Path, work: Path, names: Iterable[str]) -> dict[str, _Seen]:
    """Give everybody else's files a second name among the new ones, so that none is ever away.

    Parameters
    ----------
    place : pathlib.Path
        The folder that they stand in.
    work : pathlib.Path
        The run's folder.
    names : iterable of str
        Which.

    Returns
    -------
    dict
        What was made, as it was seen then. What can have no second name (a device, or a file that
        may not be read) comes after the swap, in `finish`.
    """
    carried = {}
    for name in names:
        path, target = place / name, work / _NEW / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            _second_name(path, target)
            carried[name] = _seen(target)
    return carried


def _second_name(path: Path, target: Path) -> None:
    """Link a file; copy it where the disk has no links or the file is not ours to link."""
    if path.is_symlink():
        shutil.copy2(path, target, follow_symlinks=False)
    elif path.is_dir():
        target.mkdir(exist_ok=True)
    else:
        try:
            target.hardlink_to(path)
        except OSError:
            shutil.copy2(path, target)


def like(place: Path, work: Path, names: Iterable[str]) -> None:
    """Give new files, and all folders, the permissions and owner of the old ones of the same name.

    Parameters
    ----------
    place : pathlib.Path
        The folder as it stands.
    work : pathlib.Path
        The run's folder.
    names : iterable of str
        The files that the run wrote; what was carried over is left as it is.
    """
    made = work / _NEW
    inner = sorted(one for one in made.rglob("*") if one.is_dir() and not one.is_symlink())
    for after in (*(made / name for name in names), *reversed(inner), made):
        before = place / after.relative_to(made)
        if before.exists() and not before.is_symlink():
            exchange.keep_owner(after, before)
            shutil.copystat(before, after)  # with the lists of who may do what, where there are any
            os.utime(after)


def put(work: Path, place: Path, carried: dict[str, _Seen]) -> None:
    """Swap what the run made with the folder as it stands.

    Parameters
    ----------
    work : pathlib.Path
        The run's folder; `finish` has to follow.
    place : pathlib.Path
        The folder, or where it shall be.
    carried : dict
        From `carry`.

    Raises
    ------
    OSError
        When it cannot be done; the folder is as it was.
    """
    made, old = work / _NEW, work / _OLD
    record = {"number": made.stat().st_ino, "carried": carried}
    (work / _RECORD).write_text(json.dumps(record), encoding="utf-8")
    for path in made.rglob("*"):
        is_carried = path.relative_to(made).as_posix() in carried
        if not is_carried or (path.is_dir() and not path.is_symlink()):
            exchange.sync(path)
    for path in (work / _RECORD, made, work):
        exchange.sync(path)
    if not place.exists():
        made.rename(place)
    elif exchange.exchange(made, place):
        made.rename(old)
    else:
        place.rename(old)
        try:
            made.rename(place)
        except OSError:
            old.rename(place)
            raise
    exchange.sync(place.parent)


def is_swapped(work: Path) -> bool:
    """Whether a run's folder holds what stood in the place before, and not only new files.

    Parameters
    ----------
    work : pathlib.Path
        The run's folder, also one of a run that was killed.
    """
    if (work / _OLD).exists():
        return True
    record, made = work / _RECORD, work / _NEW
    return record.exists() and made.exists() and made.stat().st_ino != _recorded(work)[0]


def _recorded(work: Path) -> tuple[int | None, dict[str, _Seen]]:
    try:
        told = json.loads((work / _RECORD).read_text(encoding="utf-8"))
        return told["number"], {name: tuple(seen) for name, seen in told["carried"].items()}
    except (OSError, ValueError, KeyError):
        return None, {}


def finish(work: Path, place: Path) -> list[str]:
    """Delete what the earlier run wrote and bring back what others changed or added meanwhile.

    Parameters
    ----------
    work : pathlib.Path
        A run's folder, after `put`.
    place : pathlib.Path
        The folder with the new files; absent when the run was killed between two renames.

    Returns
    -------
    list of str
        Files that came back beside a new one, under a name of their own.
    """
    old = work / _OLD
    if not old.exists():
        (work / _NEW).rename(old)
    kept: list[str] = []
    with contextlib.suppress(OSError):
        place.rmdir()  # made anew, and empty, by somebody who missed the old one
    if not place.exists():
        old.rename(place)
    else:
        _, carried = _recorded(work)
        while _holds(old):
            kept += _bring_back(old, place, carried)
    exchange.sync(place.parent)
    clear(work)
    return kept


def _holds(old: Path) -> bool:
    """Whether anything is left in a folder; removes what is empty in it, and it."""
    for inner, _folders, _files in os.walk(old, topdown=False):
        with contextlib.suppress(OSError):  # not empty
            Path(inner).rmdir()
    return old.exists()


def _bring_back(old: Path, place: Path, carried: dict[str, _Seen]) -> list[str]:
    standing = ownership.look(old)
    kept = []
    for name in (*standing.changed, *standing.others):
        path, target = old / name, place / name
        if path.is_dir() and not path.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(target):
            path.rename(target)
        elif os.path.samestat(path.lstat(), target.lstat()):
            path.unlink()
        elif _seen(target) == carried.get(name):
            path.replace(target)
        else:
            beside = _free_name(target)
            path.rename(beside)
            kept.append(beside.relative_to(place).as_posix())
    for name in standing.unchanged - {ownership.MANIFEST}:
        _delete(old / name)
    # The manifest last: until then the next run knows whose the others are.
    if _holds(old) and ownership.MANIFEST in standing.unchanged:
        _delete(old / ownership.MANIFEST)
    return kept


def _free_name(taken: Path) -> Path:
    number = 1
    while os.path.lexists(free := taken.with_name(f"{taken.stem}.kept-{number}{taken.suffix}")):
        number += 1
    return free


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except PermissionError:  # Windows does not delete what is marked as read-only
        path.chmod(0o600)
        path.unlink()


def _seen(path: Path) -> _Seen:
    about = path.lstat()
    return about.st_ino, about.st_size, about.st_mtime_ns


def clear(work: Path) -> None:
    """Remove a run's folder, unless it still holds what stood in the place before.

    Parameters
    ----------
    work : pathlib.Path
        The run's folder.
    """
    if work.exists() and not is_swapped(work):
        shutil.rmtree(work, ignore_errors=True)
