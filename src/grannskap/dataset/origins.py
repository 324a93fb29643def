"""Where the files that were fetched for a project came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.dataset.model import Source
from grannskap.notes import Note
from grannskap.sources import guard

if TYPE_CHECKING:
    from grannskap.project import Project

__all__ = ["read"]


def read(project: Project) -> tuple[list[Source], tuple[Note, ...]]:
    """Read where a project's files came from, of those that are as they were fetched.

    Parameters
    ----------
    project : Project
        It names the record of a fetch, or nothing.

    Returns
    -------
    tuple of (list of Source, tuple of Note)
        One source of role ``"fetched"``, and a note on files that changed since.
    """
    if project.fetched is None:
        return [], ()
    from grannskap.sources import scb

    path = project.path(project.fetched)
    root = path.resolve().parent.parent
    told, changed = {}, []
    files = set(project.files())
    for name, held in scb.origins(path).items():
        file = (root / name).resolve()
        if file not in files:
            continue
        if guard.checksum(file) == held.get("sha256"):
            told[name] = held.get("records") or []
        else:
            changed.append(name)
    source = Source(
        role="fetched",
        name=project.fetched,
        sha256=guard.checksum(path),
        source="",
        rows=len(told),
        division=None,
        parameters={"files": told},
    )
    notes = (Note("changed since fetched", {"names": changed}, tuple(changed)),) if changed else ()
    return [source], notes
