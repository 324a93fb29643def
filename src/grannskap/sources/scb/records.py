"""Records: what was asked, what answered and when, without the names of persons."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Record", "corrections", "credit", "without_contacts"]

_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.\w+")
_PHONE = re.compile(r"(?<![\w/-])(?:\+46|0)[\s(]*\d[\d\s()–-]{5,}\d")
_CORRECTION = re.compile(r"korriger|rättad|rättelse|correct|revider", re.IGNORECASE)
_MOST_CODES = 20


@dataclass(frozen=True)
class Record:
    """Where some numbers or shapes came from.

    Attributes
    ----------
    source : str
        Whose they are: ``"SCB"``.
    name : str
        The table, layer or file.
    label : str
        What the source calls it.
    url : str
        What was asked, without a query that was posted.
    query : mapping
        By dimension, the categories that were asked for; long lists are counted.
    sha256 : str
        The checksum of the raw answer.
    updated : str
        When it was published, or its version; empty where the source does not say.
    notes : tuple of str
        What the source says beside it, without contact persons.
    fetched : str
        When it was fetched, in UTC.
    """

    source: str
    name: str
    label: str
    url: str
    query: Mapping[str, Any]
    sha256: str
    updated: str
    notes: tuple[str, ...]
    fetched: str

    def as_dict(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return {**asdict(self), "query": _shortened(self.query), "notes": list(self.notes)}


def _shortened(query: Mapping[str, Any]) -> dict[str, Any]:
    """Count long lists of categories, and tell them by their checksum."""
    return {
        name: _counted(value) if isinstance(value, list) and len(value) > _MOST_CODES else value
        for name, value in query.items()
    }


def _counted(codes: Sequence[str]) -> dict[str, Any]:
    whole = json.dumps(list(codes), ensure_ascii=False).encode()
    return {
        "number": len(codes),
        "first": codes[0],
        "last": codes[-1],
        "sha256": hashlib.sha256(whole).hexdigest(),
    }


def without_contacts(notes: Iterable[str]) -> tuple[str, ...]:
    r"""Notes without the lines that hold an e-mail address or a telephone number.

    Examples
    --------
    >>> without_contacts(["Korrigerad.\nEva Ek, SCB, 010-479 50 00", "eva.ek@scb.se"])
    ('Korrigerad.',)
    """
    kept = []
    for note in notes:
        lines = [line.strip() for line in note.splitlines()]
        plain = [line for line in lines if not (_MAIL.search(line) or _PHONE.search(line))]
        text = " ".join(" ".join(plain).split())
        kept += [text] if text else []
    return tuple(kept)


def corrections(records: Iterable[Record]) -> tuple[str, ...]:
    """What records tell of corrections, each once."""
    found = (note for record in records for note in record.notes if _CORRECTION.search(note))
    short = (note for note in found if len(note) <= 200)
    return tuple(dict.fromkeys(short))


def credit(records: Iterable[Record]) -> str:
    """Source line for numbers: whose they are, the tables and when these were published.

    Examples
    --------
    >>> record = Record("SCB", "TAB6684", "", "", {}, "", "2026-01-20T07:00:00Z", (), "")
    >>> credit([record, record])
    'SCB, TAB6684, uppdaterad 2026-01-20'
    """
    told: dict[str, dict[str, str]] = {}
    for record in records:
        tables = told.setdefault(record.source, {})
        tables[record.name] = max(tables.get(record.name, ""), record.updated[:10])
    return "; ".join(
        ", ".join([source, *(_dated(name, date) for name, date in tables.items())])
        for source, tables in told.items()
    )


def _dated(name: str, date: str) -> str:
    return f"{name}, uppdaterad {date}" if date else name
