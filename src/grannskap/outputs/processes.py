"""Other processes that work beside this one: started anew, and gone when this one is.

They never import the program that started this: a fresh interpreter imports the module that it is
told, and reads what it shall do from a pipe.
"""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import IO

__all__ = ["cores", "pipes", "start"]

_START = (
    "import importlib, sys; sys.path[:] = {path!r}; importlib.import_module({module!r}).serve()"
)


def cores() -> int:
    """How many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not every system tells
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def start(module: str) -> subprocess.Popen[bytes] | None:
    """Start an interpreter that runs ``serve()`` of a module, with a pipe to it and one from it.

    It is not interrupted from the keyboard: whoever started it ends it.

    Parameters
    ----------
    module : str
        Its dotted name.

    Returns
    -------
    subprocess.Popen or None
        None where the program that runs is no interpreter: it may have one built in.
    """
    executable = Path(sys.executable or "")
    if getattr(sys, "frozen", False) or not executable.stem.lower().startswith(("python", "pypy")):
        return None
    alone = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    alone |= getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-c", _START.format(path=sys.path, module=module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=alone,
            start_new_session=True,
        )
    except OSError:
        return None


def pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return what comes in, and where answers go, in a process that `start` began.

    Nothing that a library prints ends up among the answers.
    """
    warnings.simplefilter("ignore")
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answer
