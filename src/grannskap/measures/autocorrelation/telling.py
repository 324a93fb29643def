"""What the reader of a local test must be told: what was not tested, drawn, or bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grannskap.language import Text, counted
from grannskap.measures.autocorrelation.tails import smallest_p
from grannskap.notes import Note

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.alignment import Laid
    from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints
    from grannskap.measures.autocorrelation.options import Options

__all__ = ["Told", "told"]


@dataclass(frozen=True)
class Told:
    """What became of each area that has data.

    Attributes
    ----------
    tested : array of bool
        Whether it has a p.
    flat, undefined, few : arrays of bool
        Whether it has none because its group is constant, because its statistic would divide by
        nought, or because its group is too small.
    draws : array of int
        Draws behind p; 0 where there were none.
    excess : array
        How many times the true p it may be where it is a bound; else 1.
    """

    tested: Bools
    flat: Bools
    undefined: Bools
    few: Bools
    draws: Ints
    excess: Floats


def told(laid: Laid, areas: Told, options: Options) -> list[Note]:
    """Return the notes of a local test."""
    notes = []
    alone = (laid.degrees == 0) & ~areas.few
    if alone.any():
        notes.append(_alone(laid, alone))
    if areas.few.any():
        notes.append(_too_few(laid, areas.few))
    if areas.flat.any():
        notes.append(_flat(laid, areas.flat))
    if areas.undefined.any():
        notes.append(_undefined(laid, areas.undefined))
    if (areas.excess > 1).any():
        notes.append(_bounded(laid, areas.excess))
    drawn = areas.tested & (areas.draws > 0)
    if drawn.any() and options.inference == "exact":
        notes.append(_drawn(int(drawn.sum())))
    if drawn.any():
        notes.extend(_reach(int(areas.tested.sum()), options))
    return notes


def _named(laid: Laid, chosen: Bools) -> tuple[str, ...]:
    return tuple(str(code) for code in laid.index[laid.positions[chosen]].sort_values())


def _alone(laid: Laid, alone: Bools) -> Note:
    count = int(alone.sum())
    return Note(
        "areas without neighbours",
        Text(
            f"{counted(count, 'area').sv} saknar grannar med uppgift och testas inte.",
            f"{count} areas have no neighbours with data and are not tested.",
        ),
        _named(laid, alone),
    )


def _flat(laid: Laid, flat: Bools) -> Note:
    groups = laid.group_names[np.unique(laid.group[flat])]
    return Note(
        "constant groups",
        Text(
            f"{counted(len(groups), 'group').sv} har samma värde i alla områden; "
            f"deras {counted(int(flat.sum()), 'area').sv} har inget p och räknas inte som test.",
            f"{len(groups)} groups have the same value in all areas; "
            f"their {int(flat.sum())} areas have no p and do not count as tests.",
        ),
        tuple(str(name) for name in groups),
    )


def _undefined(laid: Laid, undefined: Bools) -> Note:
    count = int(undefined.sum())
    return Note(
        "statistic not defined",
        Text(
            f"För {counted(count, 'area').sv} är summan av alla andra områden noll; "
            "där finns ingen statistika, inget p och inget test.",
            f"For {count} areas all others sum to zero; "
            "they have no statistic and no p, and do not count as tests.",
        ),
        _named(laid, undefined),
    )


def _bounded(laid: Laid, excess: Floats) -> Note:
    count, most = int((excess > 1).sum()), f"{np.ceil(excess.max() * 10) / 10:.1f}"
    return Note(
        "p is a bound",
        Text(
            f"För {counted(count, 'area').sv} är p en övre gräns, aldrig för liten men upp till "
            f"{most.replace('.', ',')} gånger det sanna värdet, eftersom värdena är mycket skeva.",
            f"For {count} areas p is an upper bound, never too small but up to {most} times "
            "the true value, because the values are very skewed.",
        ),
        _named(laid, excess > 1),
    )


def _drawn(count: int) -> Note:
    return Note(
        "sampled in place of exact",
        Text(
            f"För {counted(count, 'area').sv} är p skattat med slumpade grannskap, "
            "eftersom statistikan där saknar en exakt väg.",
            f"For {count} areas p comes from random neighbourhoods, "
            "because the statistic has no exact way there.",
        ),
    )


def _too_few(laid: Laid, few: Bools) -> Note:
    groups = laid.group_names[np.unique(laid.group[few])]
    return Note(
        "too few areas to test",
        Text(
            f"{counted(len(groups), 'group').sv} "
            f"har för få områden för att något utfall ska kunna vara "
            f"ovanligt nog; deras {counted(int(few.sum()), 'area').sv} testas inte.",
            f"{len(groups)} groups have too few areas for any outcome to be rare enough; "
            f"their {int(few.sum())} areas are not tested.",
        ),
        tuple(str(name) for name in groups),
    )


def _reach(tests: int, options: Options) -> list[Note]:
    """Say when the draws are too few for a single area to be kept on its own."""
    alone = options.correction != "none"
    tests = tests if alone else 1
    burden = np.sum(1 / np.arange(1, tests + 1)) if options.correction == "by" else 1.0
    if smallest_p(options.permutations, options.alternative) * tests * burden <= options.fdr:
        return []
    needed = int(np.ceil(options.sides * tests * burden / options.fdr)) - 1
    return [
        Note(
            "too few permutations",
            Text(
                f"{_whole(options.permutations)} permutationer kan inte ge ett ensamt område "
                f"q ≤ {options.fdr:g} bland {_whole(tests)} test; det krävs {_whole(needed)}.",
                f"{_whole(options.permutations)} permutations cannot give a single area "
                f"q ≤ {options.fdr:g} among {_whole(tests)} tests; {_whole(needed)} would.",
            ),
        )
    ]


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
