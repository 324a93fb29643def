"""How wide the bounds of a balance are that was made from rounded shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.maps import style
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["told"]


def told(results: Results, view: View) -> tuple[str, ...]:
    """Say how wide the bounds are, and how many areas could be of another class; else nothing."""
    asked = results.options.balance
    rounded = {note.values.get("column") for note in results.notes if note.kind == _ROUNDED}
    if not rounded & {asked.low, asked.high}:
        return ()
    shown = view.shown(results)
    table = results.at("balance", "area").reindex(shown.index)
    known = table["estimate"].notna().to_numpy()
    ratios = (table["upper"] / table["lower"])[known].to_numpy(dtype=float)
    ratios = ratios[np.isfinite(ratios)]
    whole = results.row("balance", view.whole(results))
    if not len(ratios) or not 0 < whole["lower"] < whole["upper"] < np.inf:
        return ()
    values = {
        "median": float(np.median(ratios)),
        "most": float(ratios.max()),
        "whole": float(whole["upper"] / whole["lower"]),
        "place": view.whole_name(results),
    }
    edges = style.BALANCE_EDGES if view.balance_edges is None else view.balance_edges
    doubt = style.doubtful(
        table["estimate"], style.balance(edges=edges), lower=table["lower"], upper=table["upper"]
    )
    said = say("report.method.width", view.language, values)
    more = say("report.method.doubt", view.language, {"areas": int(doubt.sum())})
    return (f"{said} {more}" if doubt.any() else said,)


_ROUNDED = "rounded from per cent"
