"""Every measure once: areas and places of every level, year and group, in one shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
import pandas as pd

from grannskap.analysis.results import SHAPE, Measured
from grannskap.analysis.stack import Stack
from grannskap.catalogue import SHARES, Share
from grannskap.measures import autocorrelation, balance, indicators, proportion
from grannskap.notes import Note

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.counts import Counts
    from grannskap.dataset import Dataset

__all__ = ["Estimates", "estimates", "whole_stack"]

INDEPENDENT = "independent households with equal odds"
ALIKE = "households of one area are alike: beta-binomial with the stated dispersion"

_BEHIND = (
    *("low", "high", "mean_of_ratios", "lowest", "lowest_area", "lowest_areas"),
    *("highest", "highest_area", "highest_areas", "areas", "areas_without_high"),
    *("areas_without_either", "areas_rounded_to_zero", "areas_missing"),
)


class Chance(TypedDict):
    """How sure an interval is, and how alike those of one area are taken to be."""

    confidence: float
    dispersion: float


@dataclass(frozen=True)
class Estimates:
    """What is measured by counting, and what stands behind it.

    Attributes
    ----------
    measured : dict of str to Measured
        The balance, every share, and where two years are compared their changes.
    sums : pandas.DataFrame
        What stands behind the balance of places.
    change : pandas.DataFrame or None
        The change of each area's balance, everybody.
    change_sums : pandas.DataFrame or None
        The balance of places then and now.
    notes : tuple of Note
        Which areas are in no sum, and which shares were limited.
    """

    measured: dict[str, Measured]
    sums: pd.DataFrame
    change: pd.DataFrame | None
    change_sums: pd.DataFrame | None
    notes: tuple[Note, ...]


def whole_stack(dataset: Dataset, members: pd.DataFrame) -> Stack:
    """Stack every year and group of a dataset."""
    settings = dataset.years_and_groups()
    tags = [
        f"{year or ''} {group}".strip() if len(settings) > 1 else "" for year, group in settings
    ]
    return Stack.of(dataset, members, settings, tags)


def estimates(
    stack: Stack, members: pd.DataFrame, asked: Options, years: tuple[int, int] | None
) -> Estimates:
    """Measure all that is counted, and the change between two years where they are given."""
    of_balance, sums, lacking = _balances(stack, asked)
    shares, limited = _shares(stack, asked)
    measured = {"balance": of_balance, **_common(stack.dataset, members, asked), **shares}
    notes = (*lacking, *limited)
    if years is None:
        return Estimates(measured, sums, None, None, notes)
    both = _pair_of_stacks(stack.dataset, members, years)
    changed, change, behind = _balance_changes(both, asked, years)
    measured["balance_change"] = changed
    measured |= _share_changes(stack, both, shares, asked, years)
    return Estimates(measured, sums, change, behind, notes)


def _chance(asked: Options) -> Chance:
    return {"confidence": asked.balance.confidence, "dispersion": asked.balance.dispersion}


def _of_balance(name: str, table: pd.DataFrame, asked: Options, **more: object) -> Measured:
    options = asked.balance
    return Measured(
        name,
        table,
        unit="log2" if name == "balance_change" else "low per high",
        model=ALIKE if options.dispersion else INDEPENDENT,
        parameters={"low": options.low, "high": options.high, **_chance(asked), **more},
    )


def _balances(stack: Stack, asked: Options) -> tuple[Measured, pd.DataFrame, tuple[Note, ...]]:
    """The balance of every area and place, and what stands behind that of places."""
    low, high = (stack.count(name) for name in (asked.balance.low, asked.balance.high))
    areas = balance.areas(low, high, **_chance(asked))
    places = balance.places(low, high, stack.held, **_chance(asked))
    behind = stack.of_places(places[list(_BEHIND)])
    for end in ("lowest_area", "highest_area"):  # a label is an area in a setting
        behind[end] = (
            behind[end].map(lambda label: label.split(" ")[0], na_action="ignore").astype(object)
        )
    measured = _of_balance("balance", stack.table(areas, places), asked, basis=asked.balance.basis)
    return measured, behind, _lacking(stack, low.value.isna() | high.value.isna(), areas)


def _lacking(stack: Stack, unknown: pd.Series[Any], areas: pd.DataFrame) -> tuple[Note, ...]:
    """Name the areas that are in no sum, and those where nobody is in either category."""
    notes = []
    gone = stack.by_code(unknown.to_numpy())
    if gone:
        values = {"areas": len(gone), "of": "settings"}
        notes.append(Note("areas without counts", values, gone))
    everybody = [i for i, (_, group) in enumerate(stack.settings) if group == "all"]
    empty = areas["status"].eq("nobody either").to_numpy().reshape(len(stack.settings), -1)
    nobody = stack.dataset.geometry.index[empty[everybody].any(axis=0)]
    if len(nobody):
        nowhere = tuple(map(str, nobody))
        notes.append(Note("areas with nobody in either pole", {"areas": len(nobody)}, nowhere))
    return tuple(notes)


def _common(dataset: Dataset, members: pd.DataFrame, asked: Options) -> dict[str, Measured]:
    """The balance of places on the areas that every year knows, so that years can be compared."""
    settings = [
        (year, group)
        for year, group in dataset.years_and_groups()
        if sum(one == group for _, one in dataset.years_and_groups()) > 1
    ]
    if not settings:
        return {}
    stack = Stack.of(dataset, members, settings, [f"{year} {group}" for year, group in settings])
    low, high = (stack.count(name) for name in (asked.balance.low, asked.balance.high))
    known = np.array(low.value.notna() & high.value.notna()).reshape(len(settings), -1)
    groups = np.array([group for _, group in settings])
    for group in set(groups):
        known[groups == group] = known[groups == group].all(axis=0)
    kept = stack.members[stack.members["deso"].isin(stack.labels[known.ravel()]).to_numpy()]
    if kept.empty:
        return {}
    places = balance.places(low, high, kept, **_chance(asked))
    size = stack.areas_of_places
    places = places.reindex(size.index)
    places["areas"] = places["areas"].fillna(0)
    places["areas_missing"] = size - places["areas"]
    table = stack.of_places(places)
    shaped = table.reindex(columns=list(SHAPE))
    return {"balance_common": _of_balance("balance_common", shaped, asked)}


def _shares(stack: Stack, asked: Options) -> tuple[dict[str, Measured], tuple[Note, ...]]:
    """Every share whose part and base are both there, of every area and place."""
    found, notes = {}, []
    there = set(stack.dataset.variables)
    shares = [share for share in SHARES.values() if {share.part, share.base} <= there]
    counts = _counts(stack, shares)
    for share in shares:
        part, base = counts[share.part], counts[share.base]
        areas = proportion.areas(part, base, **_chance(asked))
        places = proportion.places(part, base, stack.held, **_chance(asked))
        found[share.name] = _of_share(share, stack.table(areas, places), asked)
        over = (part.value > base.value).to_numpy()
        if over.any():
            notes.append(_limited(share, stack.by_code(over)))
    return found, tuple(notes)


def _counts(stack: Stack, shares: Iterable[Share]) -> dict[str, Counts]:
    """Every part and base, stacked once: several shares have one base."""
    names = dict.fromkeys(name for share in shares for name in (share.part, share.base))
    return {name: stack.count(name) for name in names}


def _of_share(share: Share, table: pd.DataFrame, asked: Options) -> Measured:
    return Measured(
        share.name,
        table,
        unit="share",
        model=ALIKE if asked.balance.dispersion else INDEPENDENT,
        parameters={"part": share.part, "base": share.base, **_chance(asked)},
    )


def _limited(share: Share, codes: tuple[str, ...]) -> Note:
    values = {"named": True, "share": share.name, "areas": len(codes)}
    return Note("shares limited", values, codes)


# --- Comparisons between two years: always over the areas known in both -------------------


def _pair_of_stacks(
    dataset: Dataset, members: pd.DataFrame, years: tuple[int, int]
) -> tuple[Stack, Stack]:
    """Stack the groups that both years have, with the same labels in both."""
    there = set(dataset.years_and_groups())
    groups = [g for g in dataset.groups if all((year, g) in there for year in years)]
    tags = [group if len(groups) > 1 else "" for group in groups]
    then, now = (Stack.of(dataset, members, [(y, g) for g in groups], tags) for y in years)
    return then, now


def _balance_changes(
    stacks: tuple[Stack, Stack], asked: Options, years: tuple[int, int]
) -> tuple[Measured, pd.DataFrame, pd.DataFrame]:
    names = (asked.balance.low, asked.balance.high)
    counts = [stack.count(name) for stack in stacks for name in names]
    now = stacks[1]
    areas = _areas_of_change(now, counts, asked)
    then_low, then_high, now_low, now_high = counts
    places = balance.change_of_places(
        then_low, then_high, now_low, now_high, now.held, correction="none", **_chance(asked)
    )
    places["q"] = _by_family(places["p"], now)
    table = now.table(areas, places)
    geometry = now.dataset.geometry
    everybody = areas[: len(geometry)].set_axis(geometry.index)
    behind = now.of_places(places[["ratio_then", "ratio_now", "areas"]])
    changed = _of_balance("balance_change", table, asked, compared_with=years[0])
    return changed, everybody, behind


def _by_family(p: pd.Series[Any], stack: Stack) -> pd.Series[Any]:
    """Adjust p over the places of one level and group: each is a family of its own."""
    key = stack.key[stack.size :]
    p = p.reindex(range(len(key)))
    adjusted = pd.Series(np.nan, index=p.index)
    for _, rows in p.groupby([key.get_level_values("level"), key.get_level_values("group")]):
        adjusted[rows.index] = autocorrelation.adjust(rows.to_numpy(), "bh")
    return adjusted


def _areas_of_change(now: Stack, counts: Sequence[Any], asked: Options) -> pd.DataFrame:
    """Each group is a family of its own: how many areas others test is no matter to it."""
    size = len(now.dataset.geometry)
    parts = []
    for start in range(0, now.size, size):
        own = [one.at(now.labels[start : start + size]) for one in counts]
        parts.append(balance.change(*own, **_chance(asked)))
    return pd.concat(parts)


def _share_changes(
    whole: Stack,
    stacks: tuple[Stack, Stack],
    shares: dict[str, Measured],
    asked: Options,
    years: tuple[int, int],
) -> dict[str, Measured]:
    """The change of each share, in 0–1; that of places is tested, that of areas is not."""
    counts = [_counts(stack, [SHARES[name] for name in shares]) for stack in stacks]
    found = {}
    for name, one in shares.items():
        share = SHARES[name]
        areas = _difference([whole.areas_in(one.table, stack) for stack in stacks])
        then, now = ((held[share.part], held[share.base]) for held in counts)
        places = indicators.change(then, now, stacks[1].held, dispersion=asked.balance.dispersion)
        places["q"] = _by_family(places["p"], stacks[1])
        found[f"{name}_change"] = Measured(
            f"{name}_change",
            stacks[1].table(areas, places),
            unit="share",
            model=ALIKE if asked.balance.dispersion else INDEPENDENT,
            parameters={"compared_with": years[0], "part": share.part, **_chance(asked)},
        )
    return found


def _difference(pair: Sequence[pd.DataFrame]) -> pd.DataFrame:
    then, now = pair
    return pd.DataFrame(
        {
            "estimate": now["estimate"] - then["estimate"],
            "lower": now["lower"] - then["upper"],
            "upper": now["upper"] - then["lower"],
            "status": now["status"].where(now["status"] != "value", then["status"]),
        }
    )
