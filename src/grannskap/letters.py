"""Letters: which of them readers take and outputs can hold, and texts of those alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["MARK", "MOST_LETTERS", "cleaned", "legible", "settle", "stranger", "well_formed"]

MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands where a letter was that cannot be written."""

MOST_LETTERS = 2_000
"""Letters of any one text: a title of a report or the name of a place has fewer."""

_NOWHERE = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
"""No XML 1.0 document may hold these, however they are written."""

_NO_LETTERS = "\ufdd0-\ufdef" + "".join(
    chr(0x10000 * plane + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
)
"""What Unicode calls no characters, beside the two that XML names."""

_TURNING = "\u202a-\u202e\u2066-\u2069"
"""They turn the direction of all that follows, also of what is ours."""

_NOT_IN_TEXTS = f"{_NOWHERE}\x7f-\x9f{_NO_LETTERS}{_TURNING}"
"""No text may hold these, whether it is read or written."""

_MALFORMED = re.compile(f"[{_NOWHERE}]")
_STRANGE = re.compile(f"[{_NOT_IN_TEXTS}]")
_STRANGE_IN_A_LINE = re.compile(f"[\t\n\r{_NOT_IN_TEXTS}]")
_STRANGE_IN_LINES = re.compile(f"[\r{_NOT_IN_TEXTS}]")
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")


def stranger(text: str, *, layout: bool = True) -> str | None:
    r"""First letter of a text that no output could show, None where there is none.

    Control characters, halves of surrogate pairs, marks that turn the direction of writing, and
    code points that are no characters.

    Parameters
    ----------
    text : str
        Any text.
    layout : bool
        Whether tabs and ends of lines are allowed.

    Returns
    -------
    str or None
        The letter.

    Examples
    --------
    >>> stranger("Årsta"), stranger("a\x1b[2J")
    (None, '\x1b')
    """
    found = (_STRANGE_IN_LINES if layout else _STRANGE_IN_A_LINE).search(text)
    return found[0] if found else None


def cleaned(text: str) -> str:
    r"""Return a text without such letters, in one line, cut where it is too long.

    Examples
    --------
    >>> cleaned("Års\x00ta\ntorg")
    'Årsta torg'
    """
    return _STRANGE.sub("", re.sub("[\t\n\r]", " ", text[:MOST_LETTERS]))


def legible(text: str, *, most: int | None = None) -> str:
    r"""Text of one line that every output can hold.

    Breaks of lines become spaces. Control characters, halves of surrogate pairs, what Unicode
    calls no character, and marks that turn the direction of the writing after them become "�".

    Parameters
    ----------
    text : str
        Any text.
    most : int, optional
        Letters; what is longer ends in an ellipsis.

    Returns
    -------
    str
        The same text, where all of it is legible.

    Examples
    --------
    >>> legible("Gottsunda"), legible("a\x01\nb"), legible("Vårfrukyrka", most=5)
    ('Gottsunda', 'a� b', 'Vårf…')
    """
    line = _STRANGE.sub(MARK, _BREAKS.sub(" ", text))
    return line if most is None or len(line) <= most else f"{line[: most - 1]}…"


def well_formed(document: str) -> str:
    r"""Document without letters that no XML 1.0 or UTF-8 file can hold.

    Parameters
    ----------
    document : str
        XML or HTML, or any other text of many lines.

    Returns
    -------
    str
        With "�" in their place.

    Examples
    --------
    >>> well_formed("<p>a\x01b</p>\n")
    '<p>a�b</p>\n'
    """
    return _MALFORMED.sub(MARK, document)


def settle(thing: object, most: Mapping[str, int]) -> None:
    """Make texts of a frozen dataclass legible: where texts enter, from ``__post_init__``.

    Parameters
    ----------
    thing : object
        Whose texts, or tuples of texts, are made legible.
    most : mapping of str to int
        Their names, and how many letters each text may have.
    """
    for name, letters in most.items():
        text = getattr(thing, name)
        clean = (
            legible(text, most=letters)
            if isinstance(text, str)
            else tuple(legible(one, most=letters) for one in text)
        )
        object.__setattr__(thing, name, clean)
