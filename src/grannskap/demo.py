"""The demo: the made-up town's files through the same readers as any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from grannskap import analysis, project
from grannskap.datasets import town, write_inputs
from grannskap.language import Text
from grannskap.outputs import write
from grannskap.outputs.write import Written
from grannskap.sources.microdata import synth
from grannskap.wording import say

__all__ = ["run"]


def run(
    folder: Path, *, rows: bool = False, on_stage: Callable[[Text], None] = lambda _name: None
) -> Written:
    """Make the made-up town, measure it, and write everything into a folder.

    Parameters
    ----------
    folder : pathlib.Path
        New, empty, or an earlier run's. The town's files and its ``project.toml`` are left
        there beside the results, as an example to copy.
    rows : bool
        Whether persons are made instead of a register, and counted by ``[microdata]``.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    Written
        The paths.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    with write.claim(folder) as held:
        made = held.work / "made"
        file = write_inputs(made)
        if rows:
            _put_rows(file)
        inputs = {
            path.relative_to(made).as_posix(): path.read_bytes()
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }
        data, options, view = analysis.read(project.read(file), on_stage=on_stage)
        results = analysis.run(data, options, on_stage=on_stage)
        return write.run(results, view, held, inputs=inputs, on_stage=on_stage)


_PERSONS, _ELSEWHERE = 800, 60
"""Persons in each of the town's areas, and how many areas the rest of the country has."""


def _put_rows(file: Path) -> None:
    """Put persons in the place of the town's register: its areas are as affluent as they were."""
    income = town().register["disposable_income"].xs(2017, level="year").xs("all", level="group")
    affluence = (2 * np.log(income.fillna(income.median()) / income.median())).clip(-2, 2)
    elsewhere = dict.fromkeys(synth.codes(_ELSEWHERE), 0.0)
    areas = {**affluence.to_dict(), **elsewhere}
    country = synth.Country(_PERSONS * len(areas), (2012, 2017), affluence=areas)
    for name, write_rows in synth.files(country, "inputs/persons").items():
        path = file.parent / name
        path.parent.mkdir(parents=True)
        write_rows(path)
    (file.parent / "inputs" / "register.csv").unlink()
    before, _, after = file.read_text(encoding="utf-8").partition("[[register]]")
    after = after[after.index("[join]") :]
    lines = synth.project_lines("inputs/persons", say("program.microdata.made_up", "sv"))
    file.write_text(f"{before}{lines}\n{after}", encoding="utf-8", newline="\n")
