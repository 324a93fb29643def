"""Every map and diagram of a run, drawn and rendered in each format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.letters import well_formed
from grannskap.outputs.report import Picture

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from grannskap.analysis import Results, View
    from grannskap.language import Language
    from grannskap.maps.atlas import Extra
    from grannskap.maps.figure import Shapes
    from grannskap.maps.style import Style

__all__ = ["LARGE", "Drawn", "are_many", "draw"]

LARGE = 2_000
"""Shown areas from which on outlines are simplified before any map is planned."""


@dataclass(frozen=True)
class Drawn:
    """Maps and diagrams as files, and as the report shows them.

    Attributes
    ----------
    pictures : tuple of Picture
        For the report, in its order: the maps first.
    files : mapping of str to bytes
        Each picture as PNG, SVG and PDF, or what the rules of disclosure let pass of them, and
        as text, by relative path.
    signless : frozenset of str
        Letters in them that the typeface lacks.
    """

    pictures: tuple[Picture, ...]
    files: Mapping[str, bytes]
    signless: frozenset[str]


def are_many(codes: pd.Index[Any], view: View) -> bool:
    """Tell whether a view shows so many areas that drawing them should begin early."""
    return bool(view.mask(codes).sum() >= LARGE)


def draw(
    results: Results,
    view: View,
    *,
    shapes: Shapes | None = None,
    formats: tuple[str, ...] | None = None,
) -> Drawn:
    """Draw and render every picture that a view asks for.

    Parameters
    ----------
    results : Results
        What was measured.
    view : View
        What of it is shown, and in which words.
    shapes : Shapes, optional
        Those of these very geometries, where they were made beforehand.
    formats : tuple of {"png", "svg", "pdf"}, optional
        Of the files; by default all that the rules of disclosure let pass.

    Returns
    -------
    Drawn
        The same bytes every time.
    """
    from grannskap.maps import atlas, figure

    shared = shapes or _outlines(results, view)
    rules = results.dataset.protection
    if formats is None:
        formats = figure.FORMATS if rules is None else tuple(rules["pictures"])
    pictures: list[Picture] = []
    files: dict[str, bytes] = {}
    signless: set[str] = set()

    def add(drawn: Figure, of: Style | Extra, page: str = "") -> None:
        picture, its_files = _rendered(drawn, of, view.language, formats)
        pictures.append(replace(picture, page=page))
        files.update(its_files)
        signless.update(figure.signless(drawn))

    for which in atlas.maps(results, view):
        page = f"maps/map.html#m={which.style.name}"
        add(atlas.draw(results, view, which, shapes=shared), which.style, page)
    for extra in atlas.extras(results, view, shapes=shared):
        add(extra.figure, extra)
    return Drawn(tuple(pictures), files, frozenset(signless))


def _outlines(results: Results, view: View) -> Shapes:
    from grannskap.maps import atlas, figure

    drawn = results.drawn.geometry
    if not are_many(drawn.index, view):
        return figure.Shapes()
    geometry = np.asarray(drawn.to_numpy(), dtype=object)
    return figure.Shapes.ready(geometry, metres_per_mm=atlas.finest(drawn, view))


def _rendered(
    drawn: Figure, of: Style | Extra, language: Language, formats: tuple[str, ...]
) -> tuple[Picture, list[tuple[str, bytes]]]:
    """Render one picture in every format, with its alternative text, and for the report."""
    from grannskap.maps import figure

    alt = str(drawn.get_label())
    rendered = figure.render_all(drawn, title=of.title, alt=alt, language=language, formats=formats)
    files = [(f"maps/{of.name}.{kind}", content) for kind, content in rendered.files.items()]
    picture = Picture(of.name, of.title, of.caption, alt, rendered.preview)
    return picture, [*files, (f"maps/{of.name}.txt", well_formed(f"{alt}\n").encode())]
