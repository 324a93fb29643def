"""The shares in 0–1 that follow from counts."""

from __future__ import annotations

from grannskap.catalogue.counts import _AGES_OF_EDUCATION, _AGES_OF_WORK
from grannskap.catalogue.model import Concept, Pole, Share
from grannskap.language import Text

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
    *(
        (
            *(f"pre_secondary_share{ending}", f"pre_secondary{ending}", f"education_base{ending}"),
            f"Andel med förgymnasial utbildning{own.sv}",
            f"Share with pre-secondary education{own.en}",
            *("education", "high"),
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
