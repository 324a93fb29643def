"""Tables of the segregation taken apart: its parts, its scale, and its change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from grannskap.catalogue import group_label
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["CHANGES", "PARTITIONS", "added", "called", "change", "parts", "profile"]

PARTITIONS = ("municipality", "kind", "neighbourhood", "tenure")
"""What a place can be parted by."""

CHANGES = (
    *("before", "after", "difference", "additions", "removals"),
    *("group_sizes", "area_sizes", "structure"),
)
"""The rows of a change of segregation, in their order."""

_HEADS = {
    "total": "report.parts.total",
    "between": "report.parts.between",
    "within": "report.parts.within",
    "others": "report.parts.others",
}
"""The rows of a partition that are of several of its parts together."""

_OF_PARTS = {
    "value": "parted",
    "contribution": "parted_contribution",
    "even": "parted_even",
}


def parts(results: Results, view: View) -> pd.DataFrame | None:
    """A row per part of what is shown: its own H, and what of the whole it makes up.

    ``between`` and the parts' ``parted_contribution`` sum to that of ``total``, and
    ``parted_share`` to 1; ``parted_even`` is what chance alone would make. None where the place
    has no parts, or was not taken apart.
    """
    anatomy = view.anatomy(results)
    if anatomy is None or anatomy.parts.empty:
        return None
    found = anatomy.parts.rename(columns=_OF_PARTS)
    whole = found["parted"].xs("total", level="part")
    partitions = found.index.get_level_values("partition")
    names = [called(results, view, str(one), str(part)) for one, part in found.index]
    found.insert(0, "part_name", names)
    share = found["parted_contribution"] / whole.reindex(partitions).to_numpy()
    found.insert(3, "parted_share", share)
    return found.drop(columns="people")


def profile(results: Results, view: View) -> pd.DataFrame | None:
    """A row per size of the surroundings: the measures over the nearest so many of both groups.

    Neighbouring areas share most of their surroundings, so no column of it is tested.
    """
    anatomy = view.anatomy(results)
    if anatomy is None or anatomy.profile is None:
        return None
    found = anatomy.profile.rename(columns=_OF_PROFILE).rename_axis("nearest")
    found.attrs = {}
    return found


def added(results: Results, view: View) -> pd.DataFrame | None:
    """What is told of each area that is shown; None where nothing was taken apart."""
    anatomy = view.anatomy(results)
    return None if anatomy is None else anatomy.areas


def change(results: Results, view: View) -> pd.DataFrame | None:
    """A row per part of the change of segregation between two years, in nats; they sum to it.

    ``change_share`` is what of the difference each makes up, which may be below 0.
    """
    anatomy = view.anatomy(results)
    if anatomy is None or anatomy.change is None:
        return None
    found = anatomy.change
    table = pd.DataFrame({"information": found[list(CHANGES)]}).rename_axis("change_part")
    whole = float(found["difference"])
    shares = table["information"] / whole if whole else table["information"] * float("nan")
    return table.assign(change_share=shares.where(~table.index.isin(["before", "after"])))


_OF_PROFILE = {
    "dissimilarity": "nearest_dissimilarity",
    "theil_h": "nearest_theil_h",
    "isolation": "nearest_isolation",
    "isolation_of_second": "nearest_isolation_of_second",
}


def called(results: Results, view: View, partition: str, part: str) -> str:
    """Return what a part of the place is called: a municipality, a kind of locality, a tenure."""
    if part in _HEADS:
        return say(_HEADS[part], view.language, {"of": partition})
    if partition == "municipality":
        named = results.areas["municipality_name"][results.areas["municipality"] == part]
        return str(named.iloc[0])
    if partition == "kind":
        return say("report.parts.kind", view.language, {"kind": part})
    return group_label(part)(view.language) if partition == "tenure" else part
