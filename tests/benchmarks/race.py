"""Two ways of the same work beside each other, in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """One line of the table: the best time of each, and what was promised."""

    work: str
    peer: str
    ours: float
    theirs: float
    at_least: float

    @property
    def ratio(self) -> float:
        return self.theirs / self.ours

    def line(self) -> str:
        """Say the result in one line of the table."""
        return (
            f"{self.work:<52} {self.ours:9.3f} s  {self.peer:<38} {self.theirs:9.3f} s"
            f"  {self.ratio:7.1f} ×  (at least {self.at_least:g})"
        )


HEADING = f"{'work':<52} {'ours':>11}  {'peer':<38} {'theirs':>11}  {'ratio':>9}"

RESULTS: list[Result] = []


def run(
    benchmark: Any,
    ours: Callable[[], Any],
    theirs: Callable[[], Any],
    *,
    work: str,
    peer: str,
    at_least: float,
    rounds: int = 3,
) -> tuple[Any, Any]:
    """Time both, in turns so that a busy machine slows both; return what each gave.

    Each counts with its best round. The promised ratio is asserted.
    """
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    answers: dict[str, Any] = {}
    for _ in range(rounds):
        # The short one is easily disturbed, so it gets more tries.
        for name, act in (("theirs", theirs), *[("ours", ours)] * 4):
            start = time.perf_counter()
            answers[name] = act()
            times[name].append(time.perf_counter() - start)
    benchmark.pedantic(ours, rounds=rounds, iterations=1)
    best = min(*times["ours"], benchmark.stats.stats.min)
    result = Result(work, peer, best, min(times["theirs"]), at_least)
    benchmark.extra_info.update(peer=peer, theirs=result.theirs, ratio=result.ratio)
    RESULTS.append(result)
    assert result.ratio >= at_least, result.line()
    return answers["ours"], answers["theirs"]
