"""Places: municipalities, counties and the country, by name or code."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grannskap.deso import COUNTRY
from grannskap.errors import ProjectError
from grannskap.sources.boundaries.names import place_names

__all__ = ["Place", "code", "find"]

_WHOLE = ("riket", "sverige", "hela landet", "landet", "sweden", "country", "the country", "00")
_ENDINGS = (" kommun", " kommuns", " stad", " municipality", " kn")
_COUNTY_ENDINGS = (" county", " lan", " län")


@dataclass(frozen=True)
class Place:
    """What is fetched for and shown: some municipalities and counties, or the country.

    Attributes
    ----------
    codes : tuple of str
        Of municipalities (4 digits) and counties (2 digits), in the order they were named; none
        for the country.
    name : str
        What it is called together.
    """

    codes: tuple[str, ...]
    name: str

    @property
    def counties(self) -> tuple[str, ...]:
        """Codes of the counties that it lies in; none for the country."""
        return tuple(sorted({code[:2] for code in self.codes}))

    @property
    def folder(self) -> str:
        """Return a name for its folder, of plain letters.

        Examples
        --------
        >>> Place(("0114",), "Upplands Väsby").folder
        'upplands-vasby'
        """
        return re.sub(r"[^a-z0-9]+", "-", _plain(self.name)).strip("-")

    @property
    def view(self) -> str | list[str]:
        """Return the place as a project file names it."""
        if not self.codes:
            return COUNTRY
        return self.codes[0] if len(self.codes) == 1 else list(self.codes)


def find(names: Sequence[str]) -> Place:
    """Find places by name or code.

    A name that a municipality and a county could share is the municipality's, as its county's
    ends in "län".

    Parameters
    ----------
    names : sequence of str
        Names or codes, in any case; "riket" is the country.

    Returns
    -------
    Place
        Each once.

    Raises
    ------
    ProjectError
        When a name is not known, with the nearest ones; or the country is not alone.

    Examples
    --------
    >>> find(["uppsala"]).codes, find(["Uppsala län", "0180"]).codes, find(["riket"]).view
    (('0380',), ('03', '0180'), 'country')
    >>> find(["Upsala"])
    Traceback (most recent call last):
    grannskap.errors.ProjectError: expected a municipality, a county or the country, but got \
Upsala: did you mean Uppsala, Sala, Uppsala län?
    """
    if not names:
        raise ProjectError("no place named", {})
    whole = [name for name in names if _plain(name) in _WHOLE]
    if whole and len(names) > 1:
        others = [name for name in names if name not in whole] or list(names)
        raise ProjectError("place not alone", {"places": others})
    if whole:
        return Place((), "Sverige")
    known = place_names()
    codes = tuple(dict.fromkeys(code(name, known) for name in names))
    return Place(codes, ", ".join(known[code] for code in codes))


def code(name: str, known: Mapping[str, str]) -> str:
    """Return the code of a municipality or county.

    Parameters
    ----------
    name : str
        Its name or code, in any case, with or without the marks above its letters.
    known : mapping of str to str
        Names by code.

    Returns
    -------
    str
        Of 4 digits, or 2.

    Raises
    ------
    ProjectError
        When the name is not known, with the nearest ones.

    Examples
    --------
    >>> code("Vaxjo kommun", place_names()), code("ostergotlands lan", place_names())
    ('0780', '05')
    """
    text = " ".join(name.split())
    for written in (text, f"0{text}"):
        if written in known:
            return written
    for form in (_lower, _plain):  # Håbo is not Habo
        called = {form(name): code for code, name in known.items()}
        for tried in (form(text), *_shorter(form(text))):
            if tried in called:
                return called[tried]
    raise ProjectError("place unknown", {"place": name, "near": _nearest(_plain(text), known)})


def _shorter(plain: str) -> Iterable[str]:
    """Return a name without "kommun", with its genitive s or not, and a county's Swedish ending."""
    for ending in _ENDINGS:
        if plain.endswith(ending):
            bare = plain.removesuffix(ending)
            yield bare
            yield bare.removesuffix("s")
    for ending in _COUNTY_ENDINGS:
        if plain.endswith(ending):
            bare = plain.removesuffix(ending)
            for swedish in (" lan", " län"):
                yield f"{bare}{swedish}"
                yield f"{bare}s{swedish}"


def _lower(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.casefold().split()))


def _plain(name: str) -> str:
    """Return a name in lower case, without marks above its letters."""
    parts = unicodedata.normalize("NFKD", " ".join(name.casefold().split()))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _nearest(plain: str, known: Mapping[str, str]) -> list[str]:
    called = {_plain(name): code for code, name in known.items()}
    near = difflib.get_close_matches(plain, called, n=3, cutoff=0.5)
    near = near or difflib.get_close_matches(plain, called, n=1, cutoff=0.0)
    return [known[called[one]] for one in near]
