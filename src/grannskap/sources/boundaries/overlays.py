"""Read what is laid over a map: police areas, estates, schools, place names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.notes import Note, of, with_notes
from grannskap.sources import guard
from grannskap.sources.boundaries import columns, repair
from grannskap.sources.boundaries.formats import only_layer, opened
from grannskap.sources.boundaries.limits import check_shapes
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["columns_of", "read_overlay"]


def read_overlay(
    path: str | Path,
    *,
    layer: str | None = None,
    name: str | None = None,
    crs: str | None = None,
) -> gpd.GeoDataFrame:
    """Polygons, lines or points to lay over a map, in EPSG:3006.

    Parameters
    ----------
    path : str or Path
        A file of the same forms as `read` takes.
    layer : str, optional
        The layer, where the file has several.
    name : str, optional
        The column of names; ``name`` or ``namn`` is found.
    crs : str, optional
        The coordinate system, for a file that states none.

    Returns
    -------
    GeoDataFrame
        Columns ``name`` (may be empty) and ``geometry``, in the file's order; rows without
        geometry are left out and invalid polygons repaired, with notes.

    Raises
    ------
    InputFileError
        As `read`.
    ColumnError
        When the column of names is not there.
    DataError
        When no row has a geometry, or a polygon collapses when repaired.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> feature = {
    ...     "type": "Feature",
    ...     "properties": {"namn": "Bergaskolan"},
    ...     "geometry": {"type": "Point", "coordinates": [17.6, 59.8]},
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "schools.geojson"
    ...     _ = path.write_text(json.dumps(feature))
    ...     read_overlay(path)["name"].tolist()
    ['Bergaskolan']
    """
    import geopandas as gpd

    file = Path(path)
    with guard.reading(file, form=in_both("errors.phrases.shapes to lay over")) as heard:
        with opened(file) as layers:
            chosen = only_layer(layers, layer, file)
            column = columns.label_column(chosen.columns, name)
            raw = chosen.load([] if column is None else [column])
        check_shapes(file.name, raw.geometry.to_numpy())
        there, dropped = _with_geometry(raw, file)
        placed, _ = repair.to_sweref(there, crs=crs, assumed=chosen.crs_assumed, kind="shapes")
        names = pd.Series("", index=placed.index) if column is None else placed[column].fillna("")
        geometry, repairs = _mended(placed.geometry)
        texts, odd = guard.cleaned(names.astype(object).map(str))
        data = {"name": texts.astype("str")}
        frame = gpd.GeoDataFrame(data, geometry=geometry, crs=repair.CRS)
    read = frame.reset_index(drop=True)
    return with_notes(read, (*of(raw), *dropped, *repairs, *odd, *guard.warned(heard)))


def columns_of(path: Path) -> tuple[str, ...]:
    """Names of the columns of a file of one layer, without its geometry.

    Raises
    ------
    InputFileError
        As `read_overlay`.
    """
    with (
        guard.reading(path, form=in_both("errors.phrases.shapes to lay over")),
        opened(path) as layers,
    ):
        return tuple(map(str, only_layer(layers, None, path).columns))


def _with_geometry(
    frame: gpd.GeoDataFrame, file: Path
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    import shapely

    values = frame.geometry.to_numpy()
    empty = shapely.is_missing(values) | shapely.is_empty(values)
    if empty.all():
        raise DataError("no geometries", {"name": file.name, "count": len(frame)})
    if not empty.any():
        return frame, ()
    told = {"rows": int(empty.sum()), "file": file.name}
    return frame[~empty], (Note("overlay rows without geometry", told),)


def _mended(geometry: gpd.GeoSeries) -> tuple[gpd.GeoSeries, tuple[Note, ...]]:
    import geopandas as gpd

    polygons = np.asarray(geometry.geom_type.isin(["Polygon", "MultiPolygon"]))
    repaired, notes = repair.mended(geometry[polygons])
    values = geometry.to_numpy().copy()
    values[polygons] = repaired.to_numpy()
    return gpd.GeoSeries(values, index=geometry.index, crs=geometry.crs), notes
