"""What a reader sees for any column, how its values are written, and where its poles are."""

from __future__ import annotations

from grannskap.catalogue.counts import AMOUNTS, COUNTS
from grannskap.catalogue.fields import FIELDS
from grannskap.catalogue.model import Kind, Pole
from grannskap.catalogue.shares import SHARES
from grannskap.language import Text, inside_sentence

_DERIVED: tuple[tuple[str, Text, Kind | None], ...] = (
    ("_status", Text("{label}: varför uppgift saknas", "{label}: why it is missing"), "text"),
    ("_missing", Text("{label}: områden utan uppgift", "{label}: areas without data"), "count"),
    ("_at_least", Text("{label}, minst", "{label}, at least"), None),
    ("_at_most", Text("{label}, högst", "{label}, at most"), None),
)
"""Endings of columns that tell of another one; None where they are written as that one."""

_REFERENCE = Text("Referens: {label}", "Reference: {label}")

_OF_VARIABLE = ("local_statistic_", "local_p_", "local_q_", "cluster_")
"""Beginnings of columns that tell of the test of one variable among several."""


def label(name: str) -> Text:
    """Return what a reader sees for a count, amount or share; the name itself when unknown.

    Examples
    --------
    >>> label("employment_rate").sv, label("my_own")("en")
    ('Förvärvsfrekvens', 'my_own')
    """
    for known in (SHARES, COUNTS, AMOUNTS):
        if name in known:
            return known[name].label
    return Text(name, name)


def heading(name: str, own: Text | None = None) -> Text:
    """Return what stands above a column of a table, also above one that tells of another.

    Parameters
    ----------
    name : str
        The column.
    own : Text, optional
        What the user calls the column that it tells of.

    Returns
    -------
    Text
        In both languages.

    Examples
    --------
    >>> heading("low_status").sv, heading("reference_employment_rate").en
    ('Låg köpkraft: varför uppgift saknas', 'Reference: employment rate')
    """
    if name in FIELDS:
        return FIELDS[name].label
    for beginning in _OF_VARIABLE:
        if name.startswith(beginning) and name not in FIELDS:
            of, what = heading(beginning[:-1]), own or label(name.removeprefix(beginning))
            return Text(f"{of.sv}: {what.sv}", f"{of.en}: {what.en}")
    if name.startswith("reference_"):
        inner = own or label(name.removeprefix("reference_"))
        return _filled(_REFERENCE, Text(inside_sentence(inner.sv), inside_sentence(inner.en)))
    for ending, text, _ in _DERIVED:
        if name.endswith(ending):
            return _filled(text, own or heading(name.removesuffix(ending)))
    return label(name)


def tells_of(name: str) -> str:
    """Return the column that another one tells of, as its status or bounds do; else nothing.

    Examples
    --------
    >>> tells_of("low_status"), tells_of("reference_low_income_share"), tells_of("low")
    ('low', 'low_income_share', '')
    """
    if name in FIELDS:
        return ""
    for beginning in ("reference_", *_OF_VARIABLE):
        if name.startswith(beginning):
            return name.removeprefix(beginning)
    endings = [ending for ending, _, _ in _DERIVED if name.endswith(ending)]
    return name.removesuffix(endings[0]) if endings else ""


def _filled(text: Text, inner: Text) -> Text:
    return Text(text.sv.format(label=inner.sv), text.en.format(label=inner.en))


def kind(name: str) -> Kind:
    """Return how the values of a column are written; a user's own column holds counts.

    Examples
    --------
    >>> kind("balance_at_least"), kind("low_income_share_missing"), kind("my_own")
    ('ratio', 'count', 'count')
    """
    if name in FIELDS:
        return FIELDS[name].kind
    if name in SHARES or name in AMOUNTS:
        return "share" if name in SHARES else "amount"
    own = next((own for ending, _, own in _DERIVED if name.endswith(ending)), None)
    if own is not None:
        return own
    for beginning in _OF_VARIABLE:
        if name.startswith(beginning):
            return kind(beginning[:-1])
    inner = tells_of(name)
    return kind(inner) if inner else "count"


def poor_pole(name: str) -> Pole:
    """Return which end of a quantity marks the poor pole: the high one unless told.

    Examples
    --------
    >>> poor_pole("employment_rate"), poor_pole("my_own")
    ('low', 'high')
    """
    known = SHARES.get(name) or AMOUNTS.get(name) or COUNTS.get(name) or FIELDS.get(name)
    return (known.poor if known is not None else None) or "high"


def cluster_poles(name: str) -> tuple[str, str]:
    """Return the class of clusters at the poor pole of a variable, and the one at the other.

    Examples
    --------
    >>> cluster_poles("low_income_share"), cluster_poles("employment_rate")
    (('high-high', 'low-low'), ('low-low', 'high-high'))
    """
    poor = poor_pole(name)
    return ("high-high", "low-low") if poor == "high" else ("low-low", "high-high")


_OF_INCOME = ("purchasing power", "economic standard", "income quarters", "income")


def is_income(name: str) -> bool:
    """Tell whether a column tells of incomes, so that its clusters may be those of students.

    Examples
    --------
    >>> is_income("low_income_share"), is_income("rented_share")
    (True, False)
    """
    known = SHARES.get(name) or AMOUNTS.get(name) or COUNTS.get(name)
    return known is not None and known.concept in _OF_INCOME
