"""The score of living conditions, area by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation import components as parts
from grannskap.notes import Note, with_notes

__all__ = ["Method", "Recipe", "recipe", "scores"]

Method = Literal["relative", "geometric", "minmax"]

_KEY = "grannskap_score_recipe"


@dataclass(frozen=True)
class Recipe:
    """How a score was made: enough to make it again.

    Attributes
    ----------
    method : {"relative", "geometric", "minmax"}
        How the components were combined.
    weights : dict of str to float
        The used components and their weights, which sum to 1.
    absent : tuple of str
        Components that were asked for and had no values.
    reference : dict of str to float, or None
        The given references; None for the municipality's medians, or with ``minmax``.
    bounds : dict of str to (float, float), or None
        The stated bounds, with ``minmax``.
    """

    method: Method
    weights: dict[str, float]
    absent: tuple[str, ...] = ()
    reference: dict[str, float] | None = None
    bounds: dict[str, tuple[float, float]] | None = None


def scores(
    components: pd.DataFrame,
    municipality: pd.Series[Any],
    *,
    method: Method = "relative",
    wanted: Sequence[str] | None = None,
    weights: Mapping[str, float] | None = None,
    reference: Mapping[str, float] | pd.Series[Any] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> pd.Series[Any]:
    r"""Living conditions of each area; 1 is as the reference (0–1 with ``minmax``), 0 … ∞.

    ``relative``: :math:`s_i = \sum_j w_j x_{ij} / r_j`, the weighted mean of what each
    component is of its reference. ``geometric``: :math:`s_i = \prod_j (x_{ij}/r_j)^{w_j}`.
    ``minmax``: :math:`s_i = \sum_j w_j (x_{ij} - a_j) / (b_j - a_j)` between stated
    bounds, values outside them counted as the bound. How the published index combined its
    variables is not known; a note says so.

    Parameters
    ----------
    components : pandas.DataFrame of float
        A column per variable, more is better, on ``deso``; NaN is missing.
    municipality : pandas.Series of str
        The municipality of each area, on the same index.
    method : {"relative", "geometric", "minmax"}
        How the components are combined.
    wanted : sequence of str, optional
        The components asked for; the frame's columns unless given. One that is absent, or
        missing everywhere, is left out and a note says which were used.
    weights : mapping, optional
        Component to weight, 0 or more; equal unless given.
    reference : mapping or pandas.Series, optional
        Component to reference, above 0: the country's value, so that municipalities share
        one yardstick. The median of the municipality's areas unless given.
    bounds : mapping, optional
        Component to (low, high); needed by ``minmax``, refused by the others.

    Returns
    -------
    pandas.Series of float
        The score, named ``score``. NaN where a used component is missing; a note counts
        them. `recipe` tells how it was made.

    Raises
    ------
    DataError
        When nothing is there to use, indexes differ, a value is negative, a reference is
        0 or less, or an option does not belong to the method.
    ColumnError
        When a used component has no weight, reference or bounds.

    References
    ----------
    Grander, M. (2020). Follow-up research of Allmännyttans innovationslabb. Malmö
    universitet.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"employment_rate": [0.4, 0.8, 0.8], "income": [100, 200, 300]},
    ...                      index=["0581C1010", "0581C1020", "0581C1030"])
    >>> scores(table, table.index.to_series().str[:4]).tolist()
    [0.5, 1.0, 1.25]
    """
    asked = list(components.columns if wanted is None else wanted)
    used = parts.present(components, asked)
    values = parts.checked_values(components[used])
    municipality = parts.checked_municipality(values.index, municipality)
    _refuse_stray_options(method, reference, bounds)
    shares = parts.checked_weights(used, weights)
    absent = tuple(name for name in asked if name not in used)
    made = Recipe(method, _plain(shares), absent)
    notes: list[Note] = []
    if method == "minmax":
        score, made, notes = _minmax(values, shares, made, bounds)
    elif reference is None:
        score = _relative(values / parts.municipal_medians(values, municipality), shares, method)
    else:
        yardstick = parts.checked_reference(used, {str(n): float(v) for n, v in reference.items()})
        made = Recipe(method, made.weights, absent, reference=_plain(yardstick))
        score = _relative(values / yardstick, shares, method)
    return _finished(score, made, notes)


def recipe(scores: pd.Series[Any]) -> Recipe:
    """How a score was made: method, weights, reference or bounds.

    Parameters
    ----------
    scores : pandas.Series of float
        As `scores` gave them.

    Returns
    -------
    Recipe
        What would make them again.

    Raises
    ------
    DataError
        When the series carries none.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"income": [100, 200]}, index=["0581C1010", "0581C1020"])
    >>> recipe(scores(table, table.index.to_series().str[:4])).weights
    {'income': 1.0}
    """
    made = scores.attrs.get(_KEY)
    if made is None:
        raise DataError("scores of unknown making")
    bounds = made["bounds"]
    return Recipe(
        method=made["method"],
        weights=dict(made["weights"]),
        absent=tuple(made["absent"]),
        reference=made["reference"] and dict(made["reference"]),
        bounds=bounds and {name: (low, high) for name, (low, high) in bounds.items()},
    )


def _refuse_stray_options(method: str, reference: object, bounds: object) -> None:
    if method not in ("relative", "geometric", "minmax"):
        raise DataError("no such method of scores", {"method": repr(method)})
    stray = reference if method == "minmax" else bounds
    if stray is not None:
        raise DataError("bounds with another method", {"method": method})


def _relative(relatives: pd.DataFrame, weights: pd.Series[Any], method: str) -> pd.Series[Any]:
    if method == "relative":
        return (relatives * weights).sum(axis=1, skipna=False)
    return (relatives**weights).prod(axis=1, skipna=False)


def _minmax(
    values: pd.DataFrame,
    weights: pd.Series[Any],
    made: Recipe,
    bounds: Mapping[str, tuple[float, float]] | None,
) -> tuple[pd.Series[Any], Recipe, list[Note]]:
    table = parts.checked_bounds(list(made.weights), bounds)
    stated = {str(name): (float(low), float(high)) for name, low, high in table.itertuples()}
    placed = (values - table["low"]) / (table["high"] - table["low"])
    beyond = ((placed < 0) | (placed > 1)).any(axis=1)
    notes = []
    if beyond.any():
        told = {"areas": int(beyond.sum())}
        notes.append(Note("values beyond bounds", told, tuple(map(str, values.index[beyond]))))
    score = (placed.clip(0, 1) * weights).sum(axis=1, skipna=False)
    return score, Recipe(made.method, made.weights, made.absent, bounds=stated), notes


def _finished(score: pd.Series[Any], made: Recipe, notes: list[Note]) -> pd.Series[Any]:
    told = score.rename("score")
    told.attrs = {**told.attrs, _KEY: _written(made)}
    return with_notes(told, [_on_combination(made), *notes, *_on_gaps(score)])


def _written(made: Recipe) -> dict[str, Any]:
    """Return the recipe as plain JSON data, which a frame can carry wherever it goes."""
    bounds = None if made.bounds is None else {n: list(pair) for n, pair in made.bounds.items()}
    return {**asdict(made), "absent": list(made.absent), "bounds": bounds}


def _on_combination(made: Recipe) -> Note:
    values = {
        "complete": not made.absent,
        "used": list(made.weights),
        "absent": list(made.absent),
        "method": made.method,
    }
    return Note("components used", values, tuple(made.weights))


def _on_gaps(score: pd.Series[Any]) -> list[Note]:
    gone = score.index[score.isna()]
    if gone.empty:
        return []
    return [Note("areas without a score", {"areas": len(gone)}, tuple(map(str, gone)))]


def _plain(values: pd.Series[Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in values.items()}
