"""Every document that a report becomes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from grannskap.outputs.report import html, pdf, quarto, slides, word
from grannskap.outputs.report.profiles import gathered

if TYPE_CHECKING:
    from grannskap.analysis import View
    from grannskap.outputs.folder import Writer
    from grannskap.outputs.report.model import Report

__all__ = ["documents", "profile_files", "without_sign"]

_WRITERS: Mapping[str, Callable[[Report, bytes | None], Mapping[str, bytes]]] = MappingProxyType(
    {
        "docx": lambda report, template: {"report.docx": word.write(report, template=template)},
        "pdf": lambda report, _: {"report.pdf": pdf.write(report)},
        "pptx": lambda report, _: {"slides.pptx": slides.write(report)},
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
    formats : collection of {"docx", "pdf", "pptx", "qmd"}
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


def profile_files(view: View, profiles: Sequence[tuple[str, Report]]) -> dict[str, bytes | Writer]:
    """Return a page for each profile, and all of them in each document that is asked for.

    Parameters
    ----------
    view : View
        Which forms are asked for, and the Word template.
    profiles : sequence of tuple of str and Report
        As `grannskap.outputs.report.profiles.profiles` gives them.

    Returns
    -------
    dict
        Content by file name, in the folder ``profiles``, or beside the report.
    """
    asked = sorted({*view.report.profiles}) if profiles else []
    files: dict[str, bytes | Writer] = {}
    for one in asked:
        if one == "html":
            pages = {f"profiles/{stem}.html": html.write(told) for stem, told in profiles}
            files |= {name: page.encode() for name, page in pages.items()}
        else:
            whole = gathered(view, [told for _, told in profiles])
            (content,) = _WRITERS[one](whole, view.template).values()
            files[f"profiles.{one}"] = content
    return files
