"""The three streams of the command line, which may be closed, full, or poor in letters."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TextIO

__all__ = ["make_safe", "turn_from", "turn_from_broken"]


def make_safe() -> None:
    """Never fail on a letter that a stream cannot hold, nor write into a file for a stream.

    Where a stream was closed before the start, the next file that is opened would get its number,
    and what a library prints would stand in that file: an empty device takes the number instead.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def turn_from_broken() -> OSError | None:
    """Turn away from a stream that takes nothing any more (a full disk, a pipe without a reader).

    Returns
    -------
    OSError or None
        What the system says of stdout, or else of stderr; None when both are whole.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.write("\n")
            stream.flush()
        except OSError as error:
            turn_from(stream)
            return error
    return None


def turn_from(stream: TextIO) -> None:
    """Have nothing fail that is still to be written, such as at the end of the program.

    Parameters
    ----------
    stream : typing.TextIO
        Stdout or stderr.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    stream.flush()
