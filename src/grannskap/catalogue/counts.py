"""The columns of a register: counts with their bases, amounts, and how counts are divided."""

from __future__ import annotations

from grannskap.catalogue.model import Column, Concept, Partition
from grannskap.language import Text

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

_QUARTERS = (
    *((1, "lägsta", "lowest"), (2, "näst lägsta", "second lowest")),
    *((3, "näst högsta", "second highest"), (4, "högsta", "highest")),
)
"""The country's fourths of persons by income, in both languages."""

_AGES_OF_WORK = (("", "20–64"), ("_16_64", "16–64"), ("_20_65", "20–65"), ("_16_65", "16–65"))
"""Endings of columns and shares of employment, and the ages they are of; SCB publishes all."""

_AGES_OF_EDUCATION = (
    ("", "25–64", Text("", "")),
    ("_25_65", "25–65", Text(", 25–65 år", ", aged 25–65")),
)
"""Those of education, and what their words add: from 2023 SCB publishes the second alone."""


def _columns(unit: Text, rows: tuple[tuple[str, str, str, Concept], ...]) -> dict[str, Column]:
    return {name: Column(name, Text(sv, en), unit, concept) for name, sv, en, concept in rows}


COUNTS: dict[str, Column] = {
    **_columns(_PERSONS, (("population", "Befolkning", "Population", "people"),)),
    **_columns(
        _HOUSEHOLDS,
        (
            ("households", "Hushåll", "Households", "people"),
            ("low", "Låg köpkraft", "Low purchasing power", "purchasing power"),
            (
                *("medium_low", "Medellåg köpkraft", "Medium-low purchasing power"),
                "purchasing power",
            ),
            (
                *("medium_high", "Medelhög köpkraft", "Medium-high purchasing power"),
                "purchasing power",
            ),
            ("high", "Hög köpkraft", "High purchasing power", "purchasing power"),
        ),
    ),
    **_columns(
        _PERSONS,
        (
            (
                "persons",
                "Personer i inkomststatistiken",
                "Persons in the income statistics",
                "people",
            ),
            (
                *("low_standard", "Låg ekonomisk standard", "Low economic standard"),
                "economic standard",
            ),
            (
                *("high_standard", "Hög ekonomisk standard", "High economic standard"),
                "economic standard",
            ),
            *(
                (
                    f"quarter_{number}",
                    f"Inkomst i {sv} fjärdedelen",
                    f"Income in the {en} quarter",
                    "income quarters",
                )
                for number, sv, en in _QUARTERS
            ),
            *(
                (
                    f"employed{ending}",
                    f"Förvärvsarbetande {ages}",
                    f"Employed aged {ages}",
                    "employment",
                )
                for ending, ages in _AGES_OF_WORK
            ),
            *(
                (f"working_age{ending}", f"Alla {ages}", f"All aged {ages}", "employment")
                for ending, ages in _AGES_OF_WORK
            ),
            *(
                (
                    f"post_secondary{ending}",
                    f"Minst 3 års eftergymnasial utbildning{own.sv}",
                    f"Post-secondary, 3 years or more{own.en}",
                    "education",
                )
                for ending, _, own in _AGES_OF_EDUCATION
            ),
            *(
                (
                    f"pre_secondary{ending}",
                    f"Förgymnasial utbildning{own.sv}",
                    f"Pre-secondary education{own.en}",
                    "education",
                )
                for ending, _, own in _AGES_OF_EDUCATION
            ),
            *(
                (
                    f"education_base{ending}",
                    f"Alla {ages} med känd utbildning",
                    f"All aged {ages} with known education",
                    "education",
                )
                for ending, ages, _ in _AGES_OF_EDUCATION
            ),
            ("born_outside_eu", "Födda utanför EU", "Born outside the EU", "birth"),
        ),
    ),
    **_columns(
        _HOUSEHOLDS, (("public_housing", "Bor i allmännyttan", "In public housing", "housing"),)
    ),
    **_columns(
        _DWELLINGS,
        (
            ("dwellings", "Bostäder", "Dwellings", "tenure"),
            ("rented", "Hyresrätter", "Rented", "tenure"),
            ("tenant_owned", "Bostadsrätter", "Tenant-owned", "tenure"),
            ("owned", "Äganderätter", "Owned", "tenure"),
        ),
    ),
    **_columns(
        _PERSONS,
        (
            ("age_20_29", "20–29 år", "Aged 20–29", "age"),
            ("swedish_background", "Svensk bakgrund", "Swedish background", "background"),
            ("foreign_background", "Utländsk bakgrund", "Foreign background", "background"),
        ),
    ),
}
"""Counts: whole and not negative; missing is NaN with a status."""

AMOUNTS: dict[str, Column] = {
    column.name: column
    for column in (
        Column(
            "disposable_income",
            Text("Disponibel inkomst", "Disposable income"),
            _INCOME,
            "income",
            "low",
        ),
        Column(
            "median_income",
            Text("Medianinkomst", "Median income"),
            Text("tkr per person", "SEK thousand per person"),
            "income",
            "low",
        ),
    )
}
"""Amounts: positive numbers that cannot be summed over areas."""

PARTITIONS: tuple[Partition, ...] = (
    Partition("households", ("low", "medium_low", "medium_high", "high"), exhaustive=True),
    Partition("persons", ("low_standard", "high_standard"), exhaustive=False),
    Partition("persons", ("quarter_1", "quarter_2", "quarter_3", "quarter_4"), exhaustive=True),
    Partition("population", ("swedish_background", "foreign_background"), exhaustive=True),
    Partition("dwellings", ("rented", "tenant_owned", "owned"), exhaustive=False),
)
"""How counts are divided; the part of each of `SHARES` is also at most its base."""

TENURES = ("rented", "tenant_owned", "owned")
"""Groups of which none overlaps another; those of all are also at least each other group's."""

PERTURBED_FROM = 2025
"""The first year whose small counts SCB perturbs."""

PERTURBATION = 10.0
"""How far parts may then be from their total."""

GROUPS: dict[str, Text] = {
    "all": Text("Alla", "All"),
    "public_housing": Text("Allmännyttan", "Public housing"),
    "rented": Text("Hyresrätt", "Rented"),
    "tenant_owned": Text("Bostadsrätt", "Tenant-owned"),
    "owned": Text("Äganderätt", "Owned"),
}
"""Groups of households or persons that a register row can describe."""


def group_label(key: str) -> Text:
    """Return the words for a group of households or persons; a user's own group is its name.

    Examples
    --------
    >>> group_label("public_housing").sv
    'Allmännyttan'
    """
    return GROUPS.get(key, Text(key, key))
