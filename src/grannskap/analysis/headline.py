"""How a balance is told, with what is not known about it; used on maps and in the report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grannskap import catalogue, contrasts
from grannskap.language import TIMES, Language, below, count, ratio
from grannskap.wording import say

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from grannskap.analysis.results import Results
    from grannskap.analysis.view import View

__all__ = [
    "Poles",
    "about",
    "balance",
    "balance_words",
    "bounds",
    "is_moved",
    "of_hundred",
    "per_hundred",
    "poles",
    "written_alike",
]


def balance(value: float, language: Language) -> str:
    r"""Write a balance: "∞" where nobody is high, and never "0,00×" for what is not nothing.

    Examples
    --------
    >>> balance(1.568, "sv"), balance(float("inf"), "sv"), balance(0.002, "en"), balance(0, "sv")
    ('1,57×', '∞', '<\xa00.01×', '0×')
    """
    if math.isinf(value):
        return "∞"
    if value == 0:
        return f"0{TIMES}"
    return below(ratio(0.01, language)) if value < 0.005 else ratio(value, language)


def bounds(lower: float, upper: float, language: Language) -> str:
    """Write what a balance lies between: "minst 4×", "högst 0,50×", "0,80–0,85×"; else nothing.

    Nothing where it could be anything, from 0 to infinity, or where nothing is known of it.

    Examples
    --------
    >>> bounds(0.8, 0.85, "sv"), bounds(4, float("inf"), "sv"), bounds(0, 0.5, "en")
    ('0,80–0,85×', 'minst 4,00×', 'at most 0.50×')
    """
    if math.isnan(lower) or math.isnan(upper) or (lower == 0 and math.isinf(upper)):
        return ""
    if math.isinf(upper):
        return say("headline.at_least", language, {"value": balance(lower, language)})
    if lower == 0:
        return say("headline.at_most", language, {"value": balance(upper, language)})
    low, high = balance(lower, language), balance(upper, language)
    return low if low == high else f"{low.removesuffix(TIMES)}–{high}"


def is_moved(row: pd.Series, language: Language) -> bool:
    """Tell whether what is hidden could move a balance by more than its rounding.

    Parameters
    ----------
    row : pandas.Series
        ``estimate``, ``lower``, ``upper``.
    language : {"sv", "en"}
        Decides how it is written.

    Returns
    -------
    bool
        Whether its bounds are its headline.
    """
    written = {balance(row[name], language) for name in ("lower", "upper", "estimate")}
    return len(written) > 1 and bool(bounds(row["lower"], row["upper"], language))


def balance_words(row: pd.Series, language: Language) -> str:
    """Write the balance of a place: its estimate, or its bounds where what is hidden matters.

    Examples
    --------
    >>> import pandas as pd
    >>> row = pd.Series({"estimate": 0.8, "lower": 0.79, "upper": 0.85})
    >>> balance_words(row, "sv"), balance_words(row.replace({0.79: 0.8, 0.85: 0.8}), "sv")
    ('0,79–0,85×', '0,80×')
    """
    if is_moved(row, language):
        return bounds(row["lower"], row["upper"], language)
    return "–" if math.isnan(row["estimate"]) else balance(row["estimate"], language)


def written_alike(balances: pd.Series[Any], value: float, language: Language) -> int:
    """Count the balances that a reader cannot tell from a value, as they are written the same.

    Examples
    --------
    >>> import pandas as pd
    >>> written_alike(pd.Series([0.1301, 0.1302, 0.2, None]), 0.1301, "sv")
    2
    """
    known = balances.dropna().to_numpy()
    near = known[np.isclose(known, value, rtol=0.2, atol=0.006) | (known == value)]
    written = balance(value, language)
    return sum(balance(float(one), language) == written for one in near)


def about(value: float, language: Language) -> str:
    r"""Write a count that was made from rounded per cents: three of its digits hold.

    Examples
    --------
    >>> about(35_275, "sv"), about(87, "en")
    ('omkring 35\xa0300', 'about 87')
    """
    steps = 10 ** max(len(str(round(value))) - 3, 0)
    held = count(steps * round(value / steps), language)
    return say("headline.about", language, {"held": held})


@dataclass(frozen=True)
class Poles:
    """How the two poles of a balance are called in sentences.

    Attributes
    ----------
    low, high : str
        In full: "hushåll med låg köpkraft", "hushåll med hög köpkraft".
    against : str
        The high one after a number of the low one: "på 100 med hög".
    than : str
        The high one in a comparison: "fler än de med hög".
    """

    low: str
    high: str
    against: str
    than: str


def poles(results: Results, view: View) -> Poles:
    """Return what the poles of a balance are called in sentences."""
    asked, language = results.options.balance, view.language
    low, high = view.poles(results)
    found = contrasts.contrast_of(asked.low, asked.high)
    if found is None or view.renames(asked.low, "low") or view.renames(asked.high, "high"):
        return Poles(low, high, high, high)
    of = {"concept": found.concept}
    unit = catalogue.BASES[asked.basis]
    who, others = (
        say("headline.pole.who", language, {"unit": unit, "pole": pole}) for pole in (low, high)
    )
    against, than = (
        say(key, language, of) for key in ("headline.pole.against", "headline.pole.than")
    )
    return Poles(who, others, against, than)


def per_hundred(lower: float, upper: float, low: str, against: str, *, language: Language) -> str:
    """Tell a balance by people: "80 hushåll med låg köpkraft på 100 med hög".

    Of two bounds both are told; from ten upwards it is told of each one, not of a hundred.

    Examples
    --------
    >>> per_hundred(0.8, 0.8, "hushåll", "med hög", language="sv")
    '80 hushåll på 100 med hög'
    >>> per_hundred(0.8, 0.85, "hushåll", "med hög", language="sv")
    'mellan 80 och 85 hushåll på 100 med hög'
    >>> per_hundred(12.96, 12.96, "homes", "with much", language="en")
    '13 homes for each with much'
    """
    held, each = _held_of(lower, upper, language)
    values = {"held": held, "who": low, "against": against, "each": each}
    return say("headline.people", language, values)


def of_hundred(lower: float, upper: float, language: Language) -> str:
    """Tell a balance by people where it is known which: "80 på 100", "13 på varje".

    Examples
    --------
    >>> of_hundred(0.8, 0.8, "sv"), of_hundred(9.2, float("inf"), "sv")
    ('80 på 100', 'minst 920 på 100')
    """
    held, each = _held_of(lower, upper, language)
    return say("headline.number", language, {"held": held, "each": each})


def _held_of(lower: float, upper: float, language: Language) -> tuple[str, bool]:
    """Return how many there are, and whether for each one rather than for a hundred."""
    each = bool(lower >= 9.995)
    low, high = (_held(value, language, each=each) for value in (lower, upper))
    if low == high:
        return low, each
    if math.isinf(upper):
        return say("headline.at_least", language, {"value": low}), each
    if lower == 0:
        return say("headline.at_most", language, {"value": high}), each
    return say("headline.between", language, {"low": low, "high": high}), each


def _held(value: float, language: Language, *, each: bool) -> str:
    if math.isinf(value):
        return "∞"
    if each:
        return count(round(value), language)
    return count(round(100 * value), language) if 100 * value >= 0.995 or value == 0 else below("1")
