"""Read the sentences of one part and language when they are first asked for, and fill them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from numbers import Real
from types import MappingProxyType
from typing import Any

from grannskap.catalogue import label
from grannskap.language import NOUNS, Language, Text, counted, inside_sentence, number, share

__all__ = ["PARTS", "entries", "in_both", "listed", "say", "written"]

Entry = str | Mapping[str, str]

PARTS = (
    "data",
    "errors",
    "headline",
    "maps",
    "municipalities",
    "neighbours",
    "notes",
    "program",
    "report",
    "starting",
)
"""The parts of the catalogue, each a file per language."""

_PLACEHOLDER = re.compile(r"\{(\w+)(?::([\w.]+))?\}")
_MOST_LISTED = 5
_NONE: Mapping[str, object] = MappingProxyType({})


Called = Callable[[str], str]
"""What columns are called: the words for a name."""


def say(
    key: str,
    language: Language,
    values: Mapping[str, object] = _NONE,
    *,
    called: Called | None = None,
) -> str:
    """Return a sentence in one language.

    Parameters
    ----------
    key : str
        Part and name, such as ``"headline.at_least"``.
    language : {"sv", "en"}
        Which language it is in.
    values : mapping
        What its placeholders stand for: words, numbers, or a `Text`, which speaks the language
        of the sentence.
    called : callable, optional
        What columns are called; as the catalogue of columns has them unless given.

    Returns
    -------
    str
        The sentence, filled.

    Examples
    --------
    >>> say("headline.at_least", "sv", {"value": "4,00×"})
    'minst 4,00×'
    """
    part, _, name = key.partition(".")
    entry = entries(part, language)[name]
    template = entry if isinstance(entry, str) else _case(entry, values)
    names = called or (lambda column: label(column)(language))
    return _PLACEHOLDER.sub(
        lambda found: _written(values[found[1]], found[2] or "", language, names), template
    )


def in_both(key: str, values: Mapping[str, object] = _NONE) -> Text:
    """Return a sentence in both languages.

    Examples
    --------
    >>> in_both("headline.at_most", {"value": 5}).en
    'at most 5'
    """
    return Text(say(key, "sv", values), say(key, "en", values))


def listed(items: Sequence[str], language: Language) -> str:
    """Join words as a sentence does: "a, b och c".

    Examples
    --------
    >>> listed(["låg", "hög"], "sv"), listed(["a", "b", "c"], "en"), listed(["a"], "sv")
    ('låg och hög', 'a, b and c', 'a')
    """
    if len(items) < 2:
        return "".join(items)
    values = {"first": ", ".join(items[:-1]), "last": items[-1]}
    return say("headline.and", language, values)


@cache
def entries(part: str, language: Language) -> Mapping[str, Entry]:
    """Return the sentences of one part by their dotted names, as they are written."""
    contents = map(tomllib.loads, written(part, language))
    return dict(pair for content in contents for pair in _flat(content, ""))


def written(part: str, language: Language) -> list[str]:
    """Return the files of one part as text: its own, and those of the folder of its name."""
    place = resources.files("grannskap.wording") / language
    folder = place / part
    inside = folder.iterdir() if folder.is_dir() else ()
    files = [place / f"{part}.toml", *sorted(inside, key=lambda file: file.name)]
    return [file.read_text(encoding="utf-8") for file in files]


def _flat(content: Mapping[str, Any], before: str) -> Iterator[tuple[str, Entry]]:
    for name, value in content.items():
        if isinstance(value, str) or "choose" in value:
            yield before + name, value
        else:
            yield from _flat(value, f"{before}{name}.")


def _case(entry: Mapping[str, str], values: Mapping[str, object]) -> str:
    """Choose among the cases of an entry: the value's own, one, or the others."""
    value = values[entry["choose"]]
    if value is None:
        return entry["none"]
    if isinstance(value, bool):
        return entry["yes" if value else "no"]
    if str(value) in entry and str(value) != "choose":
        return entry[str(value)]
    return entry["one"] if value == 1 and "one" in entry else entry["other"]


def _written(value: object, how: str, language: Language, called: Called) -> str:
    if isinstance(value, Text):
        value = value(language)
    if "." in how:
        return say(how, language, {"value": value})
    if isinstance(value, list | tuple):
        return _names([_item(one, how, language) for one in value], how, language, called)
    if how == "quoted":
        return _quoted(value, language)
    if isinstance(value, str) or not isinstance(value, Real):
        return _word(str(value), how, called)
    return _number(float(value), how, language)


def _item(one: object, how: str, language: Language) -> str:
    """Write one of several things: numbers as they are, for most of them are years."""
    if isinstance(one, Text):
        return one(language)
    return _quoted(one, language) if how == "quoted" else str(one)


def _quoted(value: object, language: Language) -> str:
    return f"”{value}”" if language == "sv" and isinstance(value, str) else repr(value)


def _word(value: str, how: str, called: Called) -> str:
    if how == "label":
        return called(value)
    if how == "cap":
        return value[:1].upper() + value[1:]
    return inside_sentence(value) if how == "inside" else value


def _names(names: list[str], how: str, language: Language, called: Called) -> str:
    if how == "labels":
        return ", ".join(inside_sentence(called(name)) for name in names)
    most = int(how.removeprefix("few") or _MOST_LISTED) if how.startswith("few") else _MOST_LISTED
    listing, left = ", ".join(names[:most]), len(names) - most
    return say("headline.few", language, {"list": listing, "left": left}) if left > 0 else listing


def _number(value: float, how: str, language: Language) -> str:
    if how in NOUNS:
        return counted(int(value), NOUNS[how])(language)
    if how == "share":
        return share(value, language)
    if how == "plain":
        return f"{value:g}".replace(".", "," if language == "sv" else ".")
    if how == "surface":
        large = value >= 1e5
        held = number(value / 1e6 if large else value, decimals=int(large), language=language)
        return f"{held} {'k' if large else ''}m²"
    if how == "percent":
        held = number(100 * value, decimals=0, language=language)
        return say("headline.percent", language, {"held": held})
    return number(value, decimals=int(how or 0), language=language)
