"""Small maps of parts of one town, which share its outlines: a part, and what is about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.collections import LineCollection, PathCollection

from grannskap.maps.figure.bar import bar, paint_bar
from grannskap.maps.figure.extent import Bounds, fitted
from grannskap.maps.figure.outlines import (
    dissolved,
    line_vertices,
    near,
    polygon_paths,
    simplified,
)
from grannskap.maps.figure.painting import LAND, WATER
from grannskap.maps.figure.sheet import (
    INK,
    PAGES,
    PT,
    Box,
    Page,
    lines_of_text,
    panel,
    sheet,
    typography,
    wrap,
)
from grannskap.maps.figure.signs import paint_scale
from grannskap.maps.figure.swatches import HATCH_INK, paint_class
from grannskap.maps.style import Style, classify

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from shapely.geometry.base import BaseGeometry

__all__ = ["Vignettes"]

_WIDE, _HIGH = 120.0, 88.0
"""Millimetres of a map, without its legend."""

_AROUND = 0.45
"""How much of a part's own size is shown on each side of it."""

_STEP = 8.0
"""Metres by which outlines are simplified."""

_RING, _SHARP = 1.3, 3.6
"""Points of the line round a part, and of the frontiers on it."""

_GAP = 5.0
"""Metres of half a gap within a part that is no border of it."""


@dataclass(frozen=True, eq=False)
class Vignettes:
    """The areas of a town in their classes, made once for many small maps.

    Attributes
    ----------
    geometry : numpy.ndarray of shapely geometries
        Areas, simplified as a coverage.
    classes : numpy.ndarray of int
        The class of each, and −1−g where it has none.
    style : Style
        Of the classes.
    land : numpy.ndarray of shapely geometries
        Land about the areas, where it is known; none otherwise.
    """

    geometry: npt.NDArray[np.object_]
    classes: npt.NDArray[np.int64]
    style: Style
    land: npt.NDArray[np.object_]

    @classmethod
    def of(
        cls,
        areas: pd.Series[Any],
        values: pd.Series[Any],
        style: Style,
        *,
        status: pd.Series[Any] | None = None,
        lower: pd.Series[Any] | None = None,
        upper: pd.Series[Any] | None = None,
        land: pd.Series[Any] | None = None,
    ) -> Vignettes:
        """Simplify areas and put their values into classes; parameters as `figure.draw`."""
        geometry = np.asarray(areas.to_numpy(), dtype=object)
        classes = classify(
            values.reindex(areas.index), style, status=status, lower=lower, upper=upper
        )
        ground = np.asarray([] if land is None else land.to_numpy(), dtype=object)
        return cls(
            simplified(geometry, metres=_STEP), classes.to_numpy(dtype=np.int64), style, ground
        )

    @cached_property
    def _paper(self) -> _Paper:
        return _Paper.of(self.style)

    def draw(self, part: BaseGeometry, sharp: Sequence[BaseGeometry] = ()) -> Figure:
        """Draw a part of the town with what is about it.

        Parameters
        ----------
        part : shapely geometry
            What is ringed, EPSG:3006.
        sharp : sequence of shapely geometry
            Lines on its border that are drawn thick.

        Returns
        -------
        matplotlib.figure.Figure
            To be given to `render` before the next is drawn: it is the same sheet, as making one
            takes longer than drawing on it.
        """
        paper = self._paper
        bounds = fitted(part.bounds, aspect=_WIDE / _HIGH, margin=_AROUND)
        with typography():
            paper.clear(bounds)
            here = near(self.geometry, bounds)
            self._paint_land(paper.axes, bounds)
            self._paint_areas(paper.axes, here)
            paper.paint_gaps(self.style, np.unique(self.classes[here]))
            _paint_ring(paper.axes, part, sharp)
            paint_scale(
                paper.sheet,
                x=paper.page.margin + 0.5,
                y=paper.foot + 2.0,
                metres_per_mm=(bounds[2] - bounds[0]) / _WIDE,
                page=paper.page,
                language=self.style.language,
            )
        return paper.figure

    def _paint_land(self, axes: Axes, bounds: Bounds) -> None:
        """Paint land on water, where it is known which is which; all is land otherwise."""
        axes.patch.set_facecolor(WATER if len(self.land) else LAND)
        pieces = shapely.clip_by_rect(self.land[near(self.land, bounds)], *bounds)
        paths = polygon_paths(pieces[~shapely.is_empty(pieces)])
        axes.add_collection(
            PathCollection(paths, facecolors=LAND, linewidths=0.0, gid="land"), autolim=False
        )

    def _paint_areas(self, axes: Axes, here: npt.NDArray[np.bool_]) -> None:
        for number in np.unique(self.classes[here]):
            paths = polygon_paths(self.geometry[here & (self.classes == number)])
            gap = None if number >= 0 else self.style.gaps[-1 - int(number)]
            colour = self.style.colours[int(number)] if gap is None else gap.colour
            axes.add_collection(
                PathCollection(
                    paths,
                    facecolors=colour,
                    edgecolors="#c9ccd0" if gap is None else HATCH_INK,
                    hatch=None if gap is None else gap.hatch,
                    linewidths=0.4,
                    gid=f"class-{number}",
                ),
                autolim=False,
            )


def _paint_ring(axes: Axes, part: BaseGeometry, sharp: Sequence[BaseGeometry]) -> None:
    """Paint the line round a part on a white casing, and frontiers thick upon it."""
    ring = dissolved(np.array([part], dtype=object), crack=_GAP).outline
    lines = line_vertices(np.array([ring], dtype=object))
    thick = line_vertices(np.array([*sharp], dtype=object)) if len(sharp) else []
    for drawn, ink, width, gid in (
        (lines, "#ffffff", 2 * _RING, "ring-casing"),
        (thick, "#ffffff", _SHARP + _RING, "frontier-casing"),
        (lines, INK, _RING, "ring"),
        (thick, INK, _SHARP, "frontier"),
    ):
        axes.add_collection(
            LineCollection(
                drawn, colors=ink, linewidths=width, gid=gid, capstyle="butt", joinstyle="round"
            ),
            autolim=False,
        )


@dataclass(frozen=True, eq=False)
class _Paper:
    """A sheet with its legend, and axes for one map after the other."""

    figure: Figure
    sheet: Axes
    axes: Axes
    page: Page
    foot: float
    beside: float
    kept: frozenset[Artist]

    @classmethod
    def of(cls, style: Style) -> _Paper:
        """Make the sheet, with the classes of a style at its foot."""
        page = PAGES["half-column"]
        with typography():
            legend = bar(style, page, width=_WIDE - 2 * page.margin)
            foot = 0.0 if legend is None else legend.height + page.gap
            figure, paper = sheet(_WIDE, _HIGH + foot)
            axes = panel(figure, Box(0.0, foot, _WIDE, _HIGH), label="map")
            if legend is not None:
                paint_bar(paper, page.margin, foot - 0.5 * page.gap, legend, page)
        beside = page.margin + (0.0 if legend is None else legend.width + 2 * page.gap)
        return cls(figure, paper, axes, page, foot, beside, frozenset(paper.get_children()))

    def clear(self, bounds: Bounds) -> None:
        """Take the last map off, and look at these bounds."""
        for one in (*self.axes.collections, *self.sheet.get_children()):
            if one not in self.kept:
                one.remove()
        self.axes.set_xlim(bounds[0], bounds[2])
        self.axes.set_ylim(bounds[1], bounds[3])

    def paint_gaps(self, style: Style, classes: npt.NDArray[np.int64]) -> None:
        """Say beside the bar why areas on the map have no class, where some have none."""
        top, size = self.foot - 0.5 * self.page.gap, self.page.text
        for row, number in enumerate(int(one) for one in classes[classes < 0][::-1]):
            gap = style.gaps[-1 - number]
            box = Box(self.beside, top - (row + 1) * 1.5 * size * PT, 5.0, 1.1 * size * PT)
            paint_class(self.sheet, box, gap.colour, hatch=gap.hatch)
            words = wrap(gap.label, size, _WIDE - box.right - self.page.margin - 1.5)
            lines_of_text(self.sheet, words[:1], x=box.right + 1.5, top=box.top, size=size)
