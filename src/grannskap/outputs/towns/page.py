"""The page that leads to every town: a map, a search and a table to sort, in one file."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.analysis import headline
from grannskap.language import Language, count, number
from grannskap.letters import well_formed
from grannskap.outputs.towns.outline import outline
from grannskap.outputs.towns.table import clusters_told
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.outputs.towns.making import Town

__all__ = ["write"]

_STEM = "report"

_DOCUMENTS = {"docx": "Word", "pdf": "PDF"}
"""What a document is called, by its format, in the order of the links."""


@dataclass(frozen=True)
class _Cell:
    """What a cell says, a smaller line under it, and what its column is sorted by."""

    text: str
    by: float
    detail: str = ""

    @property
    def key(self) -> str:
        """What it is sorted by, as the page's script reads it; empty for what is not known."""
        return "" if math.isnan(self.by) else f"{self.by:.9g}"


@dataclass(frozen=True)
class _Row:
    """One town in the table, and on the map."""

    town: Town
    cells: tuple[_Cell, ...]
    links: tuple[tuple[str, str], ...]
    told: str
    why: str


def write(
    results: Results,
    view: View,
    table: pd.DataFrame,
    towns: Sequence[Town],
    *,
    failed: Mapping[str, str],
) -> bytes:
    """Return the page; every text in it is escaped, and it asks for nothing outside itself.

    Parameters
    ----------
    results : Results
        Of all towns.
    view : View
        What is asked for of the whole.
    table : pandas.DataFrame
        As `grannskap.outputs.towns.table.table` gives it.
    towns : sequence of Town
        In the order of the table.
    failed : mapping of str to str
        Why a town could not be written, by code.

    Returns
    -------
    bytes
        HTML, UTF-8.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("grannskap.outputs.towns", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _text_of("page.css"), _text_of("page.js")
    page: str = environment.get_template("page.html.j2").render(
        say=_speaker(view.language),
        view=view,
        year=str(results.year) if results.year else "",
        style=style,
        script=script,
        digests={"style": _digest(style), "script": _digest(script)},
        headings=_headings(results, view, table),
        counties=any(town.county for town in towns),
        rows=[
            _row(town, row, results, view, failed.get(town.code, ""))
            for town, (_, row) in zip(towns, table.iterrows(), strict=True)
        ],
        map=outline(results, view, table),
        source=_source(results),
    )
    return well_formed(page).encode()


def _source(results: Results) -> str:
    told = [one.source for one in results.dataset.provenance if one.role == "register"]
    return "; ".join(dict.fromkeys(one for one in told if one))


def _headings(results: Results, view: View, table: pd.DataFrame) -> list[str]:
    """Return what stands above each column of numbers."""
    language = view.language
    confidence = number(100 * results.options.balance.confidence, decimals=0, language=language)
    index = [say("report.column.index", language)] if "segregation_index" in table else []
    clusters = [
        say(
            "municipalities.column.cluster",
            language,
            {"cluster": cluster, "what": view.called(variable)},
        )
        for variable, cluster in clusters_told(results)
    ]
    return [
        view.pole(results, "low"),
        view.pole(results, "high"),
        say("report.column.balance", language),
        say("report.column.interval", language, {"confidence": confidence}),
        *index,
        *clusters,
        say("report.column.areas", language),
    ]


def _row(town: Town, row: pd.Series[Any], results: Results, view: View, why: str) -> _Row:
    language = view.language
    balance = headline.balance_words(_as_measured(row), language)
    index = [_index(row["segregation_index"], language)] if "segregation_index" in row else []
    clusters = [
        _count(row[f"clusters_{variable}_{cluster.replace('-', '_')}"], language)
        for variable, cluster in clusters_told(results)
    ]
    between = headline.bounds(row["lower"], row["upper"], language)
    gone = int(row["areas_missing"])
    every = say("report.table.of", language, {"every": int(row["areas"]) + gone})
    cells = (
        _count(row["low"], language),
        _count(row["high"], language),
        _Cell(balance, row["balance"]),
        _Cell(between or "–", row["lower"]),
        *index,
        *clusters,
        _Cell(count(row["areas"], language), row["areas"], every if gone else ""),
    )
    return _Row(town, cells, _links(town, view) if not why else (), f"{town.name}: {balance}", why)


def _as_measured(row: pd.Series[Any]) -> pd.Series[Any]:
    """Return the balance of a town as the headline reads one."""
    return pd.Series(
        {"estimate": row["balance"], "lower": row["at_least"], "upper": row["at_most"]}
    )


def _count(value: float, language: Language) -> _Cell:
    return _Cell("–" if math.isnan(value) else count(value, language), value)


def _index(value: float, language: Language) -> _Cell:
    known = not math.isnan(value)
    return _Cell(number(value, decimals=2, language=language) if known else "–", value)


def _links(town: Town, view: View) -> tuple[tuple[str, str], ...]:
    """Return what a reader opens of a town: words, and where it lies."""
    named = [
        (say("municipalities.link.map", view.language), "maps/map.html"),
        (say("municipalities.link.tables", view.language), "tables.xlsx"),
        *((_DOCUMENTS[one], f"{_STEM}.{one}") for one in _DOCUMENTS if one in view.report.formats),
    ]
    return tuple((words, f"{town.folder}/{path}") for words, path in named)


def _speaker(language: Language) -> Callable[..., str]:
    """Return what the page asks for its own words."""

    def speak(key: str, values: Mapping[str, object] | None = None) -> str:
        return say(key, language, values or {})

    return speak


def _text_of(name: str) -> str:
    return (resources.files("grannskap.outputs.towns") / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return a text as a policy of what may run names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
