"""The GeoPackage: every area with every measure, the same bytes every time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["write"]

# GDAL stamps the time of writing into the file; a fixed one keeps reruns identical.
_FIXED_TIME = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"}
_LAYER = "areas"


def write(path: Path, areas: gpd.GeoDataFrame) -> None:
    """Write areas as the layer ``areas`` of a GeoPackage.

    Parameters
    ----------
    path : pathlib.Path
        Where to; must not exist.
    areas : geopandas.GeoDataFrame
        Index ``deso``, EPSG:3006. Categories become text. Infinity cannot be told from
        missing in every program that reads the file, so columns that hold it say ``inf``
        in their status column as well.
    """
    import pyogrio

    flat = areas.reset_index()
    for name in flat.columns.drop("geometry"):
        if isinstance(flat[name].dtype, pd.CategoricalDtype):
            flat[name] = flat[name].astype(object)
    before = {name: pyogrio.get_gdal_config_option(name) for name in _FIXED_TIME}
    pyogrio.set_gdal_config_options(_FIXED_TIME)
    try:
        pyogrio.write_dataframe(
            flat,
            path,
            layer=_LAYER,
            driver="GPKG",
            geometry_type="MultiPolygon",
            promote_to_multi=True,
        )
    finally:
        pyogrio.set_gdal_config_options(before)
