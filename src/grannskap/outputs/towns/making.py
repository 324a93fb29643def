"""One town of many: its results, as they were tested with all others, and its folder."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grannskap import analysis
from grannskap.analysis.interventions import place
from grannskap.errors import GrannskapError
from grannskap.outputs import write
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Interventions, Results, View
    from grannskap.notes import Note

__all__ = ["Outcome", "Town", "Work", "make", "towns"]

_WIDEST, _NARROWEST, _MARGIN = 1.7, 0.6, 1.1
"""Width over height of a map, and how much wider it is than what it shows: what it draws around
that lies within."""

_PLAIN = str.maketrans("åäöéèüøæ", "aaoeeuoa")


@dataclass(frozen=True)
class Town:
    """A municipality that gets a folder of its own.

    Attributes
    ----------
    code, name : str
        Its code and name.
    county : str
        The name of its county; empty where it is not known.
    folder : str
        The name of its folder.
    """

    code: str
    name: str
    county: str
    folder: str


@dataclass(frozen=True)
class Work:
    """What every town is made from.

    Attributes
    ----------
    results : Results
        Of all of them, tested together.
    view : View
        What is asked for of the whole.
    folder : pathlib.Path
        That holds the towns' folders.
    stamp : str
        What they are made from, for each manifest.
    """

    results: Results
    view: View
    folder: Path
    stamp: str


@dataclass(frozen=True)
class Outcome:
    """What became of one town.

    Attributes
    ----------
    town : Town
        Which.
    seconds : float
        How long it took.
    why : str
        Why it could not be written, in the language of the project; empty where it was.
    """

    town: Town
    seconds: float
    why: str = ""


def towns(results: Results, view: View) -> tuple[Town, ...]:
    """Return the municipalities shown that are whole in the data, by code."""
    shown = view.shown(results)
    whole = shown[shown["complete"].to_numpy()]
    names = whole.groupby("municipality", sort=True)["municipality_name"].first()
    counties = results.places["name"]
    return tuple(
        Town(
            str(code),
            str(name),
            str(counties.get(("county", str(code)[:2]), "")),
            _folder(str(code), str(name)),
        )
        for code, name in names.items()
    )


def _folder(code: str, name: str) -> str:
    """Return a name for a folder that every disk and address takes."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower().translate(_PLAIN)).strip("-")
    return f"{code}-{plain[:40]}".rstrip("-")


def make(work: Work, town: Town) -> Outcome:
    """Write the folder of one town; what is wrong with it stops none of the others."""
    began = time.monotonic()
    try:
        _write(work, town)
    except GrannskapError as error:
        why = error.told(work.view.language)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one town is told beside it
        values = {"kind": type(error).__name__, "said": str(error)}
        why = say("municipalities.unforeseen", work.view.language, values)
    else:
        why = ""
    return Outcome(town, time.monotonic() - began, why)


def _write(work: Work, town: Town) -> None:
    results = work.results
    focus = results.areas.index[(results.areas["municipality"] == town.code).to_numpy()]
    own = analysis.within(results, focus, beside=_around(results, focus))
    view = view_of(work, town)
    own = replace(own, notes=_notes(own, work.view.interventions, view.interventions))
    write.run(own, view, work.folder / town.folder, stamp=work.stamp)


def _notes(
    own: Results, listed: Interventions | None, here: Interventions | None
) -> tuple[Note, ...]:
    """Return the notes with those on the interventions of the town in the place of all."""
    of_all = () if listed is None else listed.notes()
    kept = [note for note in own.notes if note not in of_all]
    return (*kept, *(() if here is None else here.notes()))


def view_of(work: Work, town: Town) -> View:
    """Return what is asked for of the whole, asked of one town.

    Interventions in other towns are left to these.
    """
    values = {"name": town.name, "year": str(work.results.year)}
    listed, areas = work.view.interventions, work.results.dataset.geometry
    if listed is not None:
        shown = (areas["municipality"] == town.code).to_numpy()
        rows = [one.row for one in listed.placed]
        found = place(rows, work.results.dataset, shown, file=listed.file)
        here = tuple(one for one in found.placed if one.where != "outside")
        listed = replace(found, placed=here) if here else None
    return replace(
        work.view,
        title=say("municipalities.title", work.view.language, values),
        subtitle="",
        scope=town.code,
        clusters_scope=None,
        interventions=listed,
        map=work.view.map.model_copy(update={"extent": None}),
    )


def _around(results: Results, focus: pd.Index[Any]) -> pd.Index[Any]:
    """Return the areas that a map of these may draw around them, whatever its page."""
    west, south, east, north = results.areas.geometry.loc[focus].total_bounds
    wide = _MARGIN * max(east - west, _WIDEST * (north - south)) / 2
    high = _MARGIN * max(north - south, (east - west) / _NARROWEST) / 2
    x, y = (west + east) / 2, (south + north) / 2
    around: pd.Index[Any] = results.areas.cx[x - wide : x + wide, y - high : y + high].index
    return around
