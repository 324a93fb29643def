"""Limits: how large a register file can be, and which texts of it can be shown.

`docs/limits.md` states them; every reader asks here while it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from grannskap.errors import DataError, InputFileError
from grannskap.language import Text

__all__ = [
    "LONGEST",
    "MOST_AROUND",
    "MOST_BYTES",
    "MOST_CELLS",
    "MOST_CODES",
    "MOST_COLUMNS",
    "MOST_LINES_AROUND",
    "MOST_ROWS",
    "refuse_shape",
    "refuse_texts",
]

MOST_BYTES = 1 << 27
"""Bytes of a file: some three times the largest register that has been seen."""

MOST_ROWS = 5_000_000
"""Rows of a table: every DeSO in 20 ages, both sexes and 20 years."""

MOST_COLUMNS = 16_384
"""Columns of a table, as many as a spreadsheet has."""

MOST_CELLS = 50_000_000
"""Cells of a text or Parquet file."""

MOST_CODES = 100_000
"""Different regions: all of Sweden's, in both divisions, are some 20,000."""

MOST_LINES_AROUND = 200_000
"""Lines above the first DeSO area, and below the last."""

MOST_AROUND = 1 << 24
"""Bytes of the lines above the first DeSO area, and below the last."""

LONGEST = 10_000
"""Letters of a heading, a category, a name or a footnote."""

_UNWRITTEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f"  # control characters
    "\u202a-\u202e\u2066-\u2069"  # turn the direction of writing
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # halves of pairs, and no characters
)
"""What no text has: white space of every kind is put right elsewhere."""


def refuse_shape(rows: int, columns: int, *, name: str) -> None:
    """Refuse a table of too many rows, columns or cells."""
    if columns > MOST_COLUMNS:
        raise InputFileError(
            "too many columns", {"most": MOST_COLUMNS, "name": name, "columns": columns}
        )
    if rows > MOST_ROWS:
        raise InputFileError("too many rows", {"most": MOST_ROWS, "name": name, "rows": rows})
    if rows * columns > MOST_CELLS:
        raise InputFileError(
            "too many cells", {"most": MOST_CELLS, "name": name, "rows": rows, "columns": columns}
        )


def refuse_texts(texts: Iterable[str], *, what: Text) -> None:
    """Refuse texts that are too long to be shown, or hold characters that no text has."""
    for text in texts:
        if len(text) > LONGEST:
            raise DataError(
                "text too long",
                {"what": what, "most": LONGEST, "count": len(text), "text": text[:40]},
            )
        found = _UNWRITTEN.search(text)
        if found:
            raise DataError(
                "control character in a text",
                {
                    "what": what,
                    "text": repr(text[max(found.start() - 20, 0) :][:40]),
                    "found": ascii(found.group()),
                },
            )
