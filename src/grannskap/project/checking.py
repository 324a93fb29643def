"""What no value of a project file may be, whatever its key: too long, too deep, no number."""

from __future__ import annotations

import math
from typing import Any

from grannskap import letters
from grannskap.errors import ProjectError
from grannskap.language import Text
from grannskap.wording import in_both

__all__ = ["MOST_BYTES", "MOST_DEPTH", "MOST_DOTS", "MOST_ITEMS", "check_text", "check_values"]

MOST_BYTES = 1 << 18
MOST_DEPTH = 12
MOST_ITEMS = 2_000
MOST_DOTS = 200
_MOST_IN_KEY = 200
_MOST_WHOLE = 2**63


def check_text(text: str, name: str) -> None:
    """Refuse what would keep the TOML reader busy for minutes.

    A key of a thousand parts costs it a million steps, and its line has as many dots.
    """
    if max(line.count(".") for line in text.split("\n")) > MOST_DOTS:
        raise ProjectError("too many dots in a line", {"most": MOST_DOTS, "name": name})


def check_values(content: dict[str, Any], name: str) -> None:
    """Refuse values that none of the keys can take, and name where they stand.

    Parameters
    ----------
    content : dict
        What the TOML reader made of the file.
    name : str
        The file's name.

    Raises
    ------
    ProjectError
        For texts that are too long or hold control characters, numbers that are none or too
        large, and tables that are too deep or too long.
    """
    waiting: list[tuple[str, Any, int]] = [("", content, 0)]
    while waiting:
        where, value, depth = waiting.pop()
        if isinstance(value, str):
            _check_text(where, value, name)
        elif isinstance(value, dict | list):
            _check_size(where, value, depth, name)
            waiting += [(one, inner, depth + 1) for one, inner in _inside(where, value)]
            if isinstance(value, dict):
                for key in value:
                    _check_key(where, key, name)
        elif isinstance(value, int | float):
            _check_number(where, value, name)


def _inside(where: str, value: dict[str, Any] | list[Any]) -> list[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [(f"{where}.{key}" if where else str(key), inner) for key, inner in items]


def _check_key(where: str, key: str, name: str) -> None:
    if len(key) > _MOST_IN_KEY or letters.stranger(key) is not None:
        raise ProjectError(
            "bad key", {"most": _MOST_IN_KEY, "key": key[:40], "where": where[:100] or name}
        )


def _check_text(where: str, text: str, name: str) -> None:
    if len(text) > letters.MOST_LETTERS:
        raise ProjectError(
            "text of the project too long",
            {
                "where": where,
                "name": name,
                "most": letters.MOST_LETTERS,
                "count": len(text),
                "text": text[:40],
            },
        )
    strange = letters.stranger(text)
    if strange is not None:
        raise ProjectError(
            "control character in the project",
            {"where": where, "name": name, "strange": ascii(strange)[1:-1]},
        )


def _check_number(where: str, number: float, name: str) -> None:
    if isinstance(number, float) and not math.isfinite(number):
        came: Text | str = str(number)
        kind = in_both("errors.phrases.a number")
    elif abs(number) >= _MOST_WHOLE and isinstance(number, int):
        came = in_both("errors.phrases.too many digits")
        kind = in_both("errors.phrases.a number in use")
    else:
        return
    raise ProjectError(
        "number of the project out of use",
        {"where": where, "name": name, "kind": kind, "came": came},
    )


def _check_size(where: str, value: dict[str, Any] | list[Any], depth: int, name: str) -> None:
    if depth > MOST_DEPTH or len(value) > MOST_ITEMS:
        raise ProjectError(
            "too many entries in the project",
            {
                "name": name,
                "items": MOST_ITEMS,
                "depth": MOST_DEPTH,
                "where": where[:100] or in_both("errors.phrases.the file"),
            },
        )
