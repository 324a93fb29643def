"""The report: an analysis and its pictures as one HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grannskap.outputs.report import html
from grannskap.outputs.report.model import Picture
from grannskap.outputs.report.parts import compose

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.maps.style import Style

__all__ = ["build"]


def build(
    results: Results,
    view: View,
    pictures: Sequence[Picture],
    *,
    cluster_styles: Mapping[str, Style],
) -> str:
    """Return the report as one HTML page that asks for nothing outside itself.

    Parameters
    ----------
    results : Results
        Everything that was measured.
    view : View
        What of it is shown, and in which words.
    pictures : sequence of Picture
        In the order of the report.
    cluster_styles : mapping of str to Style
        Classes of clusters as on their maps, by the variable that was tested.

    Returns
    -------
    str
        HTML; every text from the data is escaped, and no script runs in it.
    """
    return html.write(compose(results, view, pictures, cluster_styles=cluster_styles))
