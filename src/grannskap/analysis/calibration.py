"""The published segregation index, and how close each way of making it comes to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso
from grannskap.catalogue import SHARES
from grannskap.errors import DataError
from grannskap.measures import segregation

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.dataset import Dataset

__all__ = ["Calibration", "calibrate"]


@dataclass(frozen=True)
class Calibration:
    """How close each way of making the index comes to what was published.

    Attributes
    ----------
    table : pandas.DataFrame
        As `grannskap.segregation.calibrate` returns it, the closest way first.
    published : dict of str to float
        The published values of the municipalities that are there.
    areas : dict of str to int
        How many areas each of them has, that know every component.
    absent : tuple of str
        Municipalities of the study that are not there.
    components : tuple of str
        What the index was made of.
    all_areas : int
        How many areas the references of all areas are over.
    """

    table: pd.DataFrame
    published: dict[str, float]
    areas: dict[str, int]
    absent: tuple[str, ...]
    components: tuple[str, ...]
    all_areas: int


def calibrate(dataset: Dataset, options: Options) -> Calibration:
    """Try every way of making the segregation index against the four published values.

    Parameters
    ----------
    dataset : Dataset
        With data of 2017, of DeSO in the municipalities of the study.
    options : Options
        Its `segregation` names the components.

    Returns
    -------
    Calibration
        The distances.

    Raises
    ------
    DataError
        When the areas are not DeSO, there is no data of 2017, a component is not there, or no
        municipality of the study is.
    """
    if dataset.level != "deso":
        raise DataError("calibration of other areas")
    counts = _of_year(dataset)
    components = _components(counts, options.segregation.components)
    place = pd.Series(deso.municipality(components.index).to_numpy(), index=components.index)
    pooled = segregation.pooled_reference(counts, [str(name) for name in components])
    table = segregation.calibrate(components, place, pooled=pooled)
    known = place[components.notna().all(axis=1)].value_counts()
    there = [code for code in segregation.PUBLISHED if code in table]
    return Calibration(
        table=table,
        published={code: segregation.PUBLISHED[code] for code in there},
        areas={code: int(known.get(code, 0)) for code in there},
        absent=tuple(code for code in segregation.PUBLISHED if code not in there),
        components=tuple(map(str, components)),
        all_areas=len(components),
    )


def _of_year(dataset: Dataset) -> pd.DataFrame:
    """Return the counts of everybody in the year of the published values, on ``deso``."""
    years = sorted({year for year, group in dataset.years_and_groups() if group == "all"})
    if segregation.YEAR not in years:
        stated = [year for year in years if year]
        values = {"year": str(segregation.YEAR), "years": stated, "some": bool(stated)}
        raise DataError("no data of the study's year", values)
    counts = dataset.counts
    years_of, groups = (counts.index.get_level_values(name) for name in ("year", "group"))
    return counts[(years_of == segregation.YEAR) & (groups == "all")].droplevel(["year", "group"])


def _components(counts: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return each component of each area: a share of its counts, or an amount."""
    found: dict[str, pd.Series[Any]] = {}
    for name in names:
        share = SHARES.get(name)
        if share and {share.part, share.base} <= {*counts}:
            base = counts[share.base].astype("float64")
            found[name] = (counts[share.part] / base.where(base > 0)).clip(upper=1.0)
        elif name in counts:
            found[name] = counts[name].astype("float64")
    gone = [name for name in names if name not in found or found[name].isna().all()]
    if gone:
        raise DataError("calibration without a component", {"names": gone})
    return pd.DataFrame(found, index=counts.index)
