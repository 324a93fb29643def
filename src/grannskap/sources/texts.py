"""Letters that texts may hold: what breaks a page, a picture or a terminal is found here."""

from __future__ import annotations

import unicodedata

__all__ = ["MOST_LETTERS", "cleaned", "stranger"]

MOST_LETTERS = 2_000
"""Letters of any one text: a title of a report or the name of a place has fewer."""

_LAYOUT = "\t\n"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_LETTERS = frozenset({0xFFFE, 0xFFFF})


def stranger(text: str, *, layout: bool = True) -> str | None:
    r"""First letter of a text that no output could show, None where there is none.

    Control characters, halves of surrogate pairs, marks that turn the direction of writing, and
    code points that are no characters (XML takes none of them).

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
    if text.isprintable():
        return next((letter for letter in text if ord(letter) & 0xFFFF in _NO_LETTERS), None)
    return next((letter for letter in text if _is_strange(letter, layout=layout)), None)


def cleaned(text: str) -> str:
    r"""Return a text without such letters, in one line, cut where it is too long.

    Examples
    --------
    >>> cleaned("Års\x00ta\ntorg")
    'Årsta torg'
    """
    short = text[:MOST_LETTERS]
    if stranger(short, layout=False) is None:
        return short
    kept = (" " if one in "\t\n\r" else one for one in short)
    return "".join(one for one in kept if not _is_strange(one, layout=False))


def _is_strange(letter: str, *, layout: bool) -> bool:
    if layout and letter in _LAYOUT:
        return False
    kind = unicodedata.category(letter)
    return kind in ("Cc", "Cs") or letter in _TURNING or ord(letter) & 0xFFFF in _NO_LETTERS
