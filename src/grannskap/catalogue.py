"""The catalogue: every column and measure once, with its unit, kind, poles and words.

A column that is not told of here, and is not the user's own count, cannot leave the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from grannskap.language import Text, inside_sentence

__all__ = [
    "AMOUNTS",
    "BALANCE_STATUSES",
    "BASES",
    "CLUSTERS",
    "CLUSTER_KEYS",
    "COUNTS",
    "FIELDS",
    "GROUPS",
    "PARTITIONS",
    "PERTURBATION",
    "PERTURBED_FROM",
    "SHARES",
    "TENURES",
    "TRANSLATED",
    "WAYS",
    "Column",
    "Concept",
    "Field",
    "Kind",
    "Partition",
    "Pole",
    "Share",
    "Status",
    "cluster_poles",
    "group_label",
    "heading",
    "is_income",
    "kind",
    "label",
    "lower_column",
    "poor_pole",
    "status_column",
    "tells_of",
    "upper_column",
]

Pole = Literal["low", "high"]
"""An end of a quantity."""

Concept = Literal[
    "purchasing power",
    "economic standard",
    "income quarters",
    "income",
    "employment",
    "education",
    "birth",
    "housing",
    "tenure",
    "age",
    "background",
    "people",
]
"""What a column tells of; measures of one concept are never called by another's words."""

Kind = Literal["text", "year", "count", "amount", "share", "ratio", "fine", "p", "flag"]
"""How the values of a column are written: a ratio with two decimals, `fine` with three."""


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
    "rounded to zero": Text("avrundat till noll", "rounded to zero"),
}
"""Why a balance is infinite, or none, though both counts have a value."""


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
    concept : Concept
        What it tells of.
    poor : {"low", "high"} or None
        Which end of it marks the poor pole, where one does.
    """

    name: str
    label: Text
    unit: Text
    concept: Concept
    poor: Pole | None = None


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
    concept : Concept
        What it tells of.
    poor : {"low", "high"}
        Which end of it marks the poor pole.
    """

    name: str
    part: str
    base: str
    label: Text
    concept: Concept
    poor: Pole = "high"


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

_SHARES: tuple[tuple[str, str, str, str, str, Concept, Pole], ...] = (
    (
        *("low_income_share", "low", "households"),
        *("Andel med låg köpkraft", "Share with low purchasing power"),
        *("purchasing power", "high"),
    ),
    (
        *("high_income_share", "high", "households"),
        *("Andel med hög köpkraft", "Share with high purchasing power"),
        *("purchasing power", "low"),
    ),
    (
        *("low_standard_share", "low_standard", "persons"),
        *("Andel med låg ekonomisk standard", "Share with low economic standard"),
        *("economic standard", "high"),
    ),
    (
        *("high_standard_share", "high_standard", "persons"),
        *("Andel med hög ekonomisk standard", "Share with high economic standard"),
        *("economic standard", "low"),
    ),
    (
        *("quarter_1_share", "quarter_1", "persons"),
        *("Andel med inkomst i lägsta fjärdedelen", "Share with income in the lowest quarter"),
        *("income quarters", "high"),
    ),
    (
        *("quarter_4_share", "quarter_4", "persons"),
        *("Andel med inkomst i högsta fjärdedelen", "Share with income in the highest quarter"),
        *("income quarters", "low"),
    ),
    *(
        (
            *(f"employment_rate{ending}", f"employed{ending}", f"working_age{ending}"),
            f"Förvärvsfrekvens{f', {ages} år' if ending else ''}",
            f"Employment rate{f', aged {ages}' if ending else ''}",
            *("employment", "low"),
        )
        for ending, ages in _AGES_OF_WORK
    ),
    *(
        (
            *(
                f"post_secondary_share{ending}",
                f"post_secondary{ending}",
                f"education_base{ending}",
            ),
            f"Andel med minst 3 års eftergymnasial utbildning{own.sv}",
            f"Post-secondary share, 3 years or more{own.en}",
            *("education", "low"),
        )
        for ending, _, own in _AGES_OF_EDUCATION
    ),
    (
        *("born_outside_eu_share", "born_outside_eu", "population"),
        *("Andel födda utanför EU", "Share born outside the EU", "birth", "high"),
    ),
    (
        *("public_housing_share", "public_housing", "households"),
        *("Andel i allmännyttan", "Share in public housing", "housing", "high"),
    ),
    (
        *("rented_share", "rented", "dwellings"),
        *("Andel hyresrätter", "Share rented", "tenure", "high"),
    ),
    (
        *("tenant_owned_share", "tenant_owned", "dwellings"),
        *("Andel bostadsrätter", "Share tenant-owned", "tenure", "high"),
    ),
    (
        *("owned_share", "owned", "dwellings"),
        *("Andel äganderätter", "Share owned", "tenure", "high"),
    ),
    (
        *("foreign_background_share", "foreign_background", "population"),
        *("Andel med utländsk bakgrund", "Share with foreign background"),
        *("background", "high"),
    ),
    (
        *("student_share", "age_20_29", "population"),
        *("Andel 20–29 år", "Share aged 20–29", "age", "high"),
    ),
)
"""Name, part, base, label in both languages, concept and poor pole."""

SHARES: dict[str, Share] = {
    name: Share(name, part, base, Text(sv, en), concept, poor)
    for name, part, base, sv, en, concept, poor in _SHARES
}
"""Shares that follow from the counts wherever part and base are both there."""


@dataclass(frozen=True)
class Partition:
    """A count and the columns, none overlapping another, that divide it.

    Attributes
    ----------
    whole : str
        The column that is divided.
    parts : tuple of str
        The columns that divide it.
    exhaustive : bool
        Whether they are all of it; otherwise they may be less.
    """

    whole: str
    parts: tuple[str, ...]
    exhaustive: bool


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

TRANSLATED = "translated"
"""The column that tells how counts were moved from the other division."""

WAYS: dict[str, Text] = {
    "same": Text("samma område", "the same area"),
    "sum": Text("summa av hela områden", "sum of whole areas"),
    "squares": Text("efter befolkningsrutor", "by population squares"),
    "area": Text("efter yta", "by ground"),
    "key": Text("efter en nyckel", "by a key"),
    "unknown": Text("går inte att flytta", "cannot be moved"),
}
"""How they can be moved, the surest first."""

CLUSTERS: dict[str, Text] = {
    "high-high": Text("Hög andel, även hos grannarna", "High share, as its neighbours"),
    "low-low": Text("Låg andel, även hos grannarna", "Low share, as its neighbours"),
    "high-low": Text("Hög andel, låg hos grannarna", "High share, low among neighbours"),
    "low-high": Text("Låg andel, hög hos grannarna", "Low share, high among neighbours"),
    "not significant": Text("Kan bero på slumpen", "May be due to chance"),
    "no neighbours": Text("Saknar grannar", "No neighbours"),
    "no data": Text("Uppgift saknas", "No data"),
}
"""Classes of a local statistic, in the order of every table and legend."""

CLUSTER_KEYS = ("high-high", "low-low", "high-low", "low-high")
"""The classes of areas that chance does not explain."""


@dataclass(frozen=True)
class Field:
    """A column that our own tables have: its heading, and how its values are written.

    Attributes
    ----------
    label : Text
        What stands above it.
    kind : Kind
        How its values are written.
    poor : {"low", "high"} or None
        Which end of it marks the poor pole, where one does.
    """

    label: Text
    kind: Kind
    poor: Pole | None = None


def _fields(kind: Kind, rows: dict[str, tuple[str, str]]) -> dict[str, Field]:
    return {name: Field(Text(sv, en), kind) for name, (sv, en) in rows.items()}


FIELDS: dict[str, Field] = {
    **_fields(
        "text",
        {
            "deso": ("DeSO", "DeSO"),
            "place": ("Plats", "Place"),
            "measure": ("Mått", "Measure"),
            "evenness_status": ("Räknat", "Measured"),
            "level": ("Nivå", "Level"),
            "group": ("Grupp", "Group"),
            "municipality": ("Kommunkod", "Municipality code"),
            "municipality_name": ("Kommun", "Municipality"),
            "regso": ("RegSO", "RegSO"),
            "regso_name": ("RegSO-namn", "RegSO name"),
            "translated": ("Flyttad från annan indelning", "Moved from another division"),
            "kind": (
                "Typ (A landsbygd, B tätort, C centralort)",
                "Kind (A rural, B town, C main town)",
            ),
            "cluster": ("Klass på klusterkartan", "Class on the cluster map"),
            "quadrant": ("Kvadrant", "Quadrant"),
            "status": ("Jämförd", "Tested"),
            "worst_area": ("Område med lägst värde", "Area with the lowest value"),
            "best_area": ("Område med högst värde", "Area with the highest value"),
            "lowest_area": ("Område med lägst balansmått", "Area with the lowest balance"),
            "highest_area": ("Område med högst balansmått", "Area with the highest balance"),
            "balance_lowest_area": ("Område med lägst balansmått", "Area with the lowest balance"),
            "balance_highest_area": (
                "Område med högst balansmått",
                "Area with the highest balance",
            ),
        },
    ),
    **_fields("year", {"year": ("År", "Year")}),
    **_fields(
        "flag",
        {
            "in_view": ("Visas på kartan", "Shown on the map"),
            "complete": ("Hela kommunen finns med", "The whole municipality is here"),
            "change_within_chance": ("Förändringen kan bero på slumpen", "Change within chance"),
            "within_chance": ("Förändringen kan bero på slumpen", "Change within chance"),
        },
    ),
    **_fields(
        "ratio",
        {
            "balance": ("Balansmått", "Balance"),
            "balance_lower": ("Balansmått, osäkerhet från", "Balance, lower bound"),
            "balance_upper": ("Balansmått, osäkerhet till", "Balance, upper bound"),
            "segregation_index": ("Segregationsindex", "Segregation index"),
            "median": ("Median av levnadsvillkor", "Median of living conditions"),
            "worst_score": ("Lägsta levnadsvillkor", "Lowest living conditions"),
            "best_score": ("Högsta levnadsvillkor", "Highest living conditions"),
            "ratio_of_sums": ("Balansmått (på summan)", "Balance (of sums)"),
            "ratio_then": ("Balansmått då", "Balance then"),
            "ratio_now": ("Balansmått nu", "Balance now"),
            "lower": ("Osäkerhet från", "Lower bound"),
            "upper": ("Osäkerhet till", "Upper bound"),
            "at_least": ("Minst", "At least"),
            "at_most": ("Högst", "At most"),
            "mean_of_ratios": ("Balansmått (medelvärde av områden)", "Balance (mean of areas)"),
            "lowest": ("Lägsta balansmått", "Lowest balance"),
            "highest": ("Högsta balansmått", "Highest balance"),
            "balance_mean": ("Balansmått (medelvärde av områden)", "Balance (mean of areas)"),
            "balance_lowest": ("Lägsta balansmått", "Lowest balance"),
            "balance_highest": ("Högsta balansmått", "Highest balance"),
        },
    ),
    "score": Field(Text("Levnadsvillkor", "Living conditions"), "ratio", "low"),
    **_fields(
        "fine",
        {
            "local_statistic": ("Lokal statistika", "Local statistic"),
            "statistic": ("Statistika", "Statistic"),
            "expected": ("Väntat av slumpen", "Expected by chance"),
            "z": ("Värde (standardavvikelser)", "Value (standard deviations)"),
            "lag": (
                "Grannarnas medelvärde (standardavvikelser)",
                "Neighbours' mean (standard deviations)",
            ),
            "influence": ("Inverkan på Morans I", "Influence on Moran's I"),
            "log2_change": ("Balansmåttets förändring (log2)", "Change of the balance (log2)"),
            "change_log2": ("Balansmåttets förändring (log2)", "Change of the balance (log2)"),
            "change_lower": ("Förändring, osäkerhet från", "Change, lower bound"),
            "change_upper": ("Förändring, osäkerhet till", "Change, upper bound"),
            "evenness": ("Värde", "Value"),
            "evenness_even": ("Om alla bodde på måfå", "If all lived at random"),
            "evenness_bias": ("Slumpens bidrag", "Bias"),
            "evenness_corrected": ("Utan slumpens bidrag", "Without bias"),
            "evenness_se": ("Medelfel", "Standard error"),
            "evenness_lower": ("Osäkerhet från", "Lower bound"),
            "evenness_upper": ("Osäkerhet till", "Upper bound"),
        },
    ),
    **_fields(
        "p",
        {
            "evenness_p": ("p-värde mot att alla bor på måfå", "p of living at random"),
            "p": ("p-värde", "p"),
            "q": ("Justerat p-värde (q)", "q (adjusted p)"),
            "local_p": ("Lokalt p-värde", "Local p"),
            "local_q": ("Lokalt justerat p-värde (q)", "Local q (adjusted p)"),
            "change_p": ("Förändring, p-värde", "Change, p"),
            "change_q": ("Förändring, justerat p-värde (q)", "Change, q (adjusted p)"),
            "monte_carlo_error": ("Slumpfel i p", "Sampling error of p"),
            "least_p": ("Minsta möjliga p-värde", "Least attainable p"),
        },
    ),
    **_fields(
        "share",
        {
            "share_same": (
                "Andel inställningar med samma klass",
                "Share of settings with the same class",
            ),
            "worst_student_share": (
                "Andel 20–29 år i området med lägst värde",
                "Share aged 20–29 in the area with the lowest value",
            ),
        },
    ),
    **_fields(
        "count",
        {
            "same": ("Inställningar med samma klass", "Settings with the same class"),
            "settings": ("Inställningar", "Settings"),
            "from": ("Från (m)", "From (m)"),
            "to": ("Till (m)", "To (m)"),
            "pairs": ("Par av områden", "Pairs of areas"),
            "draws": ("Slumpdragningar", "Random draws"),
            "evenness_people": ("I båda grupperna", "In both groups"),
            "areas": ("Områden", "Areas"),
            "areas_missing": ("Områden utan uppgift", "Areas without data"),
            "areas_without_high": ("Områden utan någon hög", "Areas with nobody high"),
            "balance_areas_without_high": ("Områden utan någon hög", "Areas with nobody high"),
            "areas_without_either": (
                "Områden med ingen i någon grupp",
                "Areas with nobody in either group",
            ),
            "areas_rounded_to_zero": (
                "Områden med ett antal avrundat till noll",
                "Areas with a count rounded to zero",
            ),
            "balance_areas_rounded_to_zero": (
                "Områden med ett antal avrundat till noll",
                "Areas with a count rounded to zero",
            ),
            "worst_areas": ("Områden med lägst värde", "Areas with the lowest value"),
            "lowest_areas": ("Områden med lägst balansmått", "Areas with the lowest balance"),
            "highest_areas": ("Områden med högst balansmått", "Areas with the highest balance"),
            "balance_lowest_areas": (
                "Områden med lägst balansmått",
                "Areas with the lowest balance",
            ),
            "balance_highest_areas": (
                "Områden med högst balansmått",
                "Areas with the highest balance",
            ),
            "score_areas": ("Områden med levnadsvillkor", "Areas with living conditions"),
            "score_areas_missing": (
                "Levnadsvillkor: områden utan uppgift",
                "Living conditions: areas without data",
            ),
            "balance_areas": ("Områden i balansmåttet", "Areas in the balance"),
            "balance_areas_without_either": (
                "Områden med ingen i någon grupp",
                "Areas with nobody in either group",
            ),
            "balance_areas_missing": (
                "Balansmått: områden utan uppgift",
                "Balance: areas without data",
            ),
        },
    ),
}
"""Columns of our own tables, beside the counts, amounts and shares."""

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


def group_label(key: str) -> Text:
    """Return the words for a group of households or persons; a user's own group is its name.

    Examples
    --------
    >>> group_label("public_housing").sv
    'Allmännyttan'
    """
    return GROUPS.get(key, Text(key, key))


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


EVENNESS = {
    "dissimilarity": Text("Olikhetsindex", "Index of dissimilarity"),
    "gini": Text("Gini", "Gini"),
    "theil_h": Text("Theils H", "Theil's H"),
    "atkinson": Text("Atkinson", "Atkinson"),
    "isolation": Text("Isoleringsindex, låg", "Isolation, low"),
    "isolation_of_second": Text("Isoleringsindex, hög", "Isolation, high"),
    "exposure": Text("Kontakt, låg med hög", "Exposure, low to high"),
    "correlation_ratio": Text("Korrelationskvot", "Correlation ratio"),
}
"""Measures of how unevenly the low and the high live over the areas of a place."""


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


def status_column(name: str) -> str:
    """Return the name of the column that holds the status of column `name`.

    Examples
    --------
    >>> status_column("low")
    'low_status'
    """
    return f"{name}_status"


def lower_column(name: str) -> str:
    """Return the name of the column that holds the least that column `name` can be.

    Examples
    --------
    >>> lower_column("low")
    'low_lower'
    """
    return f"{name}_lower"


def upper_column(name: str) -> str:
    """Return the name of the column that holds the most that column `name` can be.

    Examples
    --------
    >>> upper_column("low")
    'low_upper'
    """
    return f"{name}_upper"
