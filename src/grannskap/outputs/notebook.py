"""The report in a notebook: whole, or a section of it by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grannskap.analysis import View
from grannskap.errors import DataError
from grannskap.outputs import pictures
from grannskap.outputs import report as reports

if TYPE_CHECKING:
    from grannskap.analysis import Results

__all__ = ["Blocks", "report"]

_HEAD = "summary"


@dataclass(frozen=True)
class Blocks:
    """A report or a section of it, which a notebook shows as text, tables and pictures.

    Nothing in it runs or asks for anything, and every text from the data is escaped.

    Attributes
    ----------
    told : Report
        What it shows.

    Examples
    --------
    >>> from grannskap.outputs.report import Report, Section
    >>> told = Report("Uppsala", "", "sv", (), ("Här är <b>.",), (Section("Kartor", (), "maps"),))
    >>> Blocks(told)
    <Blocks: summary, maps>
    >>> "<p>Här är &lt;b&gt;.</p>" in Blocks(told)["summary"]._repr_html_()
    True
    >>> "<h3>Kartor</h3>" in Blocks(told)["summary"]._repr_html_()
    False
    """

    told: reports.Report

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parts, in order: each can be asked for by it."""
        head = (_HEAD,) if self.told.figures or self.told.summary else ()
        return (*head, *_named(self.told.sections))

    def __getitem__(self, name: str) -> Blocks:
        """Part of the report by its name.

        Raises
        ------
        DataError
            When no part has the name.
        """
        if name not in self.names:
            near = difflib.get_close_matches(name, self.names, n=1)
            values = {"name": name, "known": list(self.names), "near": near[0] if near else None}
            raise DataError("unknown part of a report", values)
        alone = replace(self.told, title="", subtitle="")
        if name == _HEAD:
            return Blocks(replace(alone, sections=()))
        section = _named(self.told.sections)[name]
        return Blocks(replace(alone, figures=(), summary=(), sections=(section,)))

    def __iter__(self) -> Iterator[Blocks]:
        """Walk through the parts, each of which can be shown by itself."""
        return (self[name] for name in self.names)

    def __len__(self) -> int:
        """Return how many parts have a name."""
        return len(self.names)

    def __repr__(self) -> str:
        """Name the parts, where no page can be shown."""
        return f"<Blocks: {', '.join(self.names)}>"

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return reports.fragment(self.told)


def _named(parts: tuple[object, ...]) -> Mapping[str, reports.Section]:
    """Sections that have a name, also those inside others."""
    found: dict[str, reports.Section] = {}
    for one in parts:
        if isinstance(one, reports.Section):
            found |= {one.anchor: one} if one.anchor else {}
            found |= _named(one.blocks)
    return found


def report(results: Results, view: View | None = None) -> Blocks:
    """Report of an analysis as blocks that a notebook shows.

    Parameters
    ----------
    results : Results
        What was measured.
    view : View, optional
        What of it is shown, and in which words.

    Returns
    -------
    Blocks
        The whole report; ``report(results)["maps"]`` is a section of it.
    """
    from grannskap.maps import atlas

    shown = view or View()
    drawn = pictures.draw(results, shown, formats=())
    styles = atlas.cluster_styles(results, shown)
    return Blocks(reports.compose(results, shown, drawn.pictures, cluster_styles=styles))
