"""Tables: which of SCB's tables gives which column, as data.

Facts of 2026. The service is asked for all of it again at run time (see `resolving`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from grannskap.deso import Division
from grannskap.language import Text

__all__ = [
    "CONTENTS",
    "INDEX",
    "KNOWN",
    "REGION",
    "SERIES",
    "THEMES",
    "TIME",
    "Cells",
    "Contents",
    "Kind",
    "Series",
    "Unit",
    "division_of",
]

Kind = Literal["count", "percent", "amount"]
Unit = Literal["persons", "households", "dwellings", "areas"]

REGION, CONTENTS, TIME = "Region", "ContentsCode", "Tid"
"""Names of the dimensions that every table has."""

FIRST_OF_2025 = 2024
"""The first year that is published by the division of 2025 alone."""


def division_of(year: int) -> Division:
    """Return the division by which a year is published.

    Examples
    --------
    >>> division_of(2023), division_of(2024)
    (2018, 2025)
    """
    return 2025 if year >= FIRST_OF_2025 else 2018


@dataclass(frozen=True)
class Contents:
    """One of the numbers that a table holds.

    Attributes
    ----------
    code : str
        Its contents code; empty where it is known by its label alone.
    labels : tuple of str
        What SCB has called it, in Swedish or English.
    """

    code: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """A column that a table gives: the sum of some of its cells.

    Attributes
    ----------
    name : str
        The canonical column.
    heading : str
        What stands above it in the file that is written.
    contents : Contents
        Which number.
    where : mapping of str to tuple of str
        By dimension, the categories that are added up.
    kind : {"count", "percent", "amount"}
        What its numbers are; per cent is of `whole`.
    whole : str
        The column whose per cent it is.
    factor : int
        What its numbers are multiplied by: 1000 where the table gives thousands.
    """

    name: str
    heading: str
    contents: Contents
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: Kind = "count"
    whole: str = ""
    factor: int = 1


@dataclass(frozen=True)
class Series:
    """Some columns of one table, over the years in which they mean the same.

    Attributes
    ----------
    theme : str
        What they tell of; one of `THEMES`.
    file : str
        The beginning of the name of the file that is written.
    table : str
        The table's id.
    former : str
        Its name in the older service, by which people may know it.
    title : Text
        What it is about; searched for where the id has gone.
    first, last : int
        Years that are taken of it; 9999 while it goes on.
    unit : str
        What is counted.
    cells : tuple of Cells
        The columns.
    traps : tuple of str
        What a reader must know: keys of the message catalogue.
    """

    theme: str
    file: str
    table: str
    former: str
    title: Text
    first: int
    last: int
    unit: Unit
    cells: tuple[Cells, ...]
    traps: tuple[str, ...] = ()


_ON = 9999
_BOTH_SEXES = MappingProxyType({"Kon": ("1+2",)})
_QUARTER = "Kvartil {number}, andel personer, procent"


def _quarters() -> tuple[Cells, ...]:
    codes = ("000008A6", "000008A7", "000008A8", "000008A9")
    return tuple(
        Cells(
            f"quarter_{number}",
            _QUARTER.format(number=number),
            Contents(
                code,
                (
                    _QUARTER.format(number=number),
                    f"Quartile {number}, share of persons, percent",
                ),
            ),
            kind="percent",
            whole="persons",
        )
        for number, code in enumerate(codes, 1)
    )


_INCOME = Series(
    "income",
    "inkomst",
    "TAB6684",
    "Tab3InkDesoRegso",
    Text("Ekonomisk standard, andel personer per kvartil", "Equivalised disposable income"),
    2011,
    _ON,
    "persons",
    (
        Cells(
            "persons",
            "Antal personer",
            Contents("000008A5", ("Antal personer", "Number of persons")),
        ),
        *_quarters(),
        Cells(
            "disposable_income",
            "Disponibel inkomst, median, kr per konsumtionsenhet",
            Contents("000008AB", ("Medianvärde, tkr", "Median value, SEK thousands")),
            kind="amount",
            factor=1000,
        ),
    ),
    (
        "data.trap.whole per cent",
        "data.trap.restated",
        "data.trap.persons not households",
        "data.trap.outside is hidden",
    ),
)


def _standard(name: str, code: str, sv: str, en: str) -> Cells:
    contents = Contents(code, (f"{sv} ekonomisk standard, procent", en))
    heading = f"{sv} ekonomisk standard, procent"
    return Cells(name, heading, contents, {"Alder": ("tot",)}, "percent", "persons")


_STANDARD = Series(
    "standard",
    "ekonomisk-standard",
    "TAB6685",
    "Tab4InkDesoRegso",
    Text("Låg respektive hög ekonomisk standard", "Low and high economic standard"),
    2011,
    _ON,
    "persons",
    (
        Cells(
            "persons",
            "Antal personer",
            Contents(
                "",
                (
                    *("Antal personer totalt", "Antal personer"),
                    *("Number of persons, total", "Number of persons"),
                ),
            ),
            {"Alder": ("tot",)},
        ),
        _standard("low_standard", "000008AC", "Låg", "Low economic standard, percent"),
        _standard("high_standard", "000008AD", "Hög", "High economic standard, percent"),
    ),
    (
        "data.trap.whole per cent",
        "data.trap.restated",
        "data.trap.standard poles",
        "data.trap.outside is hidden",
    ),
)

_WORK = MappingProxyType({**_BOTH_SEXES, "Alder": ("20-64",)})

_EMPLOYMENT = Series(
    "employment",
    "sysselsattning",
    "TAB6680",
    "ArRegDesoStatusN",
    Text("Arbetsmarknadsstatus. Årligt register", "Labour market status. Annual register"),
    2020,
    _ON,
    "persons",
    (
        Cells(
            "employed",
            "Antal sysselsatta 20–64 år",
            Contents("0000089X", ("antal sysselsatta", "number of employed")),
            _WORK,
        ),
        Cells(
            "working_age",
            "Antal totalt 20–64 år",
            Contents("0000089Y", ("antal totalt", "number, total")),
            _WORK,
        ),
    ),
    ("data.trap.employment break 2020", "data.trap.outside is hidden"),
)

_KNOWN_LEVELS = ("21", "3+4", "5", "6")


def _education(
    file: str, table: str, former: str, code: str, years: tuple[int, int], *, ages: str
) -> Series:
    """Education of one table and age group: from 2023 SCB counts to 65."""
    ending = "" if ages == "25–64" else f"_{ages.replace('–', '_')}"
    contents = Contents(code, ("Antal", "Number"))
    return Series(
        "education",
        file,
        table,
        former,
        Text(
            f"Befolkning {ages} år efter utbildningsnivå",
            f"Population {ages} by level of education",
        ),
        *years,
        "persons",
        (
            Cells(
                f"post_secondary{ending}",
                f"Eftergymnasial utbildning, 3 år eller mer, {ages} år",
                contents,
                {"UtbildningsNiva": ("6",)},
            ),
            Cells(
                f"pre_secondary{ending}",
                f"Förgymnasial utbildning, {ages} år",
                contents,
                {"UtbildningsNiva": _KNOWN_LEVELS[:1]},
            ),
            Cells(
                f"education_base{ending}",
                f"Känd utbildningsnivå, {ages} år",
                contents,
                {"UtbildningsNiva": _KNOWN_LEVELS},
            ),
        ),
        ("data.trap.education ages 2023", "data.trap.education unknown"),
    )


def _tenure(table: str, former: str, code: str, years: tuple[int, int]) -> Series:
    contents = Contents(code, ("Antal", "Number"))
    forms = {"rented": "1", "tenant_owned": "2", "owned": "3"}
    words = {"rented": "Hyresrätt", "tenant_owned": "Bostadsrätt", "owned": "Äganderätt"}
    return Series(
        "tenure",
        "upplatelseform",
        table,
        former,
        Text("Antal lägenheter efter upplåtelseform", "Number of dwellings by tenure"),
        *years,
        "dwellings",
        (
            Cells(
                "dwellings",
                "Lägenheter med känd upplåtelseform",
                contents,
                {"Upplatelseform": ("1", "2", "3")},
            ),
            *(
                Cells(name, words[name], contents, {"Upplatelseform": (form,)})
                for name, form in forms.items()
            ),
        ),
        ("data.trap.dwellings not households",),
    )


_POPULATION = Series(
    "population",
    "befolkning",
    "TAB6574",
    "FolkmDesoAldKon",
    Text("Folkmängden per region efter ålder och kön", "Population by region, age and sex"),
    2010,
    _ON,
    "persons",
    tuple(
        Cells(
            name,
            heading,
            Contents("000007Y7", ("Antal", "Number")),
            {**_BOTH_SEXES, "Alder": ages},
        )
        for name, heading, ages in (
            ("population", "Folkmängd", ("totalt",)),
            ("age_20_29", "20–29 år", ("20-24", "25-29")),
        )
    ),
    ("data.trap.perturbed", "data.trap.outside is zero", "data.trap.addresses 2015"),
)

_BIRTH = Series(
    "birth",
    "fodelseregion",
    "TAB6572",
    "FolkmDesoLandKon",
    Text(
        "Folkmängden per region efter födelseregion och kön",
        "Population by region, region of birth and sex",
    ),
    2010,
    _ON,
    "persons",
    (
        Cells(
            "born_outside_europe",
            "Födda utanför Europa (övriga världen)",
            Contents("000007Y5", ("Antal", "Number")),
            {**_BOTH_SEXES, "Fodelseregion": ("öv",)},
        ),
    ),
    ("data.trap.perturbed", "data.trap.outside is zero", "data.trap.birth not eu"),
)

SERIES: tuple[Series, ...] = (
    _INCOME,
    _STANDARD,
    _EMPLOYMENT,
    _education(
        "utbildning", "TAB5956", "UtbSUNBefDesoRegso", "000005MO", (2015, 2022), ages="25–64"
    ),
    _education(
        "utbildning-25-65",
        "TAB5956",
        "UtbSUNBefDesoRegso",
        "000005MO",
        (2023, 2023),
        ages="25–65",
    ),
    _education(
        "utbildning-25-65", "TAB6534", "UtbSUNBefDesoRegsoN", "000007Z6", (2024, _ON), ages="25–65"
    ),
    _tenure("TAB6258", "BO0104T10N", "000006OC", (2015, 2023)),
    _tenure("TAB6638", "BO0104T01N2", "00000864", (2024, _ON)),
    _POPULATION,
    _BIRTH,
)
"""What is fetched by DeSO, in the order of the project file."""

INDEX = Series(
    "index",
    "socioekonomiskt-index",
    "TAB6586",
    "",
    Text("Socioekonomiskt index", "Socio-economic index"),
    2011,
    _ON,
    "areas",
    tuple(
        Cells(name, label, Contents(code, (label,)), kind="amount")
        for name, code, label in (
            ("socioeconomic_index", "000008IT", "Socioekonomiskt index"),
            ("area_type", "000008IU", "Områdestyp"),
            ("low_education_percent", "000008IV", "Andelen med förgymnasial utbildning"),
            (
                "low_standard_percent",
                "000008IW",
                "Andelen personer med låg ekonomisk standard (oavsett ålder)",
            ),
            (
                "benefits_or_unemployed_percent",
                "000008IX",
                "Andelen med ekonomiskt bistånd och/eller långtidsarbetslösa",
            ),
        )
    ),
    ("data.trap.index of regso", "data.trap.index corrected"),
)
"""The official index and area types, by RegSO."""


def _older_employment(table: str, former: str, years: tuple[int, int]) -> Series:
    contents = Contents("00000569" if table == "TAB5880" else "", ("Antal", "Number"))
    forms = (
        ("employed_16_64", "Förvärvsarbetande 16–64 år", "FÖRV"),
        ("working_age_16_64", "Samtliga 16–64 år", "total"),
    )
    return Series(
        "employment",
        "forvarvsarbetande",
        table,
        former,
        Text("Befolkningen 16–64 år efter sysselsättning", "Population 16–64 by employment"),
        *years,
        "persons",
        tuple(
            Cells(name, heading, contents, {**_BOTH_SEXES, "Sysselsattning": (form,)})
            for name, heading, form in forms
        ),
        ("data.trap.employment break 2020", "data.trap.employment other ages"),
    )


KNOWN: tuple[Series, ...] = (
    *SERIES,
    INDEX,
    _older_employment("TAB5880", "BefDeSoSyssN", (2019, 2021)),
    _older_employment("TAB683", "BefDeSoSyss", (2018, 2018)),
    Series(
        "income",
        "nettoinkomst",
        "TAB6679",
        "Tab1InkDesoRegso",
        Text("Andel av befolkningen per inkomstklass", "Share of population by income class"),
        2011,
        _ON,
        "persons",
        (
            Cells(
                "median_income",
                "Nettoinkomst, median, tkr per person",
                Contents("0000089U", ("Medianvärde, tkr", "Median value, SEK thousands")),
                {**_BOTH_SEXES, "Inkomstkomponenter": ("240",)},
                kind="amount",
            ),
        ),
        ("data.trap.restated", "data.trap.net income of persons", "data.trap.outside is hidden"),
    ),
)
"""Everything that is known of the tables; what is not in `SERIES` or `INDEX` is not fetched."""

THEMES: tuple[str, ...] = (*dict.fromkeys(one.theme for one in SERIES), INDEX.theme)
"""What can be left out of a fetch by name."""
