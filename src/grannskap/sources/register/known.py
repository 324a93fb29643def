"""Known tables: what SCB's tables by DeSO hold, and the words by which each is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["KNOWN", "Address", "Known", "Subject"]

Address = str | tuple[str, ...]
"""What names a column's cells, or several whose sum it is."""

Subject = Literal[
    "purchasing power",
    "economic standard",
    "income quarters",
    "employment",
    "education",
    "net income",
    "background",
    "tenure",
    "household types",
    "ages",
    "population",
]
"""What a table tells of."""


@dataclass(frozen=True)
class Known:
    """A table that files are held against.

    Attributes
    ----------
    subject : str
        What it tells of.
    needed : mapping of str to tuple of Address
        Columns without which it is another table: canonical name, and its addresses, of which
        the first that fits is taken.
    more : mapping of str to tuple of Address
        Columns that are taken where they are there.
    percent : mapping of str to str
        Which of them are per cent, and of which.
    tables : tuple of str
        Ids and internal reference codes that SCB gives it.
    told : bool
        Whether its headings say too little to know it by: its id or title must tell.
    title : str
        Words of its title, in small letters; empty where headings are enough.
    """

    subject: Subject
    needed: Mapping[str, tuple[Address, ...]]
    more: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    percent: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    told: bool = False
    title: str = ""


def _employment(ending: str, ages: str) -> Known:
    return Known(
        "employment",
        {
            f"employed{ending}": (
                f"antal sysselsatta | {ages} år",
                f"antal sysselsatta | {ages}",
                f"0000089X | {ages}",
                f"number of employed | {ages}",
                f"Förvärvsarbetande {ages} år",
            ),
            f"working_age{ending}": (
                f"antal totalt | {ages} år",
                f"antal totalt | {ages}",
                f"0000089Y | {ages}",
                f"total | {ages}",
                f"Folkmängd {ages} år",
            ),
        },
        tables=("000007A8", "TAB6680", "TAB5880", "TAB683"),
    )


_LEVELS = (
    "förgymnasial utbildning",
    "gymnasial utbildning",
    "eftergymnasial utbildning, mindre än 3 år",
    "eftergymnasial utbildning, 3 år eller mer",
)


def _education(ending: str, title: str) -> Known:
    return Known(
        "education",
        {
            f"post_secondary{ending}": (
                _LEVELS[-1],
                "Eftergymnasial utbildning 3 år eller längre 25-64 år",
            ),
            f"education_base{ending}": (_LEVELS, "Känd utbildning 25-64 år"),
        },
        more={f"pre_secondary{ending}": (_LEVELS[0],)},
        tables=("000005MO", "TAB5956", "TAB6534"),
        title=title,
    )


KNOWN: tuple[Known, ...] = (
    Known(
        "purchasing power",
        {"low": ("Kvartil1",), "high": ("Kvartil4",)},
        more={
            "medium_low": ("Kvartil2",),
            "medium_high": ("Kvartil3",),
            "households": ("Totalt",),
            "disposable_income": ("MedianInk",),
        },
        tables=("Tab11",),
    ),
    Known(
        "economic standard",
        {
            "low_standard": ("Låg ekonomisk standard", "000008AC", "Low economic standard"),
            "high_standard": ("Hög ekonomisk standard", "000008AD", "High economic standard"),
            "persons": ("Antal personer totalt", "Antal personer", "Number of persons"),
        },
        percent={"low_standard": "persons", "high_standard": "persons"},
        tables=("000006TA", "TAB6685"),
    ),
    Known(
        "income quarters",
        {
            "quarter_1": ("Kvartil 1", "000008A6", "Quartile 1"),
            "quarter_2": ("Kvartil 2", "000008A7", "Quartile 2"),
            "quarter_3": ("Kvartil 3", "000008A8", "Quartile 3"),
            "quarter_4": ("Kvartil 4", "000008A9", "Quartile 4"),
            "persons": ("Antal personer", "000008A5", "Number of persons"),
        },
        percent={f"quarter_{number}": "persons" for number in (1, 2, 3, 4)},
        tables=("TAB6684",),
    ),
    _employment("", "20-64"),
    _employment("_20_65", "20-65"),
    _employment("_16_64", "16-64"),
    _employment("_16_65", "16-65"),
    _education("_25_65", "25-65"),
    _education("", ""),
    Known(
        "net income",
        {"median_income": ("Medianvärde, tkr", "0000089U", "Medianvärde", "Median value")},
        tables=("000005FM", "TAB6679"),
        title="inkomst",
    ),
    Known(
        "background",
        {"foreign_background": ("utländsk bakgrund",), "swedish_background": ("svensk bakgrund",)},
        more={"population": (("svensk bakgrund", "utländsk bakgrund"),)},
        tables=("000005FE",),
    ),
    Known(
        "tenure",
        {
            "rented": ("hyresrätt",),
            "tenant_owned": ("bostadsrätt",),
            "owned": ("äganderätt",),
            "dwellings": (
                ("hyresrätt", "bostadsrätt", "äganderätt", "uppgift saknas"),
                ("hyresrätt", "bostadsrätt", "äganderätt"),
            ),
        },
        tables=("000006OC", "TAB6258", "TAB6638"),
    ),
    Known(
        "household types",
        {
            "households": (
                (
                    *("sammanboende med barn", "sammanboende utan barn"),
                    *("ensamstående med barn", "ensamstående utan barn", "övriga hushåll"),
                ),
            )
        },
        tables=("000005F8",),
    ),
    Known(
        "ages",
        {"age_20_29": (("20-24 år", "25-29 år"), ("20-24", "25-29"))},
        more={"population": ("Folkmängd", "000007Y7 | totalt", "totalt")},
        tables=("TAB6574",),
    ),
    Known("population", {"population": ("000007Y7",)}, tables=("TAB6574",)),
    Known(
        "population",
        {"population": ("Folkmängd", "totalt")},
        tables=("000005FC", "TAB6574"),
        told=True,
        title="folkmängd",
    ),
)
"""In the order in which a file is held against them."""
