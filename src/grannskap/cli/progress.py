"""What is shown on stderr while something is done; nothing where that is no terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from grannskap.cli import usage
from grannskap.wording import in_both, say

if TYPE_CHECKING:
    from grannskap.language import Language, Text
    from grannskap.outputs.towns import Town

__all__ = ["counting", "fetching", "stages", "towns"]

_STEPS = {
    "households": in_both("program.stage.households"),
    "bounds": in_both("program.stage.bounds"),
    "counts": in_both("program.stage.counts"),
}


@contextlib.contextmanager
def stages(language: Language, *, measuring: bool = False) -> Iterator[Callable[[Text], None]]:
    """Show the stages of a run with a bar: all, or those of reading and measuring alone."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from grannskap import analysis, dataset
    from grannskap.outputs import write

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        total = len(dataset.STAGES) + len(analysis.STAGES) + (0 if measuring else len(write.STAGES))
        task = bar.add_task("…", total=total)
        started = False

        def on_stage(name: Text) -> None:
            nonlocal started
            bar.update(task, description=name(language), advance=1 if started else 0)
            started = True

        yield on_stage


@contextlib.contextmanager
def counting(language: Language) -> Iterator[Callable[[str], None]]:
    """Show which step of counting rows is under way, and for how long it has been."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from grannskap.sources.microdata import STEPS

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("…", total=len(STEPS))

        def on_step(name: str) -> None:
            bar.update(task, description=_STEPS[name](language), completed=STEPS.index(name))

        yield on_step


@contextlib.contextmanager
def fetching() -> Iterator[Callable[[Text, int, int], None]]:
    """Show what is fetched, table by table and page by page."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("…", total=1)

        def on_step(what: Text, done: int, total: int) -> None:
            bar.update(task, description=what(usage.SYSTEM), completed=done, total=total)

        yield on_step


@contextlib.contextmanager
def towns(language: Language) -> Iterator[Callable[[Town, int, int], None]]:
    """Show which town was written, and how many are left."""
    if not sys.stderr.isatty():
        yield lambda _town, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("…", total=None)

        def on_town(town: Town, done: int, every: int) -> None:
            told = say("municipalities.stage.town", language, {"name": town.name})
            bar.update(task, description=told, completed=done, total=every)

        yield on_town
