"""The exceptions: each says what was expected, what came, and what to do."""

from collections.abc import Iterable

__all__ = [
    "CodeError",
    "ColumnError",
    "DataError",
    "GrannskapError",
    "InputFileError",
    "JoinError",
    "OutputError",
    "ProjectError",
    "few",
]


class GrannskapError(Exception):
    """A user's mistake or a file's fault, told in one line.

    Parameters
    ----------
    expected : str
        What should have come, without a closing full stop.
    came : str
        What came instead; at most five codes (see `few`).
    remedy : str
        What the reader can do about it.

    Examples
    --------
    >>> str(GrannskapError(expected="a DeSO code", came="'Uppsala'", remedy="check the column"))
    "expected a DeSO code, but got 'Uppsala': check the column"
    """

    def __init__(self, *, expected: str, came: str, remedy: str) -> None:
        self.expected = _one_line(expected)
        self.came = _one_line(came)
        self.remedy = _one_line(remedy)
        super().__init__(f"expected {self.expected}, but got {self.came}: {self.remedy}")


class InputFileError(GrannskapError):
    """A file is missing, of the wrong kind, damaged or unsafe to open."""


class ColumnError(GrannskapError):
    """A column that was asked for is not in the file."""


class CodeError(GrannskapError):
    """Area codes are malformed, duplicated, or of two divisions."""


class DataError(GrannskapError):
    """Values cannot be what they are said to be, or cannot be measured."""


class JoinError(GrannskapError):
    """Boundaries and register do not match."""


class ProjectError(GrannskapError):
    """A project file cannot be used as it stands."""


class OutputError(GrannskapError):
    """Results could not be written; what stood there before is untouched."""


def few(items: Iterable[object], *, most: int = 5) -> str:
    """Name at most `most` of the items, and count the rest.

    Parameters
    ----------
    items : iterable
        What to name, in order.
    most : int
        How many are named before the rest are counted.

    Returns
    -------
    str
        The items, comma-separated.

    Examples
    --------
    >>> few(["0114A0010", "0114A0020", "0114A0030"], most=2)
    '0114A0010, 0114A0020 and 1 more'
    """
    names = [str(item) for item in items]
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


_LONGEST = 1000
"""Letters of one part of an error: some files put their whole content into a message."""


def _one_line(text: str) -> str:
    """Write a text in one line that every terminal and stream can take.

    What cannot be printed (control characters, half of a surrogate pair, marks that turn the
    direction of writing) is written as its escape.
    """
    words = " ".join(text[: 10 * _LONGEST].split())
    short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    return short if short.isprintable() else "".join(map(_printable, short))


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else ascii(letter)[1:-1]
