"""A second process that draws the pictures while this one makes the page and the tables.

It is started by the command line alone, and only where there is much to draw. Whatever goes wrong
with it, this process draws by itself: the pictures, or the error, are the same.
"""

from __future__ import annotations

import contextlib
import io
import operator
import os
import pickle
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.outputs import pictures, processes

if TYPE_CHECKING:
    from grannskap.analysis import Results, View
    from grannskap.dataset import Dataset
    from grannskap.outputs.pictures import Drawn
    from grannskap.project import Project

__all__ = ["Painter", "opened", "serve"]

_LARGE_FILE = 5_000_000
"""Bytes of boundaries below which there are hardly so many areas."""

_KNOWN = "known"


@dataclass(frozen=True)
class Painter:
    """The other process, and the thread that speaks with it.

    Attributes
    ----------
    process : subprocess.Popen
        It draws once, and ends.
    speaker : concurrent.futures.ThreadPoolExecutor
        Of one thread, so that neither process waits for the other.
    known : numpy.ndarray or None
        The drawn geometry, once it was sent.
    """

    process: subprocess.Popen[bytes]
    speaker: ThreadPoolExecutor
    known: npt.NDArray[np.object_] | None = None

    def prepared(self, dataset: Dataset, view: View) -> Painter | None:
        """Have the outlines simplified while the dataset is measured; None where they are few."""
        from grannskap.maps import atlas

        if not pictures.are_many(dataset.geometry.index, view):
            self.process.kill()
            return None
        drawn = dataset.geometry.geometry if dataset.shore is None else dataset.shore.areas
        told = drawn, atlas.finest(drawn, view)
        self.speaker.submit(self._tell, pickle.dumps(told, pickle.HIGHEST_PROTOCOL))
        return replace(self, known=_elements(drawn.array))

    def draw(self, results: Results, view: View) -> Future[Drawn | None]:
        """Have everything drawn: None, when it is asked for, where it must be done here."""
        return self.speaker.submit(self._told, _packed((results, view), self.known))

    def _told(self, packed: bytes) -> Drawn | None:
        return self._answer() if self._tell(packed) else None

    def _tell(self, packed: bytes) -> bool:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(packed)
            self.process.stdin.flush()
        except OSError:
            return False
        return True

    def _answer(self) -> Drawn | None:
        assert self.process.stdout is not None
        try:
            drawn: Drawn | None = pickle.load(self.process.stdout)  # noqa: S301 - our own
        except (OSError, EOFError, pickle.UnpicklingError):
            return None
        return drawn


@contextlib.contextmanager
def opened(project: Project) -> Iterator[Painter | None]:
    """Start the other process where a project may need it, and end it in any case.

    Parameters
    ----------
    project : Project
        One that shows more than a municipality, with a large file of boundaries.

    Yields
    ------
    Painter or None
        None where there is little to draw, one core, or no interpreter to start.
    """
    wanted = _may_be_large(project) and processes.cores() > 1
    process = processes.start(__name__) if wanted else None
    if process is None:
        yield None
        return
    speaker = ThreadPoolExecutor(max_workers=1)
    try:
        yield Painter(process, speaker)
    finally:
        process.kill()
        speaker.shutdown()
        with contextlib.suppress(OSError):
            process.communicate()


def _may_be_large(project: Project) -> bool:
    wide = not isinstance(project.view, str) or project.view == "country" or len(project.view) < 3
    path = project.path(project.boundaries.path)
    return wide and path.is_file() and path.stat().st_size >= _LARGE_FILE


def _elements(array: Any) -> npt.NDArray[np.object_]:  # noqa: ANN401 - geopandas has no types
    return np.asarray(array, dtype=object)


def _packed(what: object, known: npt.NDArray[np.object_] | None) -> bytes:
    """Pack something for the other process, which has these geometries already."""
    into = io.BytesIO()
    _Packer(into, known).dump(what)
    return into.getvalue()


class _Packer(pickle.Pickler):
    """Packs geometries that the other process has as a word."""

    def __init__(self, into: IO[bytes], known: npt.NDArray[np.object_] | None) -> None:
        from geopandas.array import GeometryArray

        super().__init__(into, pickle.HIGHEST_PROTOCOL)
        self.kind, self.known = GeometryArray, known

    def persistent_id(self, obj: Any) -> str | None:  # noqa: ANN401 - anything
        """Return the word, or None for what must be packed."""
        if not isinstance(obj, self.kind) or self.known is None or len(obj) != len(self.known):
            return None
        return _KNOWN if all(map(operator.is_, _elements(obj), self.known)) else None


class _Unpacker(pickle.Unpickler):
    """Puts known geometries in the place of a word."""

    def __init__(self, source: IO[bytes], known: Any) -> None:  # noqa: ANN401 - geopandas is lax
        super().__init__(source)
        self.known = known

    def persistent_load(self, pid: Any) -> Any:  # noqa: ANN401 - as pickle has it
        """Return the geometries."""
        assert pid == _KNOWN
        return self.known.copy()


def serve() -> None:
    """Draw what comes through stdin, and answer through stdout: the other process's whole life."""
    source, answer = processes.pipes()
    from grannskap.maps import figure

    drawn, finest = pickle.load(source)  # noqa: S301 - our own
    shapes = figure.Shapes.ready(_elements(drawn.array), metres_per_mm=finest)
    results, view = _Unpacker(source, drawn.array).load()
    Thread(target=_end_with, args=(source.fileno(),), daemon=True).start()
    pickle.dump(pictures.draw(results, view, shapes=shapes), answer, pickle.HIGHEST_PROTOCOL)
    answer.flush()
    os._exit(0)


def _end_with(number: int) -> None:
    """End when whoever started this is gone, whatever is being drawn."""
    while os.read(number, 1):
        pass
    os._exit(1)
