"""The demo: the made-up town's files through the same readers as any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grannskap import analysis, project
from grannskap.datasets import write_inputs
from grannskap.language import Text
from grannskap.outputs import write
from grannskap.outputs.write import Written

__all__ = ["run"]


def run(folder: Path, *, on_stage: Callable[[Text], None] = lambda _name: None) -> Written:
    """Make the made-up town, measure it, and write everything into a folder.

    Parameters
    ----------
    folder : pathlib.Path
        New, empty, or an earlier run's. The town's files and its ``project.toml`` are left
        there beside the results, as an example to copy.
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
        inputs = {
            path.relative_to(made).as_posix(): path.read_bytes()
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }
        data, options, view = analysis.read(project.read(file), on_stage=on_stage)
        results = analysis.run(data, options, on_stage=on_stage)
        return write.run(results, view, held, inputs=inputs, on_stage=on_stage)
