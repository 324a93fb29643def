"""All towns of a country or county: what changed is made, and a page leads to every one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grannskap.errors import DataError, OutputError
from grannskap.outputs import tables
from grannskap.outputs.towns import collection, making, page, workers
from grannskap.outputs.towns.collection import PAGE, TABLE, Collection
from grannskap.outputs.towns.making import Outcome, Town, Work
from grannskap.outputs.towns.table import table
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.language import Language

__all__ = ["Done", "OnTown", "run", "standing"]

OnTown = Callable[[Town, int, int], None]
"""Told which town is done, how many are, and of how many."""


@dataclass(frozen=True)
class Done:
    """What became of all towns.

    Attributes
    ----------
    folder : pathlib.Path
        That holds their folders.
    made, kept : int
        How many were written, and how many stood there as they would be written.
    failed : tuple of Outcome
        Those that could not be written.
    left : tuple of str
        Folders of an earlier run that are of none of these towns; they are as they were.
    """

    folder: Path
    made: int
    kept: int
    failed: tuple[Outcome, ...] = ()
    left: tuple[str, ...] = ()

    def lines(self, language: Language) -> list[str]:
        """Return what the command line says when it is done."""
        values = {"made": self.made, "kept": self.kept, "folder": str(self.folder)}
        told = [say("municipalities.written.made", language, values)]
        if self.kept:
            told.append(say("municipalities.written.kept", language, values))
        if self.left:
            told.append(say("municipalities.written.left", language, {"names": list(self.left)}))
        return [*told, say("program.written.open", language, {"report": str(self.folder / PAGE)})]

    def refuse_failed(self) -> None:
        """Tell of towns that could not be written, once all others are.

        Raises
        ------
        OutputError
            When there are any.
        """
        if self.failed:
            first = self.failed[0]
            raise OutputError(
                "towns not written",
                {
                    "towns": len(self.failed),
                    "names": [one.town.name for one in self.failed],
                    "first": first.town.name,
                    "why": first.why,
                    "page": str(self.folder / PAGE),
                },
            )


def standing(held: Collection, stamp: str) -> Done | None:
    """Return what stands there, where nothing has changed and nothing is left to do; else None.

    Parameters
    ----------
    held : Collection
        The folder.
    stamp : str
        What the towns would be made from.
    """
    record = held.record
    folders = record.get("towns", {})
    files = [held.place / name for name in (PAGE, TABLE)]
    if not stamp or record.get("stamp") != stamp or not all(one.is_file() for one in files):
        return None
    if not all(collection.is_whole(held.place / name, stamp) for name in folders.values()):
        return None
    return Done(held.named, made=0, kept=len(folders))


def run(
    results: Results,
    view: View,
    held: Collection,
    *,
    stamp: str,
    jobs: int = 1,
    on_town: OnTown = lambda _town, _done, _all: None,
) -> Done:
    """Write a folder for each town shown, and the page that leads to them.

    Parameters
    ----------
    results : Results
        Of all of them, tested together.
    view : View
        What is asked for of the whole.
    held : Collection
        The folder that holds theirs.
    stamp : str
        What they are made from: those that stand there made from just this are left alone.
    jobs : int
        How many processes make them.
    on_town : callable, optional
        Told of each town when it is done.

    Returns
    -------
    Done
        What became of them; a town that fails stops none of the others.

    Raises
    ------
    DataError
        When no municipality is whole.
    OutputError
        When page, table or record cannot be written.
    """
    towns = making.towns(results, view)
    if not towns:
        raise DataError("no whole municipality", {"view": repr(view.scope)})
    wanted = [town for town in towns if not collection.is_whole(held.place / town.folder, stamp)]
    work = Work(results, view, held.place, stamp)
    failed: list[Outcome] = []
    with contextlib.closing(workers.made(work, _longest_first(results, wanted), jobs=jobs)) as made:
        for number, outcome in enumerate(made, start=1):
            failed += [outcome] if outcome.why else []
            on_town(outcome.town, number, len(wanted))
    left = _left(held, towns)
    _lead(results, view, held, towns, failed=failed, stamp=stamp)
    kept = len(towns) - len(wanted)
    return Done(held.named, len(wanted) - len(failed), kept, tuple(failed), left)


def _longest_first(results: Results, towns: list[Town]) -> list[Town]:
    """Order towns so that no large one is begun when all the others are done."""
    areas = results.areas["municipality"].value_counts()
    return sorted(towns, key=lambda town: -int(areas[town.code]))


def _left(held: Collection, towns: tuple[Town, ...]) -> tuple[str, ...]:
    """Return the folders of an earlier run that belong to none of these towns."""
    earlier = set(held.record.get("towns", {}).values()) - {town.folder for town in towns}
    return tuple(sorted(name for name in earlier if (held.place / name).is_dir()))


def _lead(
    results: Results,
    view: View,
    held: Collection,
    towns: tuple[Town, ...],
    *,
    failed: list[Outcome],
    stamp: str,
) -> None:
    """Write the page, the table and the record."""
    told, why = table(results, towns), {one.town.code: one.why for one in failed}
    files = {
        PAGE: page.write(results, view, told, towns, failed=why),
        TABLE: tables.csv(told.assign(written=~told.index.isin([*why]))),
    }
    about = {
        "title": view.title,
        "stamp": stamp,
        "towns": {town.code: town.folder for town in towns if town.code not in why},
        "failed": why,
    }
    collection.put(held, files, told=about if not why else {**about, "stamp": ""})
