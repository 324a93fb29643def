"""Every document that a report becomes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from grannskap.outputs.report import html, pdf, word

if TYPE_CHECKING:
    from grannskap.outputs.folder import Writer
    from grannskap.outputs.report.model import Report

__all__ = ["documents", "without_sign"]

_WRITERS: Mapping[str, Callable[[Report, bytes | None], bytes]] = MappingProxyType(
    {
        "docx": lambda report, template: word.write(report, template=template),
        "pdf": lambda report, _: pdf.write(report),
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
    formats : collection of {"docx", "pdf"}
        Beside the page.
    template : bytes, optional
        The Word file whose styles the Word report takes.

    Returns
    -------
    dict
        Content by file name.
    """
    files: dict[str, bytes | Writer] = {"report.html": html.write(report).encode()}
    for one in sorted({*formats}):
        files[f"report.{one}"] = _WRITERS[one](report, template)
    return files
