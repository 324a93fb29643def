"""A municipality's Word file, whose styles the report takes: read whole, within bounds."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from grannskap.errors import InputFileError
from grannskap.sources import guard
from grannskap.wording import in_both

__all__ = ["read"]

_MOST = 32 * 2**20
_MOST_UNPACKED = 256 * 2**20
_MOST_PARTS = 5_000
_TYPES = "[Content_Types].xml"
_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def read(path: Path) -> bytes:
    """Return a Word file as it is.

    Parameters
    ----------
    path : pathlib.Path
        A .docx file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    InputFileError
        When it is no such file (a .dotx or .docm among them), or beyond what is read.
    """
    content = guard.content(path, most=_MOST)
    with guard.reading(path, form=in_both("errors.phrases.a Word file")):
        if not zipfile.is_zipfile(BytesIO(content)):
            raise InputFileError("no Word file", {"path": str(path)})
        with zipfile.ZipFile(BytesIO(content)) as parts:
            unpacked = sum(one.file_size for one in parts.infolist())
            many = len(parts.namelist()) > _MOST_PARTS
            if many or unpacked > _MOST_UNPACKED or _TYPES not in parts.namelist():
                raise InputFileError("no Word file", {"path": str(path)})
            if _DOCUMENT not in parts.read(_TYPES):
                raise InputFileError("no Word file", {"path": str(path)})
    return content
