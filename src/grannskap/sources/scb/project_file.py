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
from grannskap.sources.scb.tables import INDEX, Cells, Series
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
    division : {2018, 2025}
        Of its areas.
    years : tuple of int
        That it holds, in order.
    source : str
        Its line of source.
    """

    path: str
    series: Series
    columns: Mapping[str, Cells]
    division: Division
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
    squares : str
        The file of population squares; empty where there is none.
    files : tuple of str
        Everything that was fetched.
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
    squares: str = ""
    files: tuple[str, ...] = ()


def written(fetched: Fetched, *, file: str, moved: Fetched | None = None) -> str:
    """Return the text of a project file.

    Parameters
    ----------
    fetched : Fetched
        What it shows.
    file : str
        What it is called.
    moved : Fetched, optional
        Years of the other division, which the project moves to the one that it shows.

    Raises
    ------
    InputFileError
        When nothing was fetched that a balance could be made of.
    """
    low, high, own = _poles(fetched.registers)
    before = moved.registers if moved is not None else ()
    earlier = [year for one in before if {low, high} <= set(one.columns) for year in one.years]
    years = tuple(sorted({*own, *earlier}))
    year = own[-1]
    components, tested = _measured(fetched.registers, year, (low, high))
    values = {
        "file": file,
        "fetched": FETCHED,
        "fetched_quoted": _quoted(FETCHED),
        "title": _quoted(f"{fetched.place.name} {year}"),
        "view": _toml(fetched.place.view),
        "year": str(year),
        "years": _span(years),
        "compare": f"\ncompare = {years[0]}                  # ett tidigare år att jämföra med"
        if years[0] < year
        else "",
        "boundaries": _quoted(fetched.boundaries),
        "boundaries_words": fetched.boundaries_words,
        "division": str(fetched.division),
        "names": f'\nnames = {{ path = {_quoted(fetched.names)}, code = "DeSO", name = "Namn" }}'
        if fetched.names
        else "",
        "registers": "\n".join(map(_register, (*before, *fetched.registers))),
        "moving": _moving(fetched, moved),
        "balance_words": _POLE_WORDS[low],
        "low": _quoted(low),
        "high": _quoted(high),
        "components": ", ".join(map(_quoted, components)),
        "variables": ", ".join(map(_quoted, tested)),
        "rest": _rest(fetched),
    }
    values["unused"] = _unused(fetched, values)
    template = (resources.files("grannskap.sources.scb") / "project.toml").read_text(
        encoding="utf-8"
    )
    return Template(template).substitute(values)


def _measured(
    registers: Sequence[Register], year: int, poles: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return the parts of the index that a year has, and the shares of the poles."""
    there = {name for one in registers if year in one.years for name in one.columns}
    shares = {name for name, one in SHARES.items() if {one.part, one.base} <= there}
    found = (
        next((name for name in names if name in shares | there), None) for names in _COMPONENTS
    )
    tested = [f"{pole}_share" for pole in poles if f"{pole}_share" in shares]
    return [name for name in found if name], tested


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


def _moving(fetched: Fetched, moved: Fetched | None) -> str:
    """Return the block that moves counts of another division to the one that is shown."""
    if moved is None:
        return ""
    return (
        f"[division]                      # antal för DeSO {moved.division} flyttas, med gränser\n"
        f"show = {fetched.division}\n"
        f"from = {_quoted(moved.boundaries)}\n"
        f"squares = {_quoted(fetched.squares or moved.squares)}\n\n"
    )


def _register(one: Register) -> str:
    """Return the block of one register file, with what a reader must know as comments."""
    series = one.series
    percent = {name: cells.whole for name, cells in one.columns.items() if cells.kind == "percent"}
    lines = [
        f"[[register]]                    # {series.title.sv} ({series.table}), {_span(one.years)}",
        *(f"# {say(trap, 'sv')}" for trap in series.traps),
        f"path = {_quoted(one.path)}",
        'code = "DeSO"',
        'year = "År"',
        f"division = {one.division}",
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
    return "".join([*parts, _official(fetched)])


def _official(fetched: Fetched) -> str:
    """Return, as comments, the block of the official index, which is of RegSO."""
    path = f"inputs/{INDEX.file}-regso{fetched.division}.csv"
    if path not in fetched.files:
        return ""
    lines = [
        "[[register]]",
        f"path = {_quoted(path)}",
        'level = "regso"',
        'code = "RegSO"',
        'year = "År"',
        f"division = {fetched.division}",
        f"source = {_quoted(f'SCB {INDEX.table}')}",
        "[register.columns]",
        *(f"{cells.name} = {_quoted(cells.heading)}" for cells in INDEX.cells),
    ]
    words = (
        f"Officiella områdestyper ({INDEX.table}): sätt level ovan till regso, och ta bort # här:"
    )
    return f"\n# {words}\n" + "".join(f"# {line}\n" for line in lines)


def _unused(fetched: Fetched, values: Mapping[str, str]) -> str:
    """Name, as comments, the files of this division that the project does not use."""
    used = "".join(values.values())
    mine = [
        name for name in fetched.files if f'"{name}"' not in used and str(fetched.division) in name
    ]
    if not mine:
        return ""
    return "\n# Hämtat, men inte använt här:\n" + "".join(f"#   {name}\n" for name in mine)


def _toml(value: str | list[str]) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return "[" + ", ".join(map(_quoted, value)) + "]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
