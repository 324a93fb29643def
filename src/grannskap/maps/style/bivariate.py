"""Two variables on one map: nine classes and a square legend."""

from __future__ import annotations

from typing import Any

import pandas as pd

from grannskap.errors import DataError
from grannskap.language import Text, inside_sentence
from grannskap.maps.style.model import Square, Style, breaks, classify, gaps
from grannskap.maps.style.palettes import NINE

__all__ = ["bivariate", "cross"]


def cross(
    first: pd.Series[Any], second: pd.Series[Any], *, first_style: Style, second_style: Style
) -> pd.Series[Any]:
    """Class of each area in two variables: "1-1" (both lowest) to "3-3"; None where missing.

    Parameters
    ----------
    first, second : pandas.Series
        Numbers on ``deso``; met by label.
    first_style, second_style : Style
        Three classes each.

    Returns
    -------
    pandas.Series of str
        On the union of the indexes, named ``classes``.

    Examples
    --------
    >>> from grannskap.maps.style import one_way
    >>> half = one_way([0.2, 0.4], name="a", title="A", quantity="share", decimals=0)
    >>> shares = pd.Series([0.1, 0.9], ["x", "y"])
    >>> cross(shares, shares, first_style=half, second_style=half).tolist()
    ['1-1', '3-3']
    """
    one, two = first.align(second)
    rows = classify(one, first_style).to_numpy()
    columns = classify(two, second_style).to_numpy()
    named = [
        None if min(row, column) < 0 else f"{row + 1}-{column + 1}"
        for row, column in zip(rows, columns, strict=True)
    ]
    return pd.Series(named, index=one.index, name="classes", dtype=object)


_CORNERS = (
    Text("Båda låga", "Both low"),
    Text("Bara → hög", "Only → high"),
    Text("Bara ↑ hög", "Only ↑ high"),
    Text("Båda höga", "Both high"),
)


def bivariate(
    first: Style,
    second: Style,
    *,
    name: str = "two-variables",
    title: str = "",
    purple_first: bool = False,
) -> Style:
    """Style of two variables at once, 3 × 3, with a square legend.

    Parameters
    ----------
    first, second : Style
        Of three classes each; their titles name the axes.
    name, title : str
        As in `Style`.
    purple_first : bool
        Whether the first runs to purple and the second to orange, the poor pole, instead.

    Returns
    -------
    Style
        Of nine categories, as `cross` names them.

    Raises
    ------
    DataError
        When a style has not three classes.
    """
    for style in (first, second):
        if len(style.labels) != len(NINE):
            raise DataError(
                "styles not of three classes", {"title": style.title, "count": len(style.labels)}
            )
    language = first.language
    nine = tuple(zip(*NINE, strict=True)) if purple_first else NINE
    both = Text("och", "and")(language)
    return Style(
        name=name,
        title=title or f"{first.title} {both} {inside_sentence(second.title)}",
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(f"{row}-{column}" for row in (1, 2, 3) for column in (1, 2, 3)),
        labels=tuple(
            f"{first.title} {row}, {inside_sentence(second.title)} {column}"
            for row in first.labels
            for column in second.labels
        ),
        colours=tuple(colour for row in nine for colour in row),
        gaps=gaps(language),
        language=language,
        square=Square(
            first.title,
            second.title,
            first.labels,
            second.labels,
            cells=tuple(range(len(NINE) ** 2)),
            first_breaks=breaks(first),
            second_breaks=breaks(second),
            corners=tuple(text(language) for text in _CORNERS),
        ),
    )
