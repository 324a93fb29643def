"""Every document that a report becomes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from grannskap.outputs.report import html, pdf, quarto, word

if TYPE_CHECKING:
    from grannskap.outputs.folder import Writer
    from grannskap.outputs.report.model import Report

__all__ = ["documents", "without_sign"]

_WRITERS: Mapping[str, Callable[[Report, bytes | None], Mapping[str, bytes]]] = MappingProxyType(
    {
        "docx": lambda report, template: {"report.docx": word.write(report, template=template)},
        "pdf": lambda report, _: {"report.pdf": pdf.write(report)},
        "qmd": lambda report, _: quarto.write(report),
    }
)


def without_sign(report: Report, formats: Collection[str]) -> frozenset[str]:
    """Letters of a report that stand as boxes in one of the documents asked for."""
    return pdf.without_sign(report) if "pdf" in formats else frozenset()


def documents(
    report: Report, formats: Collection[str], *, template: bytes | None = None
) -> dict[str, bytes | Writer]:
    """Return the page, and the report in every other form that is asked for.

    Parameters
    ----------
    report : Report
        What it tells.
    formats : collection of {"docx", "pdf", "qmd"}
        Beside the page.
    template : bytes, optional
        The Word file whose styles the Word report takes.

    Returns
    -------
    dict
        Content by file name; a Quarto document comes with the pictures that it shows.
    """
    files: dict[str, bytes | Writer] = {"report.html": html.write(report).encode()}
    for one in sorted({*formats}):
        files.update(_WRITERS[one](report, template))
    return files
