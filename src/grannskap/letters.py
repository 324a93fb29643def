"""Letters: which of them every output can hold, and texts of those alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["MARK", "legible", "settle", "well_formed"]

MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands where a letter was that cannot be written."""

_NOWHERE = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
"""No XML 1.0 document may hold these, however they are written."""

_NOT_IN_XML = re.compile(f"[{_NOWHERE}]")
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
_NOT_IN_TEXTS = re.compile(
    f"[{_NOWHERE}\x7f-\x9f\ufdd0-\ufdef"
    "\u202a-\u202e\u2066-\u2069]"  # turn the direction of all that follows, also of what is ours
)


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
    line = _NOT_IN_TEXTS.sub(MARK, _BREAKS.sub(" ", text))
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
    return _NOT_IN_XML.sub(MARK, document)


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
