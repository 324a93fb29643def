"""Footer: what stands under a table, as footnotes for readers and as its origin.

Names, telephone numbers and e-mail addresses of contact persons are in no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["NOWHERE", "Origin", "parted", "without_contacts"]


@dataclass(frozen=True)
class Origin:
    """Where a table comes from, as it says itself; what it does not say is empty.

    Attributes
    ----------
    source : str
        Whose figures they are.
    title : str
        What the table is called.
    table : str
        SCB's id or internal reference code, such as ``"TAB6685"`` or ``"000006TA"``.
    updated : str
        When it was published, as ``"2024-01-23"``.
    about : mapping of str to tuple of str
        Units, kinds of data, times of reference and the like, in its own words.
    """

    source: str = ""
    title: str = ""
    table: str = ""
    updated: str = ""
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that it says, a text each."""
        about = (text for name, lines in self.about.items() for text in (name, *lines))
        return (self.source, self.title, self.table, self.updated, *about)

    def as_dict(self) -> dict[str, object]:
        """Return what it says as plain data."""
        told = {"source": self.source, "title": self.title, "table": self.table}
        about = {name: list(lines) for name, lines in self.about.items()}
        every: dict[str, object] = {**told, "updated": self.updated, "about": about}
        return {name: value for name, value in every.items() if value}


NOWHERE = Origin()
"""Of a table that says nothing of itself."""

_KEYS = {
    **dict.fromkeys(("senaste uppdatering", "latest update", "last updated"), "updated"),
    **dict.fromkeys(("källa", "source"), "source"),
    **dict.fromkeys(("kontaktperson", "kontakt", "contact", "contact person"), "contact"),
    **dict.fromkeys(("intern referenskod", "internal reference code"), "table"),
    **dict.fromkeys(("sort", "enhet", "unit", "units"), "unit"),
    **dict.fromkeys(("datatyp", "data type"), "data type"),
    **dict.fromkeys(("referenstid", "reference time"), "reference time"),
    **dict.fromkeys(("databas", "database"), "database"),
    **dict.fromkeys(("officiell statistik", "official statistics"), "official statistics"),
    **dict.fromkeys(("copyright", "upphovsrätt"), "copyright"),
}
"""Headings in the footer of SCB's exports, which go before the lines that they head."""

_ABOUT = ("unit", "data type", "reference time", "database", "official statistics", "copyright")

_OF_ONE_LINE = ("source", "table")

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_MAIL = re.compile(r"\S+@\S+")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{2}|0)[\s(]*\d[\d\s()–-]{5,}\d(?![\w/-])|\+46\s*\.")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)")


def parted(lines: Iterable[str], *, title: str = "") -> tuple[tuple[str, ...], Origin]:
    """Part the lines under a table into footnotes and origin, and leave contact persons out.

    Parameters
    ----------
    lines : iterable of str
        As they stand, in order.
    title : str
        The line above the table.

    Returns
    -------
    tuple of (tuple of str, Origin)
        The footnotes, and the rest.

    Examples
    --------
    >>> notes, origin = parted(["1) Avser 31 december", "Senaste uppdatering:", "20240123 08:00",
    ...                         "Kontaktperson:", "Anna Ek, SCB", "anna@scb.se",
    ...                         "Intern referenskod:", "000006TA"])
    >>> notes, origin.table, origin.updated
    (('1) Avser 31 december',), '000006TA', '2024-01-23')
    """
    under: dict[str, list[str]] = {}
    footnotes: list[str] = []
    key = ""
    for line in lines:
        text = " ".join(_TAG.sub("", line).split())
        head, _, rest = text.partition(":")
        known = _KEYS.get(head.strip().casefold(), "")
        if known:
            under.setdefault(known, []).extend([rest.strip()] if rest.strip() else [])
            key = "" if rest.strip() else known
        elif text:
            key = key if _belongs(key, text) else ""
            (under[key] if key else footnotes).append(text)
            key = "" if key in _OF_ONE_LINE else key
    return without_contacts(footnotes), _origin(under, title)


def _belongs(key: str, text: str) -> bool:
    """Tell whether a line belongs under a heading: dates alone do under that of publication."""
    return key != "updated" or text.endswith(":") or _DATE.search(text) is not None


def _origin(under: Mapping[str, list[str]], title: str) -> Origin:
    about = {name: without_contacts(under[name]) or ("",) for name in _ABOUT if name in under}
    dates = ["-".join(one) for line in under.get("updated", ()) for one in _DATE.findall(line)]
    return Origin(
        source=next(iter(without_contacts(under.get("source", ()))), ""),
        title=next(iter(without_contacts([title])), ""),
        table=next(iter(without_contacts(under.get("table", ()))), ""),
        updated=max(dates, default=""),
        about=about,
    )


def without_contacts(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts without e-mail addresses and telephone numbers, and without what is then empty.

    Examples
    --------
    >>> without_contacts(["Frågor: anna.ek@scb.se, 010-479 60 64", "+46 010-479 50 00"])
    ('Frågor:',)
    """
    bare = (_PHONE.sub("", _MAIL.sub("", text)) for text in texts)
    kept = (" ".join(text.split()).rstrip(" ,;") for text in bare)
    return tuple(text for text in kept if text)
