"""A project's municipalities, each in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from grannskap.cli import progress, usage

if TYPE_CHECKING:
    from grannskap.project import Project

__all__ = ["write"]


def write(read: Project, folder: Path, *, jobs: int | None) -> None:
    """Measure and test a project's areas once, and write what is new of each municipality.

    Parameters
    ----------
    read : Project
        One that shows them all.
    folder : pathlib.Path
        That holds their folders.
    jobs : int or None
        How many processes write; as many as there are cores when None.

    Raises
    ------
    GrannskapError
        Before anything is written, or once everything that can be is.
    """
    from grannskap import analysis
    from grannskap.outputs import processes, towns

    language = read.language
    with (
        usage.errors_in(language),
        towns.hold(folder, inputs=[read.file, *read.files()]) as held,
    ):
        stamp = towns.stamp(read, analysis.checksums(read))
        done = towns.standing(held, stamp)
        if done is None:
            with progress.stages(language, measuring=True) as on_stage:
                data, options, view = analysis.read(read, on_stage=on_stage)
                results = analysis.run(data, options, on_stage=on_stage)
            with progress.towns(language) as on_town:
                many = jobs or processes.cores()
                done = towns.run(results, view, held, stamp=stamp, jobs=many, on_town=on_town)
        for line in done.lines(language):
            typer.echo(line)
        done.refuse_failed()
