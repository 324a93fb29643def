"""The protected counts as a register file, whose first line says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, Status, lower_column, status_column, upper_column
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View

__all__ = ["protected"]

_HIDDEN = ".."


def protected(results: Results, view: View) -> bytes | None:
    """Return the counts of every area, year and group; None where no gate stood before them.

    A title line, a header and a row for each area, year and group, with semicolons; a hidden
    count is ``..``, as SCB writes it, and its bounds stand in columns of their own. The file can
    be read as a register.

    Parameters
    ----------
    results : Results
        Of a protected dataset.
    view : View
        The language of the title.

    Returns
    -------
    bytes or None
        UTF-8.
    """
    rules = results.dataset.protection
    if rules is None:
        return None
    counts = results.dataset.counts
    names = [name for name in results.dataset.variables if name not in AMOUNTS]
    told = counts[[]].copy()
    for name in names:
        told[name] = _told(counts, name)
        told[f"{name}_at_least"] = counts[lower_column(name)].map(_whole)
        told[f"{name}_at_most"] = counts[upper_column(name)].map(_whole)
    title = say(
        "report.page.protected_register",
        view.language,
        {"threshold": rules["threshold"], "width": int(rules["width"] or rules["threshold"])},
    )
    rows = told.reset_index().to_csv(index=False, sep=";", lineterminator="\n")
    return f'"{title}"\n{rows}'.encode()


def _told(counts: pd.DataFrame, name: str) -> pd.Series[str]:
    hidden = counts[status_column(name)].eq(Status.SUPPRESSED.value)
    return counts[name].map(_whole).mask(hidden, _HIDDEN)


def _whole(number: float) -> str:
    return f"{number:.0f}" if abs(number) < float("inf") else ""
