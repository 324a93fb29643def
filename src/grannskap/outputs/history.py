"""Tables of what happened over all the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["over_years"]

_OF_SHARES = {
    "last_year": "last_year",
    "years": "over_years",
    "share_first": "over_first",
    "share_last": "over_last",
    "share_least": "over_least",
    "share_most": "over_most",
    "statistic": "over_statistic",
    "p": "over_p",
    "q": "over_q",
    "q_least": "over_q_least",
    "status": "over_became",
}


def over_years(results: Results, view: View) -> pd.DataFrame | None:
    """A row per share of a pole, segment between breaks, and area: did the share change at all.

    ``over_became`` is ``"changed"`` only where no possible counts leave it to chance; it does not
    say when, nor which way. Areas that were tested but are not shown are there too, with
    ``in_view`` false. None of a single year.
    """
    if results.history is None or results.history.shares.empty:
        return None
    found = results.history.shares
    shown = pd.Series(view.mask(results.areas.index), index=results.areas.index)
    here = shown.reindex(found.index.get_level_values("deso")).to_numpy()
    table = found.rename(columns=_OF_SHARES).assign(in_view=here)
    table.attrs = {}
    return table
