"""The near end of the road: a project and its files become dataset, options and view."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grannskap import dataset, disclosure, notes
from grannskap.analysis.asked import check_pictures
from grannskap.analysis.interventions import Interventions, place
from grannskap.analysis.options import Options
from grannskap.analysis.view import OverlayLayer, View
from grannskap.dataset import Source
from grannskap.language import Text
from grannskap.project import DisclosureOptions
from grannskap.sources import guard, interventions, word_template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from grannskap.dataset import Dataset
    from grannskap.project import Project

__all__ = ["checksums", "read"]


def _ignore(_name: Text) -> None:
    """Take the name of a stage and do nothing: nobody watches."""


def read(
    project: Project, *, on_stage: Callable[[Text], None] = _ignore
) -> tuple[Dataset, Options, View]:
    """Read every file that a project names, once.

    Parameters
    ----------
    project : Project
        As `grannskap.project.read` returns it.
    on_stage : callable, optional
        Told the name of each stage of `grannskap.dataset.STAGES` as it begins.

    Returns
    -------
    Dataset
        Counts, geometry, names and provenance.
    Options
        What the project asks to be measured.
    View
        What it asks to be shown, with the overlays and the names of places.

    Raises
    ------
    GrannskapError
        When a file, a code, a count or the join is not as it should be.
    """
    data = _gated(dataset.read(project, on_stage=on_stage), project)
    overlays = tuple(
        OverlayLayer(named.label, named.kind, named.colour, frame)
        for named, frame in zip(project.overlays, dataset.read_overlays(project), strict=True)
    )
    coded = dataset.by_code(project, data.geometry)
    asked = project.report.template
    view = View.of(
        coded,
        overlays=overlays,
        place_names=dataset.read_place_names(project),
        template=None if asked is None else word_template.read(project.path(asked)),
    )
    shown = view.mask(data.geometry.index)  # one that shows nothing is refused before the work
    view = replace(view, interventions=_interventions(project, data, shown))
    check_pictures(data, view)
    more = _sources(project, view)
    told = [note for frame in view.frames() for note in notes.of(frame)]
    told += view.interventions.notes() if view.interventions else ()
    read = replace(
        data,
        provenance=(*data.provenance, *more),
        notes=tuple(dict.fromkeys((*data.notes, *told))),
    )
    return read, Options.of(coded), view


def _interventions(
    project: Project, data: Dataset, shown: npt.NDArray[np.bool_]
) -> Interventions | None:
    """Read the list of interventions, and find where each of them is."""
    asked = project.interventions
    if asked is None:
        return None
    path = project.path(asked.path)
    return place(interventions.read(path), data, shown, file=project.named(path))


def checksums(project: Project) -> tuple[tuple[str, str], ...] | None:
    """Name and SHA-256 of every file that a project reads; None where it reads a database.

    Parameters
    ----------
    project : Project
        As `grannskap.project.read` returns it.

    Returns
    -------
    tuple of (str, str) or None
        Of a folder, one for each file in it; a file that is not there has none. Two files
        outside the project's folder may have one name.
    """
    if project.microdata is not None and project.microdata.is_database:
        return None
    files = [one for path in project.files() for one in _files_of(path)]
    return tuple((project.named(one), guard.checksum(one, most=sys.maxsize)) for one in files)


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.is_file())
    return [path] if path.exists() else []


def _gated(data: Dataset, project: Project) -> Dataset:
    """Let nothing past that may not be shown: all that is measured and written comes after.

    Rows of persons and households always pass the gate; a project says so of other registers.
    """
    asked = project.disclosure
    if asked is None and project.microdata is not None:
        asked = DisclosureOptions()
    if asked is None:
        return data
    rules = disclosure.ACRO if asked.profile == "acro" else disclosure.Rules()
    threshold = rules.threshold if asked.threshold is None else asked.threshold
    return disclosure.protect(
        data,
        replace(
            rules,
            threshold=threshold,
            freedom=max(threshold, rules.freedom),
            width=asked.width,
            rounding=asked.rounding,
            zeros=asked.zeros,
            all_the_same=asked.all_the_same,
            margins=tuple(asked.margins),
        ),
    )


def _sources(project: Project, view: View) -> tuple[Source, ...]:
    """The project file itself, with all that it says, and the files that are only drawn."""
    content = project.model_dump(mode="json", by_alias=True)
    found = [_source("project", project, project.file, 0, content)]
    for named, one in zip(project.overlays, view.overlays, strict=True):
        found.append(_source("overlay", project, project.path(named.path), len(one.frame), {}))
    if project.map.places is not None and view.place_names is not None:
        path = project.path(project.map.places)
        found.append(_source("places", project, path, len(view.place_names), {}))
    if project.interventions is not None and view.interventions is not None:
        path = project.path(project.interventions.path)
        rows = len(view.interventions.placed)
        found.append(_source("interventions", project, path, rows, {}))
    if project.report.template is not None:
        path = project.path(project.report.template)
        found.append(_source("template", project, path, 0, {}))
    return tuple(found)


def _source(
    role: str, project: Project, path: Path, rows: int, parameters: Mapping[str, Any]
) -> Source:
    return Source(role, project.named(path), guard.checksum(path), "", rows, None, (), parameters)
