"""What a reader sees above a column, for a class and for a group: the words of the tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from grannskap import catalogue
from grannskap.catalogue import AMOUNTS, COUNTS, GROUPS, SHARES, label
from grannskap.language import Language, Text, inside_sentence

if TYPE_CHECKING:
    from grannskap.maps.style import Style
    from grannskap.project import Project

__all__ = [
    "classes",
    "column",
    "concerned",
    "every_column",
    "group",
    "pole",
    "quantity",
    "summed_column",
]

_WITHOUT_POLE = Text("Områden med 0 {pole}", "Areas with 0 {pole}")


def column(name: str, project: Project) -> str:
    """Return the heading of a column: the project's own label, ours, or its name.

    Parameters
    ----------
    name : str
        A canonical name, such as ``"low_income_share"`` or ``"segregation_index"``.
    project : Project
        Whose language and ``[labels]`` are used.

    Returns
    -------
    str
        Words.
    """
    if name in project.labels:
        return project.labels[name]
    if name.removeprefix("balance_") == "areas_without_high":
        return _WITHOUT_POLE(project.language).format(pole=inside_sentence(pole(project, "high")))
    for ending in ("_status", "_missing"):
        if name.removesuffix(ending) in project.labels:
            own = Text(*(project.labels[name.removesuffix(ending)],) * 2)
            return catalogue.heading(name, own)(project.language)
    return catalogue.heading(name)(project.language)


def every_column(names: Iterable[str], project: Project) -> dict[str, str]:
    """Return the heading of each column; a status column's says whose gaps it explains."""
    return {name: column(name, project) for name in names}


def concerned(code: str, project: Project) -> str:
    """Return what a note concerns: a column by its words, all else as it stands."""
    if any(code in known for known in (COUNTS, AMOUNTS, SHARES, project.labels)):
        return inside_sentence(quantity(code, project))
    return code


def summed_column(name: str, project: Project) -> str:
    """Return the heading in a table of places, where ``low`` and ``high`` are the two poles."""
    return pole(project, name) if name in ("low", "high") else column(name, project)


def quantity(name: str, project: Project) -> str:
    """Return what a count, amount or share is called: by the project, or by the catalogue."""
    return project.labels.get(name) or label(name)(project.language)


def pole(project: Project, which: str) -> str:
    """Return the words for the ``low`` or the ``high`` category of the balance."""
    options = project.balance
    own, name = (
        (options.low_label, options.low) if which == "low" else (options.high_label, options.high)
    )
    return own or quantity(name, project)


def group(key: str, language: Language) -> str:
    """Return the words for a group of households or persons.

    Examples
    --------
    >>> group("public_housing", "sv")
    'Allmännyttan'
    """
    return GROUPS[key](language) if key in GROUPS else key


def classes(style: Style) -> dict[str, str]:
    """Return the words of each category of a style, as its map's legend has them."""
    named = dict(zip(style.categories, style.labels, strict=True))
    return {"no data": style.gaps[style.missing].label, **named}
