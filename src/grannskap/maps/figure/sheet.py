"""The sheet under a map: axes in millimetres on which texts and signs are set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import Stroke

from grannskap.maps.figure.page import MM, PT, Box

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes
    from matplotlib.text import Text as Words

__all__ = ["INK", "PALE", "QUIET", "halo_text", "lines_of_text", "panel", "sheet", "typography"]

INK = "#1f1f1f"
QUIET = "#6b6b6b"
PALE = "#f7f8f9"

_SETTINGS: Any = {
    "font.family": ["DejaVu Sans"],
    "svg.fonttype": "none",
    "svg.hashsalt": "grannskap",
    "svg.image_inline": True,
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "hatch.linewidth": 0.4,
    "axes.unicode_minus": True,
    "path.simplify": True,
    "text.usetex": False,
    "text.parse_math": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}


def typography() -> AbstractContextManager[None]:
    """Settings that every picture is drawn and saved under, whatever the user's own are."""
    return rc_context(_SETTINGS)


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a white page of so many millimetres, with axes that count in them."""
    figure = Figure(figsize=(width / MM, height / MM), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), label="sheet")
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    axes.set_zorder(3)
    return figure, axes


def panel(figure: Figure, box: Box, *, label: str) -> Axes:
    """Add axes that fill a box of the sheet."""
    width, height = figure.get_size_inches() * MM
    place = (box.x / width, box.y / height, box.width / width, box.height / height)
    axes = figure.add_axes(place, label=label)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.patch.set_facecolor(PALE)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def lines_of_text(
    axes: Axes,
    lines: Sequence[str],
    *,
    x: float,
    top: float,
    size: float,
    colour: str = INK,
    bold: bool = False,
    leading: float = 1.3,
) -> float:
    """Set lines of text from `top` downwards; returns where the next thing can begin."""
    for line in lines:
        axes.text(
            x,
            top - 0.82 * size * PT,
            line,
            fontsize=size,
            color=colour,
            fontweight="bold" if bold else "normal",
            va="baseline",
        )
        top -= leading * size * PT
    return top


def halo_text(axes: Axes, words: Words, *, width: float = 1.6) -> None:
    """Put a white halo under a text, and leave the text itself a text in SVG and PDF."""
    x, y = words.get_position()
    halo = axes.text(
        x,
        y,
        words.get_text(),
        fontproperties=words.get_fontproperties(),
        color="white",
        ha=words.get_horizontalalignment(),
        va=words.get_verticalalignment(),
        zorder=words.get_zorder() - 0.01,
    )
    halo.set_path_effects([Stroke(linewidth=width, foreground="white", joinstyle="round")])
    halo.set_gid("halo")
