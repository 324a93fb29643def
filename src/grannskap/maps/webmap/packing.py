"""Numbers as the page reads them: whole numbers in byte planes, gzip, base64."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError

__all__ = ["Ints", "deltas", "pack", "planes", "zigzag"]

Ints = npt.NDArray[np.int64]

_MOST = 2**32 - 1


def zigzag(values: Ints) -> Ints:
    """Fold signed numbers into unsigned ones: 0, −1, 1, −2 become 0, 1, 2, 3."""
    return np.where(values < 0, -2 * values - 1, 2 * values)


def deltas(values: Ints) -> Ints:
    """Fold the steps from each number to the next (the first: from 0)."""
    return zigzag(np.diff(values, prepend=0))


def planes(values: Ints) -> bytes:
    """Lay unsigned numbers out byte by byte: all lowest bytes first, the highest last.

    Small numbers leave the higher planes empty, which gzip stores in nothing, and the page
    needs four lines to read them.
    """
    if len(values) and (values.min() < 0 or values.max() > _MOST):
        raise DataError(
            expected="numbers of at most nine digits with their decimals",
            came=f"{values.max()}",
            remedy="use a larger unit or fewer decimals in the style",
        )
    return values.astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes()


def pack(head: Mapping[str, object], columns: Mapping[str, Ints]) -> str:
    """Base64 of gzip of: length of the head (4 bytes), the head as JSON, the columns.

    The head is told under ``columns`` the name and length of each column, in order. The same
    input gives the same text: gzip is given no time.
    """
    sizes = [[name, len(values)] for name, values in columns.items()]
    text = json.dumps({**head, "columns": sizes}, ensure_ascii=False, allow_nan=False)
    first = text.encode("utf-8")
    body = b"".join(planes(values) for values in columns.values())
    whole = len(first).to_bytes(4, "little") + first + body
    return base64.b64encode(gzip.compress(whole, compresslevel=9, mtime=0)).decode("ascii")
