"""Swedish and English: texts in both, and numbers as each language writes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args

__all__ = [
    "MINUS",
    "NOUNS",
    "TIMES",
    "Language",
    "Text",
    "below",
    "count",
    "counted",
    "definite",
    "inside_sentence",
    "number",
    "ratio",
    "share",
]

Language = Literal["sv", "en"]

MINUS = "\u2212"
"""The sign before what is below nothing, in both languages."""

TIMES = "×"
"""What stands behind a ratio, close up."""

_MARKS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"sv": {",": "\N{NO-BREAK SPACE}", ".": ","}, "en": {",": ",", ".": "."}}
)
"""Thousands and decimal mark of each language, by those of Python."""


@dataclass(frozen=True)
class Text:
    """One text in the two languages of the outputs.

    Attributes
    ----------
    sv : str
        The Swedish text.
    en : str
        The English text.

    Examples
    --------
    >>> Text("låg", "low")("en")
    'low'
    """

    sv: str
    en: str

    def __call__(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.sv if language == "sv" else self.en


def number(value: float, *, decimals: int, language: Language = "sv") -> str:
    """Write a number with a fixed count of decimals; "–" when missing.

    Parameters
    ----------
    value : float
        Any number; NaN is missing, infinities are written "∞".
    decimals : int
        Digits after the decimal mark.
    language : {"sv", "en"}
        Decides decimal mark and thousands mark.

    Returns
    -------
    str
        The number as the language writes it.

    Examples
    --------
    >>> number(1.567, decimals=2)
    '1,57'
    >>> number(-1234.5, decimals=1, language="en")
    '−1,234.5'
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _writer(decimals, language)(float(round(value, decimals) + 0.0))  # no "−0,00"


@cache
def _writer(decimals: int, language: Language) -> Callable[[float], str]:
    """Return what writes so many decimals with the marks of a language."""
    pattern = f",.{decimals}f"
    table = str.maketrans({**_MARKS[language], "-": MINUS})
    return lambda value: format(Decimal(repr(value)), pattern).translate(table)


def count(value: float, language: Language = "sv") -> str:
    """Write a whole number with thousands marks; "–" when missing.

    Examples
    --------
    >>> count(float("nan"))
    '–'
    """
    return number(value, decimals=0, language=language)


_NOUNS: dict[str, tuple[Text, Text]] = {
    "area": (Text("område", "area"), Text("områden", "areas")),
    "municipality": (Text("kommun", "municipality"), Text("kommuner", "municipalities")),
    "place": (Text("plats", "place"), Text("platser", "places")),
    "group": (Text("grupp", "group"), Text("grupper", "groups")),
    "row": (Text("registerrad", "register row"), Text("registerrader", "register rows")),
    "pair": (Text("grannpar", "pair of neighbours"), Text("grannpar", "pairs of neighbours")),
    "border": (Text("gräns", "border"), Text("gränser", "borders")),
    "household": (Text("hushåll", "household"), Text("hushåll", "households")),
}

Noun = Literal["area", "municipality", "place", "group", "row", "pair", "border", "household"]

NOUNS: dict[str, Noun] = {name: name for name in get_args(Noun)}
"""The nouns that can be counted."""


def counted(how_many: int, noun: Noun) -> Text:
    """Count things in both languages: "1 område", "12 områden".

    Examples
    --------
    >>> counted(1, "area").sv, counted(12, "area").en
    ('1 område', '12 areas')
    """
    words = _NOUNS[noun][0 if how_many == 1 else 1]
    return Text(f"{count(how_many, 'sv')} {words.sv}", f"{count(how_many, 'en')} {words.en}")


def inside_sentence(text: str) -> str:
    """Write a label as it stands inside a sentence: abbreviations keep their capitals.

    Examples
    --------
    >>> inside_sentence("Födda utanför EU"), inside_sentence("SFI-elever")
    ('födda utanför EU', 'SFI-elever')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def definite(share: str, language: Language = "sv") -> str:
    """Write the name of a share with its article.

    Examples
    --------
    >>> definite("andel med låg köpkraft"), definite("share of tenants", "en")
    ('andelen med låg köpkraft', 'the share of tenants')
    """
    if language == "en":
        return f"the {share}"
    return share.replace("andel ", "andelen ", 1) if share.startswith("andel ") else share


def ratio(value: float, language: Language = "sv") -> str:
    """Write a balance as the report does: "1,57×", and "13×" from ten upwards.

    Examples
    --------
    >>> ratio(1.568), ratio(12.96), ratio(4.76, "en"), ratio(float("inf"))
    ('1,57×', '13×', '4.76×', '∞')
    """
    if not math.isfinite(value):
        return number(value, decimals=0, language=language)
    return number(value, decimals=0 if abs(value) >= 9.995 else 2, language=language) + TIMES


def below(text: str) -> str:
    """Write what is smaller than a number that is already written, as everywhere.

    Examples
    --------
    >>> below("0,01×").replace(chr(160), " ")
    '< 0,01×'
    """
    return f"<\u00a0{text}"


def share(value: float, language: Language = "sv", *, decimals: int = 0) -> str:
    """Write a share in 0–1 as per cent; "–" when missing.

    Examples
    --------
    >>> share(0.234).replace(chr(160), " "), share(0.234, "en", decimals=1)
    ('23 %', '23.4%')
    """
    if math.isnan(value):
        return "–"
    text = number(100 * value, decimals=decimals, language=language)
    return f"{text}\u00a0%" if language == "sv" else f"{text}%"
