"""The variables behind the score, checked, and the yardstick each is put against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from grannskap.catalogue import SHARES
from grannskap.errors import ColumnError, DataError
from grannskap.measures import proportion
from grannskap.notes import Note, with_notes
from grannskap.wording import in_both

__all__ = [
    "checked_bounds",
    "checked_municipality",
    "checked_reference",
    "checked_values",
    "checked_weights",
    "municipal_medians",
    "pooled_reference",
    "present",
]


def present(components: pd.DataFrame, wanted: Sequence[str]) -> list[str]:
    """Return the wanted components that have a value somewhere."""
    there = [name for name in wanted if name in components and components[name].notna().any()]
    if not there:
        raise DataError("components without values", {"names": list(wanted)})
    return there


def checked_values(components: pd.DataFrame) -> pd.DataFrame:
    """Return the components as floats when all are numbers of 0 or more."""
    for name in components:
        column = components[name]
        if not pd.api.types.is_numeric_dtype(column.dtype):
            raise DataError("component of text", {"name": name, "type": str(column.dtype)})
        wrong = ~np.isfinite(column.dropna()) | (column.dropna() < 0)
        if wrong.any():
            raise DataError(
                "component below nothing",
                {"name": name, "count": int(wrong.sum()), "codes": list(wrong.index[wrong])},
            )
    return components.astype("float64")


def checked_municipality(index: pd.Index[Any], municipality: pd.Series[Any]) -> pd.Series[Any]:
    """Return each area's municipality when every area has one."""
    if not index.is_unique or not municipality.index.equals(index):
        raise DataError(
            "municipalities of other areas", {"count": len(municipality), "areas": len(index)}
        )
    if municipality.isna().any():
        raise DataError("areas without municipality", {"codes": list(index[municipality.isna()])})
    return municipality


def checked_weights(used: Sequence[str], weights: Mapping[str, float] | None) -> pd.Series[Any]:
    """Return the weights of the used components, which sum to 1."""
    if weights is None:
        return pd.Series(1 / len(used), index=list(used))
    chosen = _values_of(used, weights, what="errors.phrases.a weight")
    if not bool(np.isfinite(chosen).all()) or (chosen < 0).any() or chosen.sum() == 0:
        raise DataError(
            "weights of components",
            {"weights": [f"{name} = {value:g}" for name, value in chosen.items()]},
        )
    return chosen / chosen.sum()


def checked_reference(used: Sequence[str], reference: Mapping[str, float]) -> pd.Series[Any]:
    """Return the given references of the used components, all above 0."""
    chosen = _values_of(used, reference, what="errors.phrases.a reference")
    wrong = ~np.isfinite(chosen) | (chosen <= 0)
    if wrong.any():
        raise DataError(
            "references of components",
            {"references": [f"{name} = {value:g}" for name, value in chosen[wrong].items()]},
        )
    return chosen


def municipal_medians(values: pd.DataFrame, municipality: pd.Series[Any]) -> pd.DataFrame:
    """Return each area's reference: its municipality's median over areas, above 0."""
    medians = values.groupby(municipality.to_numpy()).transform("median")
    for name in medians:
        zero = medians[name] <= 0
        if zero.any():
            raise DataError(
                "median of nothing", {"name": name, "codes": sorted(municipality[zero].unique())}
            )
    return medians


def pooled_reference(counts: pd.DataFrame, components: Sequence[str]) -> pd.Series[Any]:
    """Value of each component over all areas together, in the component's own unit.

    A share is pooled: the sum of the part over the sum of the base, over areas that have both.
    An amount such as a median cannot be summed, and neither can a share whose counts are not
    there: it is the unweighted mean over areas, and a note says so.

    Parameters
    ----------
    counts : pandas.DataFrame
        Counts and amounts of one year, of everybody, on ``deso``; NaN is missing. It can hold
        more areas than are scored: a county, the country.
    components : sequence of str
        Names of shares, amounts or other columns.

    Returns
    -------
    pandas.Series of float
        A reference for `scores`, by component.

    Raises
    ------
    ColumnError
        When neither a component nor its counts are there.
    DataError
        When a part is greater than its base, or a component has no value in any area.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"employed": [90, 30], "working_age": [100, 100],
    ...                        "disposable_income": [300, 200]}, index=["0581C1010", "0581C1020"])
    >>> pooled_reference(counts, ["employment_rate", "disposable_income"]).tolist()
    [0.6, 250.0]
    """
    found: dict[str, float] = {}
    notes: list[Note] = []
    means: list[str] = []
    for name in components:
        share = SHARES.get(name)
        if share and {share.part, share.base} <= {*counts.columns}:
            both = counts[[share.part, share.base]].astype("float64").dropna()
            over = (both[share.part] - both[share.base]).to_numpy()
            notes += proportion.excess(
                over, both.index, part=share.part, base=share.base, share=share.name
            )
            part, base = both.sum()
            found[name] = min(part / base, 1.0) if base > 0 else np.nan
        elif name in counts:
            found[name] = float(counts[name].astype("float64").mean())
            means.append(name)
        else:
            raise ColumnError(
                "no column of component", {"name": name, "columns": list(counts.columns)}
            )
    empty = [name for name, value in found.items() if np.isnan(value)]
    if empty:
        raise DataError("component without any value", {"names": empty})
    pooled = pd.Series(found, name="reference", dtype="float64")
    return with_notes(pooled, [*notes, *_on_means(means)])


def _on_means(names: Sequence[str]) -> list[Note]:
    if not names:
        return []
    return [Note("references that are means", {"names": list(names)}, tuple(names))]


def checked_bounds(
    used: Sequence[str], bounds: Mapping[str, tuple[float, float]] | None
) -> pd.DataFrame:
    """Return the columns ``low`` and ``high`` of each used component's bounds."""
    given = bounds or {}
    _values_of(used, dict.fromkeys(given, 0.0), what="errors.phrases.bounds")
    table = pd.DataFrame([given[name] for name in used], index=list(used), columns=["low", "high"])
    finite = pd.Series(np.isfinite(table.to_numpy()).all(axis=1), index=table.index)
    wrong = ~(finite & (table["low"] < table["high"]))
    if wrong.any():
        raise DataError(
            "bounds of components",
            {"bounds": [f"{name}: {given[name]}" for name in table.index[wrong]]},
        )
    return table


def _values_of(used: Sequence[str], given: Mapping[str, float], *, what: str) -> pd.Series[Any]:
    absent = [name for name in used if name not in given]
    if absent:
        raise ColumnError(
            "components not given", {"what": in_both(what), "names": list(used), "absent": absent}
        )
    return pd.Series({name: float(given[name]) for name in used})
