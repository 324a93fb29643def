"""What the Word file and the slides share: their language, properties, and no hour of writing."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from grannskap.letters import well_formed

if TYPE_CHECKING:
    from docx.opc.coreprops import CoreProperties as OfWord
    from pptx.parts.coreprops import CorePropertiesPart as OfSlides

    from grannskap.language import Language
    from grannskap.outputs.report.model import Report

__all__ = ["LOCALES", "describe", "settled"]

LOCALES: dict[Language, str] = {"sv": "sv-SE", "en": "en-GB"}

# Office stores the hour of writing; a fixed one keeps reruns identical.
_FIXED_TIME = dt.datetime(2000, 1, 1)
_FIXED_DATE = (2000, 1, 1, 0, 0, 0)


def describe(told: OfWord | OfSlides, report: Report) -> None:
    """Say in the file's properties what it is, and nothing of who or when."""
    told.title, told.subject = well_formed(report.title), well_formed(report.subtitle)
    told.language = LOCALES[report.language]
    told.author = told.last_modified_by = told.comments = told.keywords = ""
    told.created = told.modified = _FIXED_TIME
    told.revision = 1


def settled(made: BytesIO) -> bytes:
    """Pack the parts anew, without the hour."""
    into = BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _FIXED_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return into.getvalue()
