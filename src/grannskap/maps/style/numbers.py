"""Styles of numbers: balance, scores, and any others with or without a middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from grannskap.errors import DataError
from grannskap.language import TIMES, Language, Text
from grannskap.maps.style.model import Quantity, Style, gaps, interval_labels
from grannskap.maps.style.palettes import Pole, diverging, sequential

__all__ = [
    "BALANCE_EDGES",
    "SCORE_EDGES",
    "SHARE_EDGES",
    "balance",
    "one_way",
    "scores",
    "shares",
    "two_poles",
]

BALANCE_EDGES = (0.25, 0.5, 0.8, 1.25, 2.0, 4.0)
"""Class edges of a balance: the same distance for 2 and for 1/2, and fixed across years."""

SCORE_EDGES = (0.6, 0.75, 0.9, 1.1, 1.25, 1.5)
"""Class edges of living conditions, where 1 is the municipality's median."""

SHARE_EDGES: dict[str, tuple[float, ...]] = {
    "low_income_share": (0.1, 0.2, 0.3, 0.4, 0.5),
    "high_income_share": (0.1, 0.2, 0.3, 0.4, 0.5),
    "low_standard_share": (0.1, 0.2, 0.3, 0.4, 0.5),
    "high_standard_share": (0.05, 0.1, 0.15, 0.2, 0.3),
    "quarter_1_share": (0.1, 0.2, 0.3, 0.4, 0.5),
    "quarter_4_share": (0.1, 0.2, 0.3, 0.4, 0.5),
    **dict.fromkeys(
        ("employment_rate_16_64", "employment_rate_20_65", "employment_rate_16_65"),
        (0.5, 0.6, 0.7, 0.8, 0.9),
    ),
    "post_secondary_share_25_65": (0.1, 0.2, 0.3, 0.4, 0.5),
    "employment_rate": (0.5, 0.6, 0.7, 0.8, 0.9),
    "post_secondary_share": (0.1, 0.2, 0.3, 0.4, 0.5),
    "pre_secondary_share": (0.05, 0.1, 0.15, 0.2, 0.3),
    "pre_secondary_share_25_65": (0.05, 0.1, 0.15, 0.2, 0.3),
    "born_outside_eu_share": (0.05, 0.1, 0.2, 0.3, 0.5),
    "foreign_background_share": (0.1, 0.2, 0.3, 0.5, 0.7),
    "public_housing_share": (0.1, 0.25, 0.5, 0.75),
    "rented_share": (0.1, 0.25, 0.5, 0.75),
    "tenant_owned_share": (0.1, 0.25, 0.5, 0.75),
    "owned_share": (0.1, 0.25, 0.5, 0.75),
    "student_share": (0.1, 0.15, 0.2, 0.3, 0.5),
}
"""Class edges of shares, in 0–1, fixed across years, groups and towns."""

_OTHER_SHARE = (0.1, 0.2, 0.3, 0.5, 0.7)


def two_poles(
    edges: Sequence[float],
    *,
    name: str,
    title: str,
    unit: str = "",
    centre: float = 1.0,
    orange: Pole = "high",
    quantity: Quantity = "index",
    decimals: int = 2,
    log: bool = False,
    poles: tuple[str, str] | tuple[()] = (),
    colours: Sequence[str] = (),
    language: Language = "sv",
) -> Style:
    """Style of numbers with a middle: purple, near white, orange.

    Parameters
    ----------
    edges : sequence of float
        Inner class edges; rounded to `decimals` before anything else.
    name, title, unit : str
        As in `Style`.
    centre : float
        The middle of the scale.
    orange : {"high", "low"}
        Which end is the poor pole.
    quantity : {"ratio", "share", "amount", "index"}
        How values are written.
    decimals : int
        Of edges and labels (of per cent for a share).
    log : bool
        Whether distances are read as ratios.
    poles : tuple of str
        Words for the low and the high end.
    colours : sequence of str
        A palette of your own, refused when two classes cannot be told apart.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        With one class more than there are edges.

    Raises
    ------
    DataError
        When edges are not ascending once rounded, or when colours do not hold.

    Examples
    --------
    >>> two_poles([0.9, 1.1], name="score", title="Villkor", orange="low").labels
    ('≤ 0,90', '0,90–1,10', '> 1,10')
    """
    rounded, labels = _classes(edges, quantity=quantity, decimals=decimals, language=language)
    return Style(
        name=name,
        title=title,
        unit=unit,
        quantity=quantity,
        scale="log" if log else "linear",
        decimals=decimals,
        edges=rounded,
        labels=labels,
        colours=diverging(rounded, centre=centre, orange=orange, colours=colours),
        gaps=gaps(language),
        language=language,
        poles=tuple(poles),
    )


def one_way(
    edges: Sequence[float],
    *,
    name: str,
    title: str,
    unit: str = "",
    dark: Pole = "high",
    quantity: Quantity = "index",
    decimals: int = 2,
    colours: Sequence[str] = (),
    language: Language = "sv",
) -> Style:
    """Style of numbers without a middle: pale to dark orange.

    Parameters
    ----------
    edges : sequence of float
        Inner class edges; rounded to `decimals` before anything else.
    name, title, unit : str
        As in `Style`.
    dark : {"high", "low"}
        Which end is dark: the poor pole.
    quantity : {"ratio", "share", "amount", "index"}
        How values are written; edges of a share lie in 0–1 and are labelled in per cent.
    decimals : int
        Of edges and labels (of per cent for a share).
    colours : sequence of str
        A palette of your own, refused when two classes cannot be told apart.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        With one class more than there are edges.

    Raises
    ------
    DataError
        When edges are not ascending once rounded, or when colours do not hold.

    Examples
    --------
    >>> one_way([0.1, 0.25], name="s", title="Andel", quantity="share", decimals=0).edges
    (0.1, 0.25)
    """
    rounded, labels = _classes(edges, quantity=quantity, decimals=decimals, language=language)
    return Style(
        name=name,
        title=title,
        unit=unit,
        quantity=quantity,
        decimals=decimals,
        edges=rounded,
        labels=labels,
        colours=sequential(len(rounded) + 1, dark=dark, colours=colours),
        gaps=gaps(language),
        language=language,
    )


def _classes(
    edges: Sequence[float], *, quantity: Quantity, decimals: int, language: Language
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Edges as the labels write them, so that label and class cannot differ."""
    per = 100.0 if quantity == "share" else 1.0
    shown = [round(float(edge) * per, decimals) for edge in edges]
    if not shown or any(high <= low for low, high in pairwise(shown)):
        raise DataError(
            "edges do not rise",
            {"decimals": decimals, "edges": [f"{edge:g}" for edge in edges], "count": len(edges)},
        )
    unit = {"ratio": TIMES, "share": "%"}.get(quantity, "")
    labels = interval_labels(shown, decimals=decimals, language=language, unit=unit)
    digits = decimals + 2 if quantity == "share" else decimals
    return tuple(round(edge / per, digits) for edge in shown), tuple(labels)


def balance(
    *,
    title: str = "",
    unit: str = "",
    edges: Sequence[float] = BALANCE_EDGES,
    colours: Sequence[str] = (),
    language: Language = "sv",
) -> Style:
    """Style of a balance: purple and orange around 1 on a log scale.

    Examples
    --------
    >>> balance().labels[3]
    '0,80–1,25×'
    """
    say = Text("Balans mellan låg och hög köpkraft", "Balance of low and high purchasing power")
    style = two_poles(
        edges,
        name="balance",
        title=title or say(language),
        unit=unit or Text("låg per hög", "low per high")(language),
        quantity="ratio",
        log=True,
        colours=colours,
        language=language,
    )
    words = (
        Text("← fler med hög", "← more with high"),
        Text("lika många", "as many"),
        Text("fler med låg →", "more with low →"),
    )
    return replace(
        style,
        gaps=gaps(language, "nobody either", "rounded to zero"),
        ends=tuple(text(language) for text in words),
    )


def scores(
    *,
    title: str = "",
    unit: str = "",
    edges: Sequence[float] = SCORE_EDGES,
    colours: Sequence[str] = (),
    language: Language = "sv",
) -> Style:
    """Style of living conditions around 1, the median; orange where conditions are poor.

    Examples
    --------
    >>> scores().colours[0]
    '#b35806'
    """
    return two_poles(
        edges,
        name="living-conditions",
        title=title or Text("Levnadsvillkor", "Living conditions")(language),
        unit=unit or Text("kommunens median = 1", "municipality's median = 1")(language),
        orange="low",
        log=True,
        colours=colours,
        language=language,
    )


def shares(
    name: str,
    *,
    title: str,
    poor_when_low: bool = False,
    edges: Sequence[float] = (),
    colours: Sequence[str] = (),
    language: Language = "sv",
) -> Style:
    """Style of a share in 0–1, in fixed classes; dark orange at the poor end.

    Parameters
    ----------
    name : str
        A key of `grannskap.catalogue.SHARES`, or any other name.
    title : str
        The map's title.
    poor_when_low : bool
        Whether low shares mark the poor pole (employment, education).
    edges : sequence of float
        Class edges of your own, in 0–1.
    colours : sequence of str
        A palette of your own, refused when two classes cannot be told apart.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        Named after the share.

    Examples
    --------
    >>> shares("rented_share", title="Andel hyresrätter").labels[1].replace(chr(160), " ")
    '10–25 %'
    """
    return one_way(
        edges or SHARE_EDGES.get(name, _OTHER_SHARE),
        name=name,
        title=title,
        dark="low" if poor_when_low else "high",
        quantity="share",
        decimals=0,
        colours=colours,
        language=language,
    )
