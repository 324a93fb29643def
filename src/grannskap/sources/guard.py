"""Guard the door: open only what is a plain file, and tell a library's failure in one line.

Every reader of a user's file uses three things from here and no handler of its own:
`size` or `content` to open a path, `reading` around all that a library does with what is in it,
and `warned` to turn the warnings that were heard meanwhile into notes.
"""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from grannskap import letters
from grannskap.errors import GrannskapError, InputFileError, system_reason
from grannskap.language import Text
from grannskap.notes import Note
from grannskap.wording import in_both

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["checksum", "cleaned", "content", "opened", "reading", "size", "warned"]

_CHUNK = 1 << 20
_LARGEST = 1 << 31  # no reader has a bound that is larger
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe that is opened so does not wait for a writer; Windows has bytes to ask for instead."""
_OURS = __name__.partition(".")[0]
_ALWAYS_THE_FILES = (OSError, UnicodeError, OverflowError, RecursionError, MemoryError, EOFError)
_ABOUT_CODE = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ResourceWarning)
_KINDS = (
    (stat.S_ISDIR, "errors.phrases.a folder"),
    (stat.S_ISFIFO, "errors.phrases.a pipe"),
    (stat.S_ISSOCK, "errors.phrases.a socket"),
    (stat.S_ISCHR, "errors.phrases.a device"),
    (stat.S_ISBLK, "errors.phrases.a device"),
)


def size(
    path: Path,
    *,
    most: int,
    refused: type[GrannskapError] = InputFileError,
    remedy: Text | None = None,
) -> int:
    """Size of a plain file, bytes, from 0 to `most`.

    Nothing is opened: a pipe or a device, which could wait for ever or never end, is refused by
    what it is, and a file that is too large by the size that the system states.

    Parameters
    ----------
    path : Path
        As the user gave it; links are followed.
    most : int
        Bytes that are allowed.
    refused : type of GrannskapError
        What is raised.
    remedy : Text, optional
        What the user can do about a file that cannot be found.

    Returns
    -------
    int
        Its size.

    Raises
    ------
    GrannskapError
        When there is no such file, or it is a folder, a pipe, a device, or too large.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "small.txt"
    ...     _ = file.write_text("small")
    ...     size(file, most=100)
    5
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a name that no system can hold
        raise _not_found(path, error, refused, remedy) from None
    _check(path, found, most, refused)
    return found.st_size


@contextmanager
def opened(
    path: Path,
    *,
    most: int,
    refused: type[GrannskapError] = InputFileError,
    remedy: Text | None = None,
) -> Iterator[BinaryIO]:
    """Open a plain file for reading bytes; parameters and errors as `size`.

    What was checked is what was opened: the open file is looked at again, and a pipe that took
    its place meanwhile does not make the opening wait.
    """
    size(path, most=most, refused=refused, remedy=remedy)
    try:
        stream = os.fdopen(os.open(path, _FLAGS), "rb")
    except (OSError, ValueError) as error:
        raise _not_found(path, error, refused, remedy) from None
    with stream:
        _check(path, os.fstat(stream.fileno()), most, refused)
        yield stream


def content(
    path: Path,
    *,
    most: int,
    refused: type[GrannskapError] = InputFileError,
    remedy: Text | None = None,
) -> bytes:
    """All bytes of a plain file; parameters and errors as `size`.

    Not more is read than the size that was stated when it was opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "small.txt"
    ...     _ = file.write_text("small")
    ...     content(file, most=100)
    b'small'
    """
    with opened(path, most=most, refused=refused, remedy=remedy) as stream:
        try:
            return stream.read(os.fstat(stream.fileno()).st_size)
        except (OSError, MemoryError) as error:
            raise _not_found(path, error, refused, remedy) from None


def checksum(path: Path, *, most: int = _LARGEST) -> str:
    """SHA-256 of a plain file, hexadecimal; parameters and errors as `size`."""
    total = hashlib.sha256()
    with opened(path, most=most) as stream:
        while chunk := stream.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()


@contextmanager
def reading(
    path: Path | str,
    *,
    form: Text | str,
    remedy: Text | None = None,
    refused: type[GrannskapError] = InputFileError,
) -> Iterator[list[warnings.WarningMessage]]:
    """Turn whatever a library raises over a user's file into one error that names the file.

    A reader puts all of its work into one such block. Inside,

    - our own errors (`GrannskapError`) pass as they are;
    - what comes of the file whoever meets it (`OSError`, `UnicodeError`, `OverflowError`,
      `RecursionError`, `MemoryError`, `EOFError`), every exception that a library defines
      (``zlib.error``, ``BadZipFile``, ``CRSError``, ``GEOSException``, ``ArrowException``, …) and
      built-in exceptions that come from inside a library (`ValueError`, `KeyError`, …) are told
      as `refused`, with the original as their cause;
    - a built-in exception that comes from a line of grannskap itself is our fault, and passes
      with its traceback. So where our own line can meet a hostile value (``int(text)``), it
      checks the value and raises an error of ours.

    Warnings reach nobody: they are gathered in the list that the block is given, for `warned`.

    Parameters
    ----------
    path : Path or str
        The file, or its name.
    form : Text or str
        What it was read as: "a GeoPackage", "an Excel workbook".
    remedy : Text, optional
        What the user can do; to fetch it or save it again unless given.
    refused : type of GrannskapError
        What is raised.

    Yields
    ------
    list of WarningMessage
        The warnings heard until now.

    Raises
    ------
    GrannskapError
        Of the type `refused`.

    Examples
    --------
    >>> import json
    >>> with reading("a.json", form="JSON"):
    ...     json.loads("[1, 2")
    Traceback (most recent call last):
    grannskap.errors.InputFileError: expected JSON in a.json, but got what cannot be read as \
one (Expecting ',' delimiter: line 1 column 6 (char 5)): fetch it or save it again
    """
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            yield heard
        except GrannskapError:
            raise
        except Exception as error:
            if not _of_the_file(error):
                raise
            raise refused(
                "file cannot be read as its form",
                {
                    "form": form,
                    "name": Path(path).name,
                    "error": _reason(error),
                    "remedy": remedy or in_both("errors.phrases.fetch or save again"),
                },
            ) from error


def warned(heard: Sequence[warnings.WarningMessage]) -> tuple[Note, ...]:
    """Note what a file's reader warned of; what is meant for programmers is left out.

    Parameters
    ----------
    heard : sequence of WarningMessage
        As `reading` gives it.

    Returns
    -------
    tuple of Note
        One of kind ``"reader warnings"``, or none.
    """
    told = [one for one in heard if not issubclass(one.category, _ABOUT_CODE)]
    texts = list(dict.fromkeys(" ".join(str(one.message).split()) for one in told))
    return (Note("reader warnings", {"texts": texts}),) if texts else ()


def cleaned(values: pd.Series[Any]) -> tuple[pd.Series[Any], tuple[Note, ...]]:
    r"""Texts of a file without letters that no output could show, each in one line.

    Parameters
    ----------
    values : Series of str
        Names and labels.

    Returns
    -------
    tuple of (Series, tuple of Note)
        The texts, and a note of kind ``"texts cleaned"`` where any of them was changed.

    Examples
    --------
    >>> import pandas as pd
    >>> names, (note,) = cleaned(pd.Series(["Berga", "Års\x00ta"]))
    >>> names.tolist(), note.kind
    (['Berga', 'Årsta'], 'texts cleaned')
    """
    made = values.map(lambda text: letters.cleaned(text) if isinstance(text, str) else text)
    number = int(((made != values) & values.notna()).sum())
    if not number:
        return values, ()
    return made, (Note("texts cleaned", {"texts": number}),)


def _check(path: Path, found: os.stat_result, most: int, refused: type[GrannskapError]) -> None:
    if not stat.S_ISREG(found.st_mode):
        kinds = (name for is_kind, name in _KINDS if is_kind(found.st_mode))
        kind = in_both(next(kinds, "errors.phrases.no file"))
        raise refused("no file but something else", {"path": str(path), "kind": kind})
    if found.st_size > most:
        raise refused(
            "file too large",
            {"most": _bytes(most), "name": path.name, "size": _bytes(found.st_size)},
        )


def _bytes(number: int) -> Text:
    if number < 10**6:
        return in_both("errors.phrases.bytes", {"bytes": str(number)})
    return in_both("errors.phrases.megabytes", {"megabytes": number / 1e6})


def _not_found(
    path: Path, error: Exception, refused: type[GrannskapError], remedy: Text | None
) -> GrannskapError:
    if isinstance(error, FileNotFoundError):
        return refused("no such file", {"path": str(path), "remedy": remedy})
    return refused(
        "file cannot be opened", {"path": str(path), "error": _reason(error), "remedy": remedy}
    )


def _of_the_file(error: BaseException) -> bool:
    """Whether an exception is the file's doing (or a library's over it), not ours."""
    if isinstance(error, _ALWAYS_THE_FILES) or type(error).__module__ != "builtins":
        return True
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    module = str(step.tb_frame.f_globals.get("__name__", "")) if step is not None else ""
    return module.partition(".")[0] != _OURS


def _reason(error: BaseException) -> Text | str:
    if isinstance(error, MemoryError):
        return in_both("errors.phrases.needs too much memory")
    if isinstance(error, RecursionError):
        return in_both("errors.phrases.nested too deep")
    if isinstance(error, OSError) and error.strerror:
        return system_reason(error)
    return str(error)[:200] or type(error).__name__
