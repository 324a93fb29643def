"""Counting: households of rows become counts by area, year, group and quartile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.notes import Note
from grannskap.sources.microdata import bounds as bounds_of
from grannskap.sources.microdata import telling
from grannskap.sources.microdata.asked import QUARTILES, TENURES, Asked
from grannskap.sources.microdata.checking import check_columns, check_types
from grannskap.sources.microdata.engine import opened
from grannskap.sources.microdata.households import (
    CELL,
    FIRST,
    NOT_COUNTED,
    REASONS,
    of_rows,
    on_two_rows,
    with_two_areas,
)
from grannskap.sources.microdata.packing import area_names

__all__ = ["STEPS", "Counted", "count"]

STEPS = ("households", "bounds", "counts")
"""What is told as each step of counting begins."""

_KEYS = ["deso", "year"]


@dataclass(frozen=True)
class Counted:
    """Counts of microdata, and what they rest on.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index ``deso``, ``year`` and ``group``, sorted; whole counts under the catalogue's names,
        and ``disposable_income``, the median of the area's households in kronor per unit.
    bounds : mapping of int to tuple of float
        The upper bounds of the three lower quartiles by year, kronor per unit.
    notes : tuple of Note
        What was refused or left out, by reason.
    rows : int
        How many rows were read.
    """

    frame: pd.DataFrame
    bounds: Mapping[int, tuple[float, ...]]
    notes: tuple[Note, ...]
    rows: int


def count(
    asked: Asked,
    *,
    spill: Path | None = None,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Counted:
    r"""Households by area, year, group and quartile of purchasing power; whole numbers.

    A household's income per consumption unit is its members' income after tax over its units
    (`Scale`). The quartile of a household is that of the whole country's households of the
    year: bound *k* is the least value that at least *k* fourths of them do not exceed, and
    every household on a bound belongs below it.

    Parameters
    ----------
    asked : Asked
        Where the rows are, what they hold, and by which rules.
    spill : pathlib.Path, optional
        A folder for what memory cannot hold.
    on_step : callable, optional
        Told each of `STEPS` as it begins.

    Returns
    -------
    Counted
        A household with a row that cannot be right is refused whole, and counted by reason;
        of one whose income is not known the persons are counted, but it has no quartile.

    Raises
    ------
    ColumnError
        When a column is not there, or of another type.
    DataError
        When a household lives in two areas, or no household is left.
    InputFileError
        When the engine is not installed, or the rows are not there.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "rows.csv"
    >>> rows = "h,deso,age,kr\n1,9999A0010,40,290000\n1,9999A0010,41,200000\n"
    >>> _ = file.write_text(rows + "1,9999A0010,9,0\n1,9999A0010,7,0\n")
    >>> columns = {"household": "h", "area": "deso", "age": "age", "income": "kr"}
    >>> found = count(Asked(str(file), columns, year=2017))
    >>> found.bounds[2017][0], int(found.frame["low"].iloc[0])
    (200000.0, 1)
    """
    check_columns(asked)
    with opened(asked, spill=spill) as engine:
        on_step("households")
        rows = engine.rows(asked)
        check_types(rows, asked)
        kept = _read(engine.kept(of_rows(rows, asked), "households"))
        on_step("bounds")
        bounds = bounds_of.of_country(kept, asked)
        on_step("counts")
        cells = _cells(kept, bounds, asked)
        _refuse_errors(cells, rows, asked)
        medians = _medians(kept, asked) if asked.medians else None
    told = telling.by_reason(cells)
    placed = cells[~cells["reason"].isin(NOT_COUNTED)]
    if placed.empty:
        raise DataError("no household in microdata", {"rows": int(told["rows"].sum())})
    frame = _grouped(placed, medians, asked)
    tied = cells.groupby("year")["ties"].sum()
    ties = {year: int(tied.get(year, 0)) for year in bounds}
    notes = (*telling.refused(told), *telling.ruled(told), *telling.placed(bounds, ties, asked))
    return Counted(frame, bounds, notes, int(told["rows"].sum()))


def _read(kept: Any) -> Any:  # noqa: ANN401 - Ibis has no types of its own
    """Add each household's year and area to what is kept of it, as they are asked for."""
    return kept.mutate(year=CELL.part(kept.cell, "year") + FIRST, area=CELL.part(kept.cell, "area"))


def _refuse_errors(cells: pd.DataFrame, rows: Any, asked: Asked) -> None:  # noqa: ANN401
    """Refuse a household in two areas or on two rows, and read the rows again to name it."""
    reasons = set(cells["reason"])
    if "two areas" in reasons:
        two = with_two_areas(rows, asked).order_by("year", "household").limit(5).execute()
        first = two.iloc[0]
        values = {
            "household": str(first["household"]),
            "year": str(first["year"]),
            "areas": list(area_names([first["area"], first["other_area"]])),
            "households": [str(one) for one in two["household"]],
        }
        raise DataError("household in two areas", values)
    if "two rows" in reasons:
        again = on_two_rows(rows, asked).order_by("year", "household").limit(5).execute()
        raise DataError(
            "household on two rows", {"names": [str(one) for one in again["household"]]}
        )


def _cells(kept: Any, bounds: bounds_of.Bounds, asked: Asked) -> pd.DataFrame:  # noqa: ANN401
    """Return sums by area, year, reason, quartile and every mix of groups, in one pass."""
    held = kept.mutate(
        cell=kept.cell + bounds_of.quartile(kept, bounds), ties=bounds_of.on_a_bound(kept, bounds)
    )
    # A double adds whole numbers exactly, and in half the time.
    names = ("rows", "ties", *telling.RULES, *asked.people)
    sums = {name: held[name].cast("float64").sum() for name in names}
    found = held.group_by("cell").aggregate(n=held.count(), **sums).execute().astype(np.int64)
    cell = found["cell"].to_numpy()
    parts = {name: CELL.part(cell, name) for name in CELL.bits}
    cells: pd.DataFrame = found.assign(
        deso=area_names(parts["area"]),
        year=parts["year"] + FIRST,
        quartile=parts["quartile"] - 1,
        reason=np.array(REASONS, dtype=object)[parts["reason"]],
        **{name: parts[name] for name in asked.groups},
    )
    return cells


def _medians(kept: Any, asked: Asked) -> pd.DataFrame:  # noqa: ANN401
    """Return the median of income per unit by area, year and group, kronor."""
    placed = kept.filter(kept.per_unit.notnull())
    found = []
    for group in ("all", *asked.groups):
        own = placed if group == "all" else placed.filter(CELL.part(placed.cell, group) == 1)
        by_area = own.group_by("area", "year").aggregate(disposable_income=own.per_unit.median())
        found.append(by_area.execute().assign(group=group))
    medians: pd.DataFrame = pd.concat(found)
    medians["deso"] = area_names(medians.pop("area"))
    medians = medians.set_index([*_KEYS, "group"])
    # Engines differ in the last bit of what lies between two incomes; öre do not.
    return medians.round(6).round(2)


def _grouped(cells: pd.DataFrame, medians: pd.DataFrame | None, asked: Asked) -> pd.DataFrame:
    """Add cells up to everybody and each group, under the catalogue's names."""
    placed = cells["quartile"] >= 0
    cells = cells.assign(
        **{name: cells["n"].where(cells["quartile"] == k, 0) for k, name in enumerate(QUARTILES)},
        households=cells["n"].where(placed, 0),
    )
    own = {f"in {name}": cells["households"] * cells[name] for name in asked.groups}
    cells = cells.assign(**own)
    numbers = [*QUARTILES, "households", *asked.people, *own]
    everybody = cells.groupby(_KEYS)[numbers].sum().sort_index()
    parts = {"all": everybody}
    for name in asked.groups:
        part = cells[cells[name] == 1].groupby(_KEYS)[numbers].sum()
        parts[name] = part.reindex(everybody.index, fill_value=0)
    frame = pd.concat(parts, names=["group"]).reorder_levels([*_KEYS, "group"]).sort_index()
    frame = frame.rename(columns={f"in {name}": name for name in asked.groups}).astype(np.int64)
    if "dwellings" in asked.counted:
        frame["dwellings"] = frame[list(TENURES)].sum(axis=1)
    if medians is not None:
        frame = frame.join(medians)
    return frame[list(asked.counted)]
