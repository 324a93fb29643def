"""Table of the official area types by place, or of their like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from grannskap.catalogue import AREA_TYPES

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["by_place", "columns"]


def columns(*, official: bool) -> dict[str, str]:
    """Return the column that counts the areas of each type, the highest index first."""
    beginning = "type" if official else "group"
    return {one: f"{beginning}_{one}" for one in AREA_TYPES}


def by_place(results: Results, view: View) -> pd.DataFrame | None:
    """A row per place: how many of its areas are of each type, and what their index is.

    ``type_1`` counts those with the highest index; ``group_1`` where it is not the official one.
    ``mean_index`` counts each area once. None where no area that is shown has a type.
    """
    types = results.area_types
    if types is None or types.areas["type"].reindex(view.shown(results).index).isna().all():
        return None
    named = columns(official=types.official)
    rows = {}
    for name, (level, place) in view.places(results).items():
        held = types.areas.reindex(results.codes_of(level, place))
        known = held["type"].notna()
        rows[name] = {
            "mean_index": held["index"].mean(),
            "lowest_index": held["index"].min(),
            "highest_index": held["index"].max(),
            **{column: int((held["type"] == one).sum()) for one, column in named.items()},
            "areas": int(known.sum()),
            "areas_missing": int((~known).sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("place")
