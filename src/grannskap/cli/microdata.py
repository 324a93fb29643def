"""The commands of microdata: rows are counted, and the counts written as a register file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grannskap.cli import progress, usage
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.language import Language
    from grannskap.project import Project
    from grannskap.sources.microdata import Counted

__all__ = ["app"]

_SYSTEM = usage.SYSTEM

app = typer.Typer(
    cls=usage.Group,
    help=say("program.help.microdata", _SYSTEM),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(cls=usage.Command, help=say("program.help.microdata_count", _SYSTEM))
def count(
    project_file: Annotated[
        Path,
        typer.Argument(
            metavar="PROJECT.toml",
            help=say("program.help.project_file", _SYSTEM),
            show_default=False,
        ),
    ],
    engine: Annotated[
        str, typer.Option("--engine", help=say("program.help.engine", _SYSTEM))
    ] = "duckdb",
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help=say("program.help.microdata_to", _SYSTEM)),
    ] = None,
    *,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help=say("program.help.outside", _SYSTEM))
    ] = False,
) -> None:
    """Count the rows that a project names, and write the counts whole or not at all."""
    from grannskap import project
    from grannskap.errors import ProjectError
    from grannskap.outputs import folder
    from grannskap.sources import microdata

    read = project.read(project_file, allow_outside=allow_outside)
    if read.microdata is None:
        raise ProjectError("key missing", {"where": "microdata", "name": project_file.name})
    target = to if to is not None else read.folder / "microdata"
    with folder.claim(target, inputs=[project_file, *read.files()]) as held:
        asked = read.microdata.asked(read.rows_of_microdata(), engine=engine)
        with progress.counting(read.language) as on_step:
            found = microdata.count(asked, spill=held.work, on_step=on_step)
        files = {
            "counts.csv": microdata.as_csv(found),
            "counts.toml": _lines(found, read, target).encode("utf-8"),
        }
        folder.replace(held, files)
    _tell(found, target, read.language)


@app.command(cls=usage.Command, help=say("program.help.synth", _SYSTEM))
def synth(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help=say("program.help.synth_folder", _SYSTEM), show_default=False
        ),
    ],
    persons: Annotated[
        int, typer.Option("--persons", min=1, help=say("program.help.persons", _SYSTEM))
    ] = 100_000,
    year: Annotated[
        list[int] | None,
        typer.Option("--year", min=1900, max=2099, help=say("program.help.synth_year", _SYSTEM)),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help=say("program.help.seed", _SYSTEM))
    ] = 2017,
) -> None:
    """Write a made-up country of persons, whole or not at all."""
    from grannskap.outputs import folder as folders
    from grannskap.sources.microdata import synth as made_up

    country = made_up.Country(persons, tuple(year or (2012, 2017)), seed)
    lines = made_up.project_lines("persons", say("program.microdata.made_up", _SYSTEM))
    rows = made_up.files(country, "persons")
    folders.replace(folder, {**rows, "microdata.toml": lines.encode("utf-8")})
    values = {"persons": persons, "areas": len(country.areas()[0]), "years": [*country.years]}
    typer.echo(say("program.microdata.synth", _SYSTEM, {**values, "folder": str(folder)}))


def _lines(found: Counted, read: Project, target: Path) -> str:
    """Return the lines that read the counts, under what became of the rows.

    Rows always pass the gate of disclosure; a register does where the project says so.
    """
    from grannskap.sources import microdata

    assert read.microdata is not None, "a project without microdata"
    path = Path(os.path.relpath(target / "counts.csv", read.folder)).as_posix()
    told = [say("program.microdata.head", read.language)]
    told += [note.text(read.language) for note in found.notes]
    head = "".join(f"# {line}\n" for line in told)
    gate = "\n[disclosure]\n"
    lines = microdata.project_lines(found, path, read.microdata.source)
    return f"{head}\n{lines}{'' if read.disclosure else gate}"


def _tell(found: Counted, target: Path, language: Language) -> None:
    index = found.frame.index
    values = {
        "rows": found.rows,
        "areas": index.get_level_values("deso").nunique(),
        "years": sorted({str(year) for year in index.get_level_values("year")}),
    }
    typer.echo(say("program.microdata.counted", language, values))
    for note in found.notes:
        typer.echo(say("program.found.note", language, {"note": note.text}))
    written = {"file": str(target / "counts.csv")}
    typer.echo(say("program.microdata.written", language, written))
    lines = {"lines": str(target / "counts.toml")}
    typer.echo(say("program.microdata.next", language, lines))
