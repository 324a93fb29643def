"""What differs between systems: two folders swapped in one step, locks, owners, flushed disks.

The only module with calls that one system has and another lacks.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["exchange", "is_held_open", "keep_owner", "lock", "sync", "unlock"]

_NO_SUCH_CALL = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_HELD_ELSEWHERE = {errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.ENOENT}
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # Linux, linux/fs.h
_RENAME_SWAP = 2  # macOS, sys/stdio.h


def exchange(one: Path, other: Path) -> bool:
    """Swap the names of two folders in one step that nobody can see half done.

    Parameters
    ----------
    one, other : pathlib.Path
        Both exist, on one disk.

    Returns
    -------
    bool
        False, and nothing done, where the system or the disk has no such step.

    Raises
    ------
    OSError
        When it has one and it failed; nothing was done.
    """
    call = _swapping_call()
    if call is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = call(names[0], names[1], _RENAME_SWAP)
    else:
        failed = call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _NO_SUCH_CALL:
        return False
    raise OSError(code, os.strerror(code), str(other))


@cache
def _swapping_call() -> Any:  # noqa: ANN401 - a function of the C library
    if sys.platform == "win32":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    name = "renamex_np" if sys.platform == "darwin" else "renameat2"
    call = getattr(library, name, None)
    if call is not None:
        path, number = ctypes.c_char_p, ctypes.c_int
        both = [path, path] if sys.platform == "darwin" else [number, path, number, path]
        call.argtypes = [*both, ctypes.c_uint]
    return call


def lock(path: Path) -> int | None:
    """Take a lock that ends with the process that holds it, however that ends.

    Parameters
    ----------
    path : pathlib.Path
        The file that stands for the lock; made where absent.

    Returns
    -------
    int or None
        What `unlock` wants; None when somebody else holds the lock. On a disk that knows no
        locks everybody gets one.

    Raises
    ------
    OSError
        When the file cannot be made.
    """
    held = _open_lock(path)
    try:
        if sys.platform == "win32":
            msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held it before may have removed the file that we opened.
        if sys.platform == "win32" or os.path.samestat(os.fstat(held), path.lstat()):
            return held
    except OSError as error:
        if error.errno in _NO_SUCH_CALL or error.errno == errno.ENOLCK:
            return held
        os.close(held)
        if error.errno in _HELD_ELSEWHERE:
            return None
        raise
    os.close(held)
    return None


def _open_lock(path: Path) -> int:
    no_links = getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | no_links, 0o666)
    except PermissionError:
        if not path.exists():
            raise
        # Left by another account that was killed; reading is enough to lock it.
        return os.open(path, os.O_RDONLY | no_links)


def unlock(path: Path, held: int) -> None:
    """Give back a lock and remove its file.

    Parameters
    ----------
    path : pathlib.Path
        As given to `lock`.
    held : int
        What `lock` returned.
    """
    if sys.platform == "win32":  # an open file cannot be removed there
        msvcrt.locking(held, msvcrt.LK_UNLCK, 1)
        os.close(held)
        with contextlib.suppress(OSError):
            path.unlink()
        return
    with contextlib.suppress(OSError):
        if os.path.samestat(os.fstat(held), path.lstat()):
            path.unlink()
    os.close(held)


def sync(path: Path) -> None:
    """Have the disk hold a file's content, or a folder's names, before going on.

    Parameters
    ----------
    path : pathlib.Path
        A file, or a folder (on Windows nothing is done for one).
    """
    if sys.platform == "win32" and path.is_dir():
        return
    try:
        opened = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except PermissionError:  # a user's permissions that forbid even us to read
        return
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:  # some shared disks cannot flush a folder
            raise
    finally:
        os.close(opened)


def keep_owner(path: Path, like: Path) -> None:
    """Give a file the owner and group of another, as far as this account may.

    Parameters
    ----------
    path : pathlib.Path
        What is given away.
    like : pathlib.Path
        What has the owner.
    """
    if sys.platform == "win32":
        return
    wanted, there = like.lstat(), path.lstat()
    if (wanted.st_uid, wanted.st_gid) == (there.st_uid, there.st_gid):
        return
    owner = wanted.st_uid if os.geteuid() == 0 else -1
    with contextlib.suppress(PermissionError):
        os.chown(path, owner, wanted.st_gid, follow_symlinks=False)


def is_held_open(path: Path) -> bool:
    """Whether Windows would refuse to move a file, as another program has it open.

    Parameters
    ----------
    path : pathlib.Path
        A file.

    Returns
    -------
    bool
        Always False on other systems: they move what is open.
    """
    if sys.platform != "win32":
        return False
    try:
        with path.open("r+b"):
            return False
    except PermissionError:
        return os.access(path, os.W_OK)
    except OSError:
        return False
