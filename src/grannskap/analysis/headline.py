"""How a balance is told, with what is not known about it; used on maps and in the report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from grannskap import catalogue
from grannskap.language import Language, Text, count, counted, ratio

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from grannskap.analysis.results import Results
    from grannskap.analysis.view import View

__all__ = [
    "about",
    "balance",
    "balance_words",
    "bounds",
    "is_moved",
    "per_hundred",
    "pole_words",
    "rounded_to_zero",
    "written_alike",
]


def balance(value: float, language: Language) -> str:
    """Write a balance: "∞" where nobody is high, and never "0,00x" for what is not nothing.

    Examples
    --------
    >>> balance(1.568, "sv"), balance(float("inf"), "sv"), balance(0.002, "en"), balance(0, "sv")
    ('1,57x', '∞', '<0.01x', '0x')
    """
    if math.isinf(value):
        return "∞"
    if value == 0:
        return "0x"
    return f"<{ratio(0.01, language)}" if value < 0.005 else ratio(value, language)


def bounds(lower: float, upper: float, language: Language) -> str:
    """Write what a balance lies between: "minst 4x", "högst 0,50x", "0,80–0,85x"; else nothing.

    Nothing where it could be anything, from 0 to infinity, or where nothing is known of it.

    Examples
    --------
    >>> bounds(0.8, 0.85, "sv"), bounds(4, float("inf"), "sv"), bounds(0, 0.5, "en")
    ('0,80–0,85x', 'minst 4,00x', 'at most 0.50x')
    """
    if math.isnan(lower) or math.isnan(upper) or (lower == 0 and math.isinf(upper)):
        return ""
    if math.isinf(upper):
        return Text("minst {}", "at least {}")(language).format(balance(lower, language))
    if lower == 0:
        return Text("högst {}", "at most {}")(language).format(balance(upper, language))
    low, high = balance(lower, language), balance(upper, language)
    return low if low == high else f"{low.removesuffix('x')}–{high}"


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
    ('0,79–0,85x', '0,80x')
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
    known = balances.dropna()
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
    return Text(f"omkring {held}", f"about {held}")(language)


def rounded_to_zero(areas: int) -> Text:
    """Say in how many areas a count is a zero that may be a rounded few: they have no balance.

    Examples
    --------
    >>> rounded_to_zero(14).sv
    'i 14 områden är ett antal avrundat till noll'
    """
    held = counted(areas, "area")
    return Text(
        f"i {held.sv} är ett antal avrundat till noll", f"in {held.en} a count is rounded to zero"
    )


def pole_words(results: Results, view: View) -> tuple[Text, Text]:
    """Return who stands at each pole: "hushåll med låg köpkraft", "med hög köpkraft"."""
    asked = results.options.balance
    unit = catalogue.BASES[asked.basis]
    low, high = view.poles(results)
    if all(_is_of_households(name) for name in (asked.low, asked.high)):
        return (
            Text(f"{unit.sv} med {low}", f"{unit.en} with {low}"),
            Text(f"med {high}", f"with {high}"),
        )
    return Text(low, low), Text(high, high)


def _is_of_households(name: str) -> bool:
    known = catalogue.COUNTS.get(name)
    return known is not None and known.concept == "purchasing power"


def per_hundred(lower: float, upper: float, who: Text, against: Text, language: Language) -> str:
    """Tell a balance by people: "80 hushåll med låg köpkraft på 100 med hög köpkraft".

    Of two bounds both are told; from ten upwards it is told of each one, not of a hundred.

    Examples
    --------
    >>> per_hundred(0.8, 0.8, Text("hushåll", "homes"), Text("med hög", "with much"), "sv")
    '80 hushåll på 100 med hög'
    >>> per_hundred(0.8, 0.85, Text("hushåll", "homes"), Text("med hög", "with much"), "sv")
    'mellan 80 och 85 hushåll på 100 med hög'
    >>> per_hundred(12.96, 12.96, Text("hushåll", "homes"), Text("med hög", "with much"), "en")
    '13 homes for each with much'
    """
    each = lower >= 9.995
    low, high = (_held(value, language, each=each) for value in (lower, upper))
    if low == high:
        held = low
    elif math.isinf(upper):
        held = Text(f"minst {low}", f"at least {low}")(language)
    elif lower == 0:
        held = Text(f"högst {high}", f"at most {high}")(language)
    else:
        held = Text(f"mellan {low} och {high}", f"between {low} and {high}")(language)
    of = Text("varje", "each") if each else Text("100", "every 100")
    return Text(
        f"{held} {who.sv} på {of.sv} {against.sv}", f"{held} {who.en} for {of.en} {against.en}"
    )(language)


def _held(value: float, language: Language, *, each: bool) -> str:
    if math.isinf(value):
        return "∞"
    if each:
        return count(round(value), language)
    return count(round(100 * value), language) if 100 * value >= 0.995 or value == 0 else "<1"
