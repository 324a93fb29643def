"""What is asked of the maps, held against the data before anything is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import SHARES
from grannskap.errors import ProjectError
from grannskap.wording import in_both

if TYPE_CHECKING:
    from grannskap.analysis.view import View
    from grannskap.dataset import Dataset

__all__ = ["check_pictures"]

MOST_TOWNS = 12


def check_pictures(dataset: Dataset, view: View) -> None:
    """Refuse a picture that the data cannot make.

    Parameters
    ----------
    dataset : Dataset
        What was read.
    view : View
        What is asked for.

    Raises
    ------
    ProjectError
        When ``two-variables`` names one that is not there, or ``towns`` is asked of too few or
        too many whole municipalities.
    """
    if "two-variables" in view.map.also:
        _check_pair(dataset, view.map.variables)
    if "towns" in view.map.also:
        _check_towns(dataset, view)


def _check_pair(dataset: Dataset, pair: tuple[str, str]) -> None:
    there = set(dataset.variables)
    shares = [one.name for one in SHARES.values() if {one.part, one.base} <= there]
    known = [*shares, *dataset.variables]
    absent = [name for name in pair if name not in known]
    if absent or pair[0] == pair[1]:
        raise ProjectError(
            "no such pair",
            {
                "pair": in_both("errors.phrases.both", {"first": pair[0], "second": pair[1]}),
                "known": known,
                "absent": absent[0] if absent else None,
            },
        )


def _check_towns(dataset: Dataset, view: View) -> None:
    shown = dataset.geometry[view.mask(dataset.geometry.index)]
    towns = shown["municipality"][shown["complete"].to_numpy()].nunique()
    if not 2 <= towns <= MOST_TOWNS:
        raise ProjectError("too few or many towns", {"most": MOST_TOWNS, "towns": towns})
