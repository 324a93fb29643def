"""The project file: what was fetched, as a commented project that runs as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from string import Template

from grannskap.catalogue import SHARES
from grannskap.deso import Division
from grannskap.errors import InputFileError
from grannskap.sources.scb.folder import FETCHED
from grannskap.sources.scb.places import Place
from grannskap.sources.scb.tables import Cells, Series
from grannskap.wording import say

__all__ = ["Fetched", "Register", "written"]

_POLES = (("quarter_1", "quarter_4"), ("low_standard", "high_standard"))
_POLE_WORDS = {
    "quarter_1": "personer i rikets lägsta fjärdedel av inkomst mot den högsta",
    "low_standard": "personer med låg ekonomisk standard mot dem med hög",
}
_COMPONENTS = (
    ("employment_rate",),
    ("disposable_income",),
    ("post_secondary_share", "post_secondary_share_25_65"),
)
_LABELS = {"born_outside_europe": "Födda utanför Europa"}


@dataclass(frozen=True)
class Register:
    """A register file that was fetched.

    Attributes
    ----------
    path : str
        From the project's folder.
    series : Series
        What it holds.
    columns : mapping of str to Cells
        By canonical name, what each of its columns is.
    years : tuple of int
        That it holds, in order.
    source : str
        Its line of source.
    """

    path: str
    series: Series
    columns: Mapping[str, Cells]
    years: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class Fetched:
    """What a project file is written of.

    Attributes
    ----------
    place : Place
        What it shows.
    division : {2018, 2025}
        The division of all of it.
    boundaries, boundaries_words : str
        The file of polygons, and where it comes from.
    names : str
        The key to names of RegSO; empty where there is none.
    places : str
        The file of localities; empty where there is none.
    police : str
        The file of police areas; empty where there is none.
    police_words : str
        What the police areas are called.
    registers : tuple of Register
        In order.
    """

    place: Place
    division: Division
    boundaries: str
    boundaries_words: str
    names: str
    places: str
    police: str
    police_words: str
    registers: tuple[Register, ...]


def written(fetched: Fetched, *, file: str) -> str:
    """Return the text of a project file.

    Raises
    ------
    InputFileError
        When nothing was fetched that a balance could be made of.
    """
    low, high, years = _poles(fetched.registers)
    year = years[-1]
    there = {name for one in fetched.registers if year in one.years for name in one.columns}
    shares = {name for name, one in SHARES.items() if {one.part, one.base} <= there}
    tested = [f"{pole}_share" for pole in (low, high) if f"{pole}_share" in shares]
    components = [
        next((name for name in names if name in shares | there), None) for names in _COMPONENTS
    ]
    values = {
        "file": file,
        "fetched": FETCHED,
        "fetched_quoted": _quoted(FETCHED),
        "title": _quoted(f"{fetched.place.name} {year}"),
        "view": _toml(fetched.place.view),
        "year": str(year),
        "years": _span(years),
        "compare": f"\ncompare = {years[0]}                  # ett tidigare år att jämföra med"
        if len(years) > 1
        else "",
        "boundaries": _quoted(fetched.boundaries),
        "boundaries_words": fetched.boundaries_words,
        "division": str(fetched.division),
        "names": f'\nnames = {{ path = {_quoted(fetched.names)}, code = "DeSO", name = "Namn" }}'
        if fetched.names
        else "",
        "registers": "\n".join(_register(one, fetched.division) for one in fetched.registers),
        "balance_words": _POLE_WORDS[low],
        "low": _quoted(low),
        "high": _quoted(high),
        "components": ", ".join(_quoted(name) for name in components if name),
        "variables": ", ".join(map(_quoted, tested)),
        "rest": _rest(fetched),
    }
    template = (resources.files("grannskap.sources.scb") / "project.toml").read_text(
        encoding="utf-8"
    )
    return Template(template).substitute(values)


def _poles(registers: Sequence[Register]) -> tuple[str, str, tuple[int, ...]]:
    for low, high in _POLES:
        for one in registers:
            if low in one.columns and high in one.columns:
                return low, high, one.years
    told = sorted({year for one in registers for year in one.years})
    raise InputFileError("nothing to balance", {"year": _span(tuple(told)) or "–"})


def _span(years: Sequence[int]) -> str:
    if not years:
        return ""
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def _register(one: Register, division: Division) -> str:
    """Return the block of one register file, with what a reader must know as comments."""
    series = one.series
    percent = {name: cells.whole for name, cells in one.columns.items() if cells.kind == "percent"}
    lines = [
        f"[[register]]                    # {series.title.sv} ({series.table}), {_span(one.years)}",
        *(f"# {say(trap, 'sv')}" for trap in series.traps),
        f"path = {_quoted(one.path)}",
        'code = "DeSO"',
        'year = "År"',
        f"division = {division}",
        f"source = {_quoted(one.source)}",
    ]
    if percent:
        pairs = ", ".join(f"{name} = {_quoted(whole)}" for name, whole in percent.items())
        lines.append(f"percent = {{ {pairs} }}   # hela procent blir antal med gränser")
    lines += ["", "[register.columns]"]
    lines += [f"{name} = {_quoted(cells.heading)}" for name, cells in one.columns.items()]
    return "\n".join(lines) + "\n"


def _rest(fetched: Fetched) -> str:
    parts = []
    if fetched.police:
        parts.append(
            "\n[[overlays]]                    # polisens egna områden, som de publicerar dem\n"
            f"path = {_quoted(fetched.police)}\n"
            f"label = {_quoted(fetched.police_words)}\n"
            'kind = "outline"\n'
            'name = "namn"\n'
        )
    if fetched.places:
        parts.append(f"\n[map]\nplaces = {_quoted(fetched.places)}   # namn på tätorter\n")
    held = {name for one in fetched.registers for name in one.columns}
    own = {name: label for name, label in _LABELS.items() if name in held}
    if own:
        lines = (f"{name} = {_quoted(label)}" for name, label in own.items())
        parts.append("\n[labels]\n" + "\n".join(lines) + "\n")
    return "".join(parts)


def _toml(value: str | list[str]) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return "[" + ", ".join(map(_quoted, value)) + "]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
