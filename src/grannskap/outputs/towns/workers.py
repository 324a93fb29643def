"""Towns in several processes: each makes one at a time, and none is left behind."""

from __future__ import annotations

import _thread
import contextlib
import os
import pickle
import queue
import subprocess
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from grannskap.outputs import processes
from grannskap.outputs.towns.making import Outcome, Town, Work, make
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.language import Language

__all__ = ["made", "serve"]

_PATIENCE = 20.0
"""Seconds for which a process may clear away what it has begun."""

_GLANCE = 0.2
"""Seconds after which who waits for a town looks whether it was interrupted."""


def made(work: Work, towns: Sequence[Town], *, jobs: int) -> Generator[Outcome]:
    """Make towns, in as many processes as there are jobs, and tell of each when it is done.

    Parameters
    ----------
    work : Work
        What they are made from.
    towns : sequence of Town
        In the order in which they are begun.
    jobs : int
        At least 1; with 1, or where no other process can be started, they are made in this one.

    Yields
    ------
    Outcome
        In the order in which they are done.
    """
    wanted = min(jobs, len(towns))
    first = processes.start(__name__) if wanted > 1 else None
    if first is None:
        yield from (make(work, town) for town in towns)
        return
    staff = _Staff(work, [first])
    for town in towns:
        staff.waiting.put(town)
    with ThreadPoolExecutor(wanted) as pool, staff.at_work():
        pool.submit(staff.tend, first)
        for _ in range(wanted - 1):
            pool.submit(staff.tend, None)
        for _ in towns:
            yield staff.next()


@dataclass(frozen=True)
class _Staff:
    """The processes, what waits for them, and what they have done."""

    work: Work
    hired: list[subprocess.Popen[bytes]]
    waiting: queue.SimpleQueue[Town] = field(default_factory=queue.SimpleQueue)
    done: queue.SimpleQueue[Outcome] = field(default_factory=queue.SimpleQueue)
    ended: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """End all of them in any case: each clears away what it has begun."""
        try:
            yield
        finally:
            self.ended.set()
            for process in self.hired:
                _dismiss(process)

    def next(self) -> Outcome:
        """Wait for a town, however long, but not for an interrupt."""
        while True:
            with contextlib.suppress(queue.Empty):
                return self.done.get(timeout=_GLANCE)

    def tend(self, process: subprocess.Popen[bytes] | None) -> None:
        """Give one process a town after the other; another takes the place of one that died."""
        packed = pickle.dumps(self.work, pickle.HIGHEST_PROTOCOL)
        told = False
        while not self.ended.is_set():
            try:
                town = self.waiting.get_nowait()
            except queue.Empty:
                return
            if process is None:
                process, told = self._hire(), False
            outcome = _ask(process, town, None if told else packed)
            told = True
            if outcome is None:
                process = None
            self.done.put(outcome or _lost(town, self.work.view.language))

    def _hire(self) -> subprocess.Popen[bytes] | None:
        process = None if self.ended.is_set() else processes.start(__name__)
        if process is not None:
            self.hired.append(process)
        return process


def _lost(town: Town, language: Language) -> Outcome:
    return Outcome(town, 0.0, say("municipalities.process_died", language))


def _ask(process: subprocess.Popen[bytes] | None, town: Town, work: bytes | None) -> Outcome | None:
    """Have a process make a town; None where it is gone."""
    if process is None or process.stdin is None or process.stdout is None:
        return None
    try:
        process.stdin.write(work or b"")
        pickle.dump(town, process.stdin)
        process.stdin.flush()
        outcome: Outcome = pickle.load(process.stdout)  # noqa: S301 - our own
    except (OSError, EOFError, ValueError, pickle.UnpicklingError):
        return None
    return outcome


def _dismiss(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe, at which a process ends; one that does not is killed."""
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def serve() -> None:
    """Make the towns that come in, and tell of each: the whole life of one of the processes."""
    source, answer = processes.pipes()
    waiting: queue.SimpleQueue[Town | None] = queue.SimpleQueue()
    with contextlib.suppress(KeyboardInterrupt, EOFError):
        work = pickle.load(source)  # noqa: S301 - our own
        threading.Thread(target=_listen, args=(source, waiting.put), daemon=True).start()
        while (town := waiting.get()) is not None:
            pickle.dump(make(work, town), answer)
            answer.flush()
    os._exit(0)


def _listen(source: IO[bytes], put: Callable[[Town | None], None]) -> None:
    """Take in towns; interrupt what is being made when whoever asks for them is gone."""
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            put(pickle.load(source))  # noqa: S301 - our own
    put(None)
    _thread.interrupt_main()
