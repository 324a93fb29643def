"""The command line: arguments, progress and exit codes."""

from __future__ import annotations

import logging
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from grannskap import __version__, streams
from grannskap.cli import microdata, progress, several, usage
from grannskap.errors import GrannskapError, OutputError, system_reason
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.outputs.write import Written
    from grannskap.project import Project
    from grannskap.sources.scb import Maps, Service

__all__ = ["app", "main"]

USER_MISTAKE = 2


_SYSTEM = usage.SYSTEM

app = typer.Typer(
    name="grannskap",
    cls=usage.Group,
    help=say("program.help.program", _SYSTEM),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ProjectFile = Annotated[
    Path,
    typer.Argument(
        metavar="PROJECT.toml", help=say("program.help.project_file", _SYSTEM), show_default=False
    ),
]
Places = Annotated[
    list[str] | None,
    typer.Argument(metavar="PLACE…", help=say("program.help.places", _SYSTEM), show_default=False),
]
OutFolder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help=say("program.help.out", _SYSTEM))
]


CsvFile = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help=say("program.help.csv", _SYSTEM))
]
Each = Annotated[usage.Each | None, typer.Option("--each", help=say("program.help.each", _SYSTEM))]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, help=say("program.help.jobs", _SYSTEM))]
AllowOutside = Annotated[
    bool, typer.Option("--allow-outside", help=say("program.help.outside", _SYSTEM))
]


def main() -> None:
    """Run the command line: 0 when done, 2 with one line for a user's mistake."""
    streams.make_safe()
    _keep_libraries_quiet()
    try:
        sys.exit(app(None if sys.argv[1:] else ["--help"], standalone_mode=False) or 0)
    except GrannskapError as error:
        _exit_with(error.told(error.language or _SYSTEM))
    except OSError:
        said = streams.turn_from_broken()
        if said is None:
            raise
        _exit_with(OutputError("output not read", {"why": system_reason(said)}).told(_SYSTEM))
    except Exception as error:
        told = usage.mistake(error)
        if told is None:
            raise
        _exit_with(told)


def _exit_with(text: str) -> NoReturn:
    try:
        typer.echo(f"grannskap: {text}", err=True)
    except OSError:
        streams.turn_from(sys.stderr)
    sys.exit(USER_MISTAKE)


def _keep_libraries_quiet() -> None:
    """Show no warning of a library: what a user must know is a note, told with the results."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it by position
    if asked:
        typer.echo(f"grannskap {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help=say("program.help.version", _SYSTEM),
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    pass


@app.command(cls=usage.Command, help=say("program.help.demo", _SYSTEM))
def demo(
    out: OutFolder = None,
    *,
    rows: Annotated[
        bool, typer.Option("--microdata", help=say("program.help.demo_microdata", _SYSTEM))
    ] = False,
) -> None:
    """Make a made-up town and everything that grannskap writes about it, offline."""
    from grannskap import demo as made_up_town

    folder = out if out is not None else Path("outputs") / "demo"
    with progress.stages("sv") as on_stage:
        written = made_up_town.run(folder, rows=rows, on_stage=on_stage)
    _tell_written(written)


@app.command(cls=usage.Command, help=say("program.help.run", _SYSTEM))
def run(
    project_file: ProjectFile,
    out: OutFolder = None,
    *,
    each: Each = None,
    jobs: Jobs = None,
    allow_outside: AllowOutside = False,
) -> None:
    """Read a project's files and write its measures, maps, tables and report."""
    from grannskap import analysis, project
    from grannskap.outputs import beside, write

    if jobs is not None and each is None:
        raise OutputError("jobs without each")
    read = project.read(project_file, allow_outside=allow_outside)
    if each is not None:
        several.write(read, out or _folder(read, None, ending=f"-{each.value}"), jobs=jobs)
        return
    folder = _folder(read, out)
    inputs = [project_file, *read.files()]
    with (
        usage.errors_in(read.language),
        write.claim(folder, inputs=inputs) as held,
        beside.opened(read) as other,
        progress.stages(read.language) as on_stage,
    ):
        data, options, view = analysis.read(read, on_stage=on_stage)
        painter = None if other is None else other.prepared(data, view)
        results = analysis.run(data, options, on_stage=on_stage)
        written = write.run(results, view, held, painter=painter, on_stage=on_stage)
    _tell_written(written)


def _folder(read: Project, out: Path | None, *, ending: str = "") -> Path:
    return out if out is not None else read.folder / "outputs" / f"{read.file.stem}{ending}"


@app.command(cls=usage.Command, help=say("program.help.check", _SYSTEM))
def check(
    project_file: ProjectFile, out: OutFolder = None, *, allow_outside: AllowOutside = False
) -> None:
    """Read and join a project's files, say what was found, and write nothing."""
    from grannskap import analysis, project
    from grannskap.outputs import ahead, claim

    started = time.monotonic()
    read = project.read(project_file, allow_outside=allow_outside)
    with usage.errors_in(read.language), progress.stages(read.language) as on_stage:
        claim.check(_folder(read, out), inputs=[project_file, *read.files()])
        data, options, view = analysis.read(read, on_stage=on_stage)
        results = analysis.check(data, options, on_stage=on_stage)
        taken = time.monotonic() - started
        lines = analysis.describe(data, view, year=options.year)
        lines += ahead.tell(results, view, taken=taken)
    for line in lines:
        typer.echo(line)


@app.command(cls=usage.Command, help=say("program.help.calibrate", _SYSTEM))
def calibrate(
    project_file: ProjectFile, csv: CsvFile = None, *, allow_outside: AllowOutside = False
) -> None:
    """Say how close each way of making the segregation index comes to the published values."""
    from grannskap import analysis, project
    from grannskap.outputs import calibration

    read = project.read(project_file, allow_outside=allow_outside)
    with usage.errors_in(read.language):
        with progress.stages(read.language) as on_stage:
            data, options, _ = analysis.read(read, on_stage=on_stage)
            found = analysis.calibrate(data, options)
        for line in calibration.lines(found, read.language):
            typer.echo(line)
        if csv is not None:
            calibration.write(found, csv)


@app.command(cls=usage.Command, help=say("program.help.init", _SYSTEM))
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help=say("program.help.folder", _SYSTEM))
    ] = Path(),
) -> None:
    """Write a commented project file: of what lies in the folder, or to start from."""
    from grannskap import project, starting

    target = folder / "project.toml"
    if target.exists():
        raise OutputError("project file exists", {"file": str(target)})
    looked = starting.look(folder)
    made = starting.project_file(looked, _SYSTEM) if looked else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(project.template() if made is None else made.text)
    except FileExistsError:
        raise OutputError("project file exists", {"file": str(target)}) from None
    except OSError as error:
        raise OutputError(
            "folder cannot be written", {"folder": str(folder), "why": system_reason(error)}
        ) from None
    for line in () if made is None else made.told:
        typer.echo(line)
    told = {"file": str(target), "runs": made is not None and made.runs}
    typer.echo(say("program.written.project", _SYSTEM, told))


@app.command(cls=usage.Command, help=say("program.help.fetch", _SYSTEM))
def fetch(  # noqa: PLR0917 - typer gives all by name
    places: Places = None,
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="Y|Y..Y", help=say("program.help.year", _SYSTEM)),
    ] = None,
    division: Annotated[
        int | None,
        typer.Option("--division", metavar="2018|2025", help=say("program.help.division", _SYSTEM)),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help=say("program.help.to", _SYSTEM))
    ] = None,
    police: Annotated[
        int | None,
        typer.Option("--police", metavar="2023|2025", help=say("program.help.police", _SYSTEM)),
    ] = None,
    police_file: Annotated[
        Path | None,
        typer.Option("--police-file", help=say("program.help.police_file", _SYSTEM)),
    ] = None,
    boundaries: Annotated[
        str, typer.Option("--boundaries", help=say("program.help.boundaries", _SYSTEM))
    ] = "",
    without: Annotated[
        list[str] | None, typer.Option("--without", help=say("program.help.without", _SYSTEM))
    ] = None,
    *,
    only: Annotated[bool, typer.Option("--only", help=say("program.help.only", _SYSTEM))] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help=say("program.help.offline", _SYSTEM))
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help=say("program.help.verify", _SYSTEM))
    ] = False,
    url: Annotated[str | None, typer.Option("--url", help=say("program.help.url", _SYSTEM))] = None,
    wfs: Annotated[str | None, typer.Option("--wfs", help=say("program.help.wfs", _SYSTEM))] = None,
) -> None:
    """Fetch what a place needs, and write a project that runs."""
    from grannskap.sources import scb

    web, store = scb.Web(), scb.Store(scb.home())
    service = scb.Service(web, store, scb.base_address(url), offline)
    maps = scb.Maps(web, store, scb.map_address(wfs), offline)
    if verify:
        _tell_verified(service, maps)
        return
    order = scb.Order(
        place=scb.find(places or []),
        years=scb.years_asked(year),
        division=scb.division(division),
        without=frozenset(without or []),
        alone=only,
        police=scb.police_year(police),
        police_file=police_file,
        boundaries=boundaries,
    )
    folder = to if to is not None else Path(order.place.folder)
    with progress.fetching() as on_step:
        done = scb.fetch(order, folder, service=service, maps=maps, on_step=on_step)
    for line in done.lines(folder, _SYSTEM):
        typer.echo(line)


def _tell_verified(service: Service, maps: Maps) -> None:
    from grannskap.sources import scb

    moved = 0
    for finding in scb.verify(service, maps):
        moved += not finding.there
        typer.echo(finding.told(_SYSTEM))
    if moved:
        raise typer.Exit(1)


cache = typer.Typer(
    help=say("program.help.cache", _SYSTEM), no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(cache, name="cache")
app.add_typer(microdata.app, name="microdata")


@cache.command("list", help=say("program.help.cache_list", _SYSTEM))
def cache_list() -> None:
    """Show what is kept for all projects."""
    from grannskap.sources import scb

    store = scb.Store(scb.home())
    for line in store.lines(_SYSTEM):
        typer.echo(line)


@cache.command("clear", help=say("program.help.cache_clear", _SYSTEM))
def cache_clear(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[TAB]", help=say("program.help.cache_name", _SYSTEM)),
    ] = None,
) -> None:
    """Remove what is kept of a table or layer, or all of it."""
    from grannskap.sources import scb

    store = scb.Store(scb.home())
    values = {"answers": store.clear(name), "folder": str(store.folder)}
    typer.echo(say("program.kept.removed", _SYSTEM, values))


def _tell_written(written: Written) -> None:
    for line in written.lines():
        typer.echo(line)
