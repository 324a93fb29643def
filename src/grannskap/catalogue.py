"""Canonical columns: what each holds, its unit and base, and its names on a map."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grannskap.language import Text

__all__ = [
    "AMOUNTS",
    "BALANCE_STATUSES",
    "BASES",
    "CLUSTERS",
    "COUNTS",
    "GROUPS",
    "POOR_WHEN_LOW",
    "SHARES",
    "Column",
    "Share",
    "Status",
    "label",
    "status_column",
]


class Status(StrEnum):
    """Why a cell holds a number, or does not."""

    VALUE = "value"
    MISSING = "missing"
    SUPPRESSED = "suppressed"
    OUTSIDE_DIVISION = "outside division"
    NOT_JOINED = "not joined"

    def label(self) -> Text:
        """Return the words that outputs use for this status."""
        return _STATUS_LABELS[self.value]


_STATUS_LABELS = {
    "value": Text("uppgift finns", "value"),
    "missing": Text("uppgift saknas", "missing"),
    "suppressed": Text("dold av sekretess", "suppressed"),
    "outside division": Text("utanför indelningen", "outside division"),
    "not joined": Text("saknas i registret", "not joined"),
}

BALANCE_STATUSES: dict[str, Text] = {
    "nobody high": Text("ingen i den höga gruppen", "nobody in the high category"),
    "nobody either": Text("ingen i någon av grupperna", "nobody in either category"),
}
"""Why a balance is infinite, or none, though both counts are known."""


@dataclass(frozen=True)
class Column:
    """A column of the register: a count or an amount.

    Attributes
    ----------
    name : str
        Canonical name, in every frame and table.
    label : Text
        What a reader sees.
    unit : Text
        What one of it is: persons, households, dwellings, kronor.
    """

    name: str
    label: Text
    unit: Text


@dataclass(frozen=True)
class Share:
    """A share in 0–1: a count over its base.

    Attributes
    ----------
    name : str
        Canonical name.
    part, base : str
        Columns whose quotient it is.
    label : Text
        What a reader sees.
    """

    name: str
    part: str
    base: str
    label: Text


_PERSONS = Text("personer", "persons")
_HOUSEHOLDS = Text("hushåll", "households")
_DWELLINGS = Text("bostäder", "dwellings")
_INCOME = Text("kr per konsumtionsenhet", "SEK per consumption unit")

BASES: dict[str, Text] = {
    "households": _HOUSEHOLDS,
    "persons": _PERSONS,
    "dwellings": _DWELLINGS,
}
"""What a balance can count."""

COUNTS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("population", Text("Befolkning", "Population"), _PERSONS),
        Column("households", Text("Hushåll", "Households"), _HOUSEHOLDS),
        Column("low", Text("Låg köpkraft", "Low purchasing power"), _HOUSEHOLDS),
        Column("medium_low", Text("Medellåg köpkraft", "Medium-low purchasing power"), _HOUSEHOLDS),
        Column(
            "medium_high", Text("Medelhög köpkraft", "Medium-high purchasing power"), _HOUSEHOLDS
        ),
        Column("high", Text("Hög köpkraft", "High purchasing power"), _HOUSEHOLDS),
        Column("employed", Text("Förvärvsarbetande 20–64", "Employed aged 20–64"), _PERSONS),
        Column("working_age", Text("Alla 20–64", "All aged 20–64"), _PERSONS),
        Column(
            "post_secondary",
            Text("Eftergymnasial utbildning, minst 3 år", "Post-secondary, 3 years or more"),
            _PERSONS,
        ),
        Column(
            "education_base",
            Text("Alla 25–64 med känd utbildning", "All aged 25–64 with known education"),
            _PERSONS,
        ),
        Column("born_outside_eu", Text("Födda utanför EU", "Born outside the EU"), _PERSONS),
        Column("public_housing", Text("Bor i allmännyttan", "In public housing"), _HOUSEHOLDS),
        Column("dwellings", Text("Bostäder", "Dwellings"), _DWELLINGS),
        Column("rented", Text("Hyresrätter", "Rented"), _DWELLINGS),
        Column("tenant_owned", Text("Bostadsrätter", "Tenant-owned"), _DWELLINGS),
        Column("owned", Text("Äganderätter", "Owned"), _DWELLINGS),
        Column("age_20_29", Text("20–29 år", "Aged 20–29"), _PERSONS),
        Column("swedish_background", Text("Svensk bakgrund", "Swedish background"), _PERSONS),
        Column("foreign_background", Text("Utländsk bakgrund", "Foreign background"), _PERSONS),
    )
}
"""Counts: whole and not negative; missing is NaN with a status."""

AMOUNTS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("disposable_income", Text("Disponibel inkomst", "Disposable income"), _INCOME),
        Column(
            "median_income",
            Text("Medianinkomst", "Median income"),
            Text("tkr per person", "SEK thousand per person"),
        ),
    )
}
"""Amounts: positive numbers that cannot be summed over areas."""

SHARES: dict[str, Share] = {
    share.name: share
    for share in (
        Share(
            "low_income_share",
            "low",
            "households",
            Text("Andel med låg köpkraft", "Share with low purchasing power"),
        ),
        Share(
            "high_income_share",
            "high",
            "households",
            Text("Andel med hög köpkraft", "Share with high purchasing power"),
        ),
        Share(
            "employment_rate",
            "employed",
            "working_age",
            Text("Förvärvsfrekvens", "Employment rate"),
        ),
        Share(
            "post_secondary_share",
            "post_secondary",
            "education_base",
            Text(
                "Andel med eftergymnasial utbildning, minst 3 år",
                "Post-secondary share, 3 years or more",
            ),
        ),
        Share(
            "born_outside_eu_share",
            "born_outside_eu",
            "population",
            Text("Andel födda utanför EU", "Share born outside the EU"),
        ),
        Share(
            "public_housing_share",
            "public_housing",
            "households",
            Text("Andel i allmännyttan", "Share in public housing"),
        ),
        Share("rented_share", "rented", "dwellings", Text("Andel hyresrätter", "Share rented")),
        Share(
            "tenant_owned_share",
            "tenant_owned",
            "dwellings",
            Text("Andel bostadsrätter", "Share tenant-owned"),
        ),
        Share("owned_share", "owned", "dwellings", Text("Andel äganderätter", "Share owned")),
        Share(
            "foreign_background_share",
            "foreign_background",
            "population",
            Text("Andel med utländsk bakgrund", "Share with foreign background"),
        ),
        Share(
            "student_share", "age_20_29", "population", Text("Andel 20–29 år", "Share aged 20–29")
        ),
    )
}
"""Shares that follow from the counts wherever part and base are both there."""

GROUPS: dict[str, Text] = {
    "all": Text("Alla", "All"),
    "public_housing": Text("Allmännyttan", "Public housing"),
    "rented": Text("Hyresrätt", "Rented"),
    "tenant_owned": Text("Bostadsrätt", "Tenant-owned"),
    "owned": Text("Äganderätt", "Owned"),
}
"""Groups of households or persons that a register row can describe."""

CLUSTERS: dict[str, Text] = {
    "high-high": Text("Högt bland höga", "High among high"),
    "low-low": Text("Lågt bland låga", "Low among low"),
    "high-low": Text("Högt bland låga", "High among low"),
    "low-high": Text("Lågt bland höga", "Low among high"),
    "not significant": Text("Ej skilt från slumpen", "Not distinguishable from chance"),
    "no neighbours": Text("Saknar grannar", "No neighbours"),
    "no data": Text("Uppgift saknas", "No data"),
}
"""Classes of a local statistic, in the order of every table and legend."""

POOR_WHEN_LOW = frozenset(
    {
        "disposable_income",
        "median_income",
        "employment_rate",
        "post_secondary_share",
        "high_income_share",
        "score",
    }
)
"""Quantities whose low values mark the poor pole; of all others it is the high ones."""


def label(name: str) -> Text:
    """Return what a reader sees for a column or a share; the name itself when unknown.

    Examples
    --------
    >>> label("employment_rate").sv, label("my_own")("en")
    ('Förvärvsfrekvens', 'my_own')
    """
    for known in (SHARES, COUNTS, AMOUNTS):
        if name in known:
            return known[name].label
    return Text(name, name)


def status_column(name: str) -> str:
    """Return the name of the column that holds the status of column `name`.

    Examples
    --------
    >>> status_column("low")
    'low_status'
    """
    return f"{name}_status"
