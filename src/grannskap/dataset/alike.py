"""Names that somebody may have meant: those with the same words in them, or nearly the same."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

__all__ = ["alike"]

_MOST = 5


def alike(wanted: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the names that hold a wanted one, or else the nearest to it.

    Parameters
    ----------
    wanted : iterable of str
        What somebody wrote.
    names : iterable of str
        What there is.

    Returns
    -------
    list of str
        Each once; at most five for each wanted name where none holds it.

    Examples
    --------
    >>> alike(["gottsunda"], ["Östra Gottsunda-Valsätra", "Norra Gottsunda", "Flogsta"])
    ['Norra Gottsunda', 'Östra Gottsunda-Valsätra']
    >>> alike(["Flågsta"], ["Norra Gottsunda", "Flogsta"])
    ['Flogsta']
    """
    known = {_plain(name): name for name in sorted(set(names)) if name}
    found: dict[str, None] = {}
    for one in wanted:
        plain = _plain(one)
        holding = [name for form, name in known.items() if plain and plain in form]
        near = difflib.get_close_matches(plain, known, n=_MOST, cutoff=0.7)
        found |= dict.fromkeys(holding or [known[form] for form in near])
    return list(found)


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", " ".join(name.casefold().split()))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
