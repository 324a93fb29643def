"""Tables of the segregation taken apart: its parts, its scale, and its change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.analysis import series
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
    """A row per measure and part of the change of segregation between two years.

    The parts of the mutual information (in nats) sum to its difference in ``evenness_raw``, and
    ``change_share`` is what of it each makes up, which may be below 0. A part and a difference have
    the interval of the true one, which holds ``evenness_corrected``; ``before`` and ``after`` have
    none, and neither has anything that was not held against chance.
    """
    anatomy = view.anatomy(results)
    if anatomy is None or anatomy.change is None:
        return None
    found = anatomy.change
    rows: dict[tuple[str, str], dict[Any, Any]] = {
        ("information", name): {"estimate": float(found[name])} for name in CHANGES
    }
    if anatomy.tested is not None and anatomy.tested_parts is not None:
        for name, part in anatomy.tested_parts.iterrows():
            rows["information", str(name)] |= part.to_dict()
        for measure, row in anatomy.tested.iterrows():
            rows |= {(str(measure), end): {"estimate": row[end]} for end in _ENDS}
            own = row.drop(list(_ENDS)).rename({"difference": "estimate"})
            rows[str(measure), "difference"] = own.to_dict()
    table = pd.DataFrame.from_dict(rows, orient="index")
    table = table.reindex(columns=[*_OF_CHANGE]).rename(columns=_OF_CHANGE)
    table["change_share"] = _of_difference(found)
    table["areas"] = int(found["areas"])
    table["evenness_status"] = table["evenness_lower"].map(
        lambda end: "estimate alone" if pd.isna(end) else "ok"
    )
    keys = [
        (view.whole_name(results), results.year, measure, part) for measure, part in table.index
    ]
    names = ["place", "year", "measure", "change_part"]
    balance = results.options.balance
    told = series.with_break(table, results, (balance.low, balance.high))
    return told.set_axis(pd.MultiIndex.from_tuples(keys, names=names))


_ENDS = ("before", "after")
_OF_CHANGE = {
    "corrected": "evenness_corrected",
    "lower": "evenness_lower",
    "upper": "evenness_upper",
    "se": "evenness_se",
    "estimate": "evenness_raw",
    "bias": "evenness_bias",
    "p": "p",
}


def _of_difference(change: pd.Series[Any]) -> pd.Series[Any]:
    """What of the difference each part makes up."""
    whole = float(change["difference"])
    parts = [name for name in CHANGES if name not in _ENDS]
    share = change[parts] / whole if whole else change[parts] * float("nan")
    keys = [("information", name) for name in parts]
    return share.set_axis(pd.MultiIndex.from_tuples(keys))


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
