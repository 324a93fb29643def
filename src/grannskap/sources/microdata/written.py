"""Counts of microdata as a file, and the lines of a project file that read it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from grannskap.sources import guard
from grannskap.sources.microdata.counting import Counted

__all__ = ["as_csv", "checksum", "project_lines"]


def as_csv(counted: Counted) -> bytes:
    """Return counts as a CSV file, a row for each area, year and group; what is unknown is empty.

    Nothing in it is hidden: it is for those who may see the rows.
    """
    return counted.frame.to_csv(lineterminator="\n").encode("utf-8")


def project_lines(counted: Counted, path: str, source: str) -> str:
    """Return the table of a project file that reads the counts, in place of ``[microdata]``.

    Parameters
    ----------
    counted : Counted
        What the file holds.
    path : str
        The file, from the project's folder.
    source : str
        The line of the source.
    """
    columns = "\n".join(f'{name} = "{name}"' for name in counted.frame)
    return (
        f"[[register]]\npath = {_text(path)}\n"
        'code = "deso"\nyear = "year"\ngroup = "group"\n'
        f"source = {_text(source)}\n\n[register.columns]\n{columns}\n"
    )


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def checksum(source: str) -> str:
    """SHA-256 of a file; of a folder, of the names and checksums of its files, in order."""
    path = Path(source)
    if not path.is_dir():
        return guard.checksum(path)
    files = sorted(one for one in path.rglob("*") if one.is_file())
    told = [f"{one.relative_to(path).as_posix()} {guard.checksum(one)}\n" for one in files]
    return hashlib.sha256("".join(told).encode("utf-8")).hexdigest()
