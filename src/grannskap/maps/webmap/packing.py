"""Numbers as the page reads them: whole numbers in byte planes, gzip, letters."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError

__all__ = ["Ints", "deltas", "letters", "pack", "planes", "zigzag"]

Ints = npt.NDArray[np.int64]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*+,-./:;=?@[]^_|~"

_MOST = 2**32 - 1


def zigzag(values: Ints) -> Ints:
    """Fold signed numbers into unsigned ones: 0, −1, 1, −2 become 0, 1, 2, 3."""
    return np.where(values < 0, -2 * values - 1, 2 * values)


def deltas(values: Ints) -> Ints:
    """Fold the steps from each number to the next (the first: from 0)."""
    return zigzag(np.diff(values, prepend=0))


def planes(values: Ints) -> bytes:
    """Lay unsigned numbers out byte by byte: all lowest bytes first, the highest last.

    Bytes that no number needs are left out (see `width`). Like bytes stand together, which
    suits gzip, and the page needs few lines to read them.
    """
    if len(values) and (values.min() < 0 or values.max() > _MOST):
        raise DataError(
            expected="numbers of at most nine digits with their decimals",
            came=f"{values.max()}",
            remedy="use a larger unit or fewer decimals in the style",
        )
    return values.astype("<u4").view(np.uint8).reshape(-1, 4).T[: width(values)].tobytes()


def width(values: Ints) -> int:
    """Bytes that the greatest number needs, 1 to 4."""
    return max(1, -(-int(values.max(initial=0)).bit_length() // 8))


def pack(head: Mapping[str, object], columns: Mapping[str, Ints]) -> str:
    """Text of gzip of: length of the head (4 bytes), the head as JSON, the columns.

    The head is told under ``columns`` the name, length and width of each column, in order. The same
    input gives the same text: gzip is given no time.
    """
    sizes = [[name, len(values), width(values)] for name, values in columns.items()]
    text = json.dumps({**head, "columns": sizes}, ensure_ascii=False, allow_nan=False)
    first = text.encode("utf-8")
    body = b"".join(planes(values) for values in columns.values())
    whole = len(first).to_bytes(4, "little") + first + body
    return letters(gzip.compress(whole, compresslevel=8, mtime=0))


def letters(data: bytes) -> str:
    """Bytes as letters that mean nothing in HTML: five for each four (base64: five and a third).

    Before them stand the number of bytes and the alphabet, which has no quote, angle bracket,
    ampersand, backslash or brace.
    """
    padded = np.frombuffer(data + bytes(-len(data) % 4), dtype=">u4").astype(np.int64)
    digits = np.empty((len(padded), 5), dtype=np.uint8)
    for place in range(4, -1, -1):
        digits[:, place] = padded % 85
        padded //= 85
    alphabet = np.frombuffer(_ALPHABET.encode("ascii"), dtype=np.uint8)
    return f"{len(data)} {_ALPHABET} {alphabet[digits].tobytes().decode('ascii')}"
