"""The exceptions: each says what was expected, what came, and what to do."""

import errno
from collections.abc import Iterable, Mapping
from itertools import islice
from types import MappingProxyType

from grannskap.language import Language, Text
from grannskap.wording import in_both, say

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
    "system_reason",
]

_NONE: Mapping[str, object] = MappingProxyType({})


class GrannskapError(Exception):
    """A user's mistake or a file's fault, told in one line.

    It is raised by its name in the message catalogue with the values of its sentences: what was
    expected, what came, and what the reader can do. So it can be told in both languages.

    Parameters
    ----------
    name : str
        Its name in the message catalogue.
    values : mapping, optional
        What the sentences hold: words, numbers, lists, and texts in both languages.

    Attributes
    ----------
    name : str
        As given.
    values : dict
        As given.
    expected, came, remedy : str
        Its parts in English.

    Examples
    --------
    >>> error = GrannskapError("project file exists", {"file": "project.toml"})
    >>> str(error)[:58]
    'expected a folder without a project file, but got project.'
    >>> error.told("sv")[:36]
    'här behövs en mapp utan projektfil, '
    """

    language: Language | None = None
    """The language that whoever made the mistake has chosen, where that is known."""

    def __init__(self, name: str, values: Mapping[str, object] = _NONE) -> None:
        self.name, self.values = name, dict(values)
        parts = _worded(name, "en", self.values)
        self.expected, self.came, self.remedy = map(_one_line, parts.values())
        super().__init__(_line(parts, "en"))

    def told(self, language: Language) -> str:
        """Return the one line in a language."""
        return _line(_worded(self.name, language, self.values), language)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes with all that it says."""
        return type(self), (self.name, self.values)


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


def system_reason(error: OSError) -> Text:
    """Return what the system says of a file, in both languages where it is a usual reason.

    Examples
    --------
    >>> system_reason(PermissionError(errno.EACCES, "Permission denied")).sv
    'det är inte tillåtet'
    """
    key = _REASONS.get(error.errno or 0)
    said = error.strerror or str(error)
    return Text(say(key, "sv") if key else said, said)


def few(items: Iterable[object], *, most: int = 5, total: int | None = None) -> Text:
    """Name at most `most` of some items in both languages, and count the rest.

    Parameters
    ----------
    items : iterable
        What to name, in order: texts in both languages, or names.
    most : int
        How many are named before the rest are counted.
    total : int, optional
        How many there are, where they are made one by one: no more are made than are named.

    Examples
    --------
    >>> few("ab").sv, few("abcdefg").sv, few("abcdefg", most=2).en
    ('a, b', 'a, b, c, d, e och 2 till', 'a, b and 5 more')
    """
    if total is None:
        items = [*items]
        total = len(items)
    shown = [
        item if isinstance(item, Text) else Text(str(item), str(item))
        for item in islice(items, most)
    ]
    listing = Text(", ".join(one.sv for one in shown), ", ".join(one.en for one in shown))
    left = total - len(shown)
    return in_both("headline.few", {"list": listing, "left": left}) if left else listing


_REASONS = {
    errno.EACCES: "errors.phrases.not allowed",
    errno.EPERM: "errors.phrases.not allowed",
    errno.EEXIST: "errors.phrases.exists",
    errno.EISDIR: "errors.phrases.is a folder",
    errno.ENAMETOOLONG: "errors.phrases.name too long",
    errno.ENOENT: "errors.phrases.is not there",
    errno.ENOSPC: "errors.phrases.disk is full",
    errno.ENOTDIR: "errors.phrases.is no folder",
    errno.EPIPE: "errors.phrases.nobody reads",
    errno.EROFS: "errors.phrases.disk is locked",
}

_LONGEST = 1000
"""Letters of one part of an error: some files put their whole content into a message."""


def _worded(name: str, language: Language, values: Mapping[str, object]) -> dict[str, str]:
    return {
        part: say(f"errors.{name}.{part}", language, values)
        for part in ("expected", "came", "remedy")
    }


def _line(parts: Mapping[str, str], language: Language) -> str:
    one_line = {part: _one_line(text) for part, text in parts.items()}
    line = say("errors.line", language, one_line)
    return line[:-1] if line.endswith(("?.", ").")) else line


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
